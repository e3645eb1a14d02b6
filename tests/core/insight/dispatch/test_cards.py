"""Every value of a card equals what the facts say when they are asked apart from the product."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.rows import dict_row

from core.insight.dispatch import cards, lanes
from core.insight.dispatch.cards import Card, Level, NoSuchBerth
from core.insight.dispatch.healths import level
from core.insight.dispatch.lanes import LaneKind
from core.insight.dispatch.states import CODE_OF, BerthState
from core.kit.db import Database, Tx
from core.upkeep import alarms, silence
from core.upkeep.alarms import Limits
from ingest.pipeline import Pipeline
from ingest.simulator import prices
from tests.core.insight import facts
from tests.core.insight.dispatch import independent, street
from tests.core.insight.dispatch.street import UNTIL, City
from tests.ingest import town


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city, its past and forty minutes of its life."""
    facts.fill(database, until=UNTIL, days=street.DAYS)
    living = City(database)
    living.live_until(UNTIL + timedelta(minutes=40))
    return database


@pytest.fixture
def reader(city: Database) -> Iterator[independent.Connection]:
    """Return a connection of its own for the second computation."""
    with psycopg.connect(city.url, row_factory=dict_row, options="-c timezone=UTC") as connection:
        yield connection


@dataclass(frozen=True, slots=True)
class Look:
    """One berth at one moment."""

    at: datetime
    live: bool


LOOKS = [
    *(Look(at, live=False) for at in street.past_moments(50)),
    *(Look(UNTIL + timedelta(minutes=40), live=True) for _ in range(10)),
]


class TestGetCard:
    def test_equals_the_facts_at_fifty_past_moments_and_ten_live_ones(self, city: Database, reader: independent.Connection) -> None:
        luck, differences, stood_n = random.Random(31), [], 0
        for look in LOOKS:
            berths = independent.rows(reader, "berths", at=look.at, live=look.live)
            taken = [row for row in berths if row["is_taken"] and row["stood_from"] is not None]
            row = luck.choice(taken if luck.random() < 0.8 and taken else berths)
            with city.transaction() as tx:
                card = cards.get_card(tx, site=row["site"], space=row["space"], at=look.at, live=look.live)
            byte = independent.states(reader, at=look.at, live=look.live)[row["site"], row["space"]]
            wanted = {"state": byte & 7, **_stay(reader, row, look.at)}
            shown = {"state": CODE_OF[card.state], **_shown(card)}
            stood_n += card.stay is not None
            differences += [(look.at, row["site"], row["space"], shown, wanted)] if shown != wanted else []

        assert differences == []
        assert stood_n > 30

    def test_prices_a_stay_as_the_tariff_says(self, city: Database, reader: independent.Connection) -> None:
        at = UNTIL + timedelta(minutes=40)
        seen = 0
        for row in independent.rows(reader, "berths", at=at, live=True):
            if row["stood_from"] is None or row["is_nameless"]:
                continue
            with city.transaction() as tx:
                stay = cards.get_card(tx, site=row["site"], space=row["space"], at=at, live=True).stay
                code = tx.value(
                    "select t.code from tariff_assignment as a join tariff_version as v using (tariff_version_id) "
                    "join tariff as t using (tariff_id) where a.site_id = %(s)s limit 1", s=row["site_id"],
                )  # fmt: skip
            assert stay is not None
            if stay.price_fen is not None:
                zone = ZoneInfo("Asia/Shanghai")
                began_s, now_s = int(row["stood_from"].timestamp()), int(at.timestamp())
                told = {prices.price(prices.TARIFFS[code], began_s + begun_later_s, now_s, zone) for begun_later_s in (0, 1)}
                assert stay.price_fen in told, row["space"]  # the second computation knows whole seconds only
                assert stay.due_fen == max(0, stay.price_fen - stay.paid_fen)
                seen += 1

        assert seen > 10

    def test_refuses_a_berth_that_does_not_exist(self, city: Database) -> None:
        with city.transaction() as tx, pytest.raises(NoSuchBerth, match="9999"):
            cards.get_card(tx, site="GL-01", space="9999", at=UNTIL, live=False)

    def test_shows_no_plate_whole(self, city: Database) -> None:
        with city.transaction() as tx:
            plates = [row["plate"] for row in tx.rows("select plate from vehicle")]
            told = "".join(repr(_everything(tx, row)) for row in tx.rows(
                "select site.code as site, space.code as space from space join site using (site_id) limit 12"
            ))  # fmt: skip

        assert "**" in told
        assert [plate for plate in plates if plate in told] == []


def _everything(tx: Tx, row: dict[str, Any]) -> tuple[Card, lanes.Day]:
    at = UNTIL + timedelta(minutes=40)
    return cards.get_card(tx, **row, at=at, live=True), lanes.get_day(tx, **row, at=at, live=True)


def _stay(reader: independent.Connection, row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return what the facts say of the stay that goes on."""
    standing = independent.rows(reader, "standing", site_id=row["site_id"], space_id=row["space_id"], at=at)
    if not standing:
        return {"stay": None}
    (stay,) = standing
    owed = independent.rows(reader, "owed", stay_id=stay["stay_id"], at=at)[0] if stay["plate"] else {"n": None, "fen": None}
    paid = independent.rows(reader, "paid", order_id=stay["order_id"], at=at)[0]["fen"]
    plate = stay["plate"] and f"{stay['plate'][:2]}·{stay['plate'][2:5]:*<{len(stay['plate']) - 2}}"
    return {
        "stay": stay["stay_id"], "from": stay["started_at"], "s": int((at - stay["started_at"]).total_seconds()), "plate": plate,
        "order": stay["order_id"], "paid": paid, "owed": (owed["n"], owed["fen"]),
    }  # fmt: skip


def _shown(card: Card) -> dict[str, Any]:
    stay = card.stay
    if stay is None:
        return {"stay": None}
    return {
        "stay": stay.stay_id, "from": stay.started_at, "s": stay.length_s, "plate": stay.plate, "order": stay.order_id,
        "paid": stay.paid_fen, "owed": (stay.arrears_n, stay.arrears_fen),
    }  # fmt: skip


class TestDevices:
    """The town's sensors, with words and silences made by hand."""

    AT = datetime(2026, 11, 20, 4, 0, tzinfo=town.OPENED.tzinfo)

    @pytest.fixture
    def spoken(self, own_database: Database) -> Database:
        """Let a sensor speak every 15 minutes of a day and an hour but for five times, and then fall silent."""
        town.build(own_database)
        speaker, pipeline = town.Town(), Pipeline(own_database)
        for beat in range(-4, 96):
            if beat not in range(40, 45):
                at = self.AT - timedelta(hours=24) + beat * timedelta(minutes=15)
                pipeline.take([speaker.sensor(1, at, occupied=False, repeat=True, battery_mv=3_350, rssi_dbm=-112)])
        return own_database

    def test_count_what_was_missed_in_a_day(self, spoken: Database) -> None:
        with spoken.transaction() as tx:
            (device,) = cards.get_card(tx, site=town.MAGNET, space="001", at=self.AT, live=True).devices

        assert (device.device, device.kind, device.gateway, device.interval_s) == ("m1", "geomagnetic", "g1", 900)
        assert (device.heard_24h, device.expected_24h, device.missed_24h) == (91, 96, 5)
        assert (device.missed_level, device.battery_level, device.rssi_level) == (Level.WATCH, Level.WATCH, Level.ACT)
        assert device.last_seen_at is not None
        assert self.AT - device.last_seen_at == timedelta(minutes=15) - speaker_delay()

    def test_heard_first_in_this_hour_are_not_judged(self, own_database: Database) -> None:
        town.build(own_database)
        at = self.AT + timedelta(minutes=30)
        Pipeline(own_database).take([town.Town().sensor(1, at - timedelta(minutes=5), occupied=False)])

        with own_database.transaction() as tx:
            (device,) = cards.get_card(tx, site=town.MAGNET, space="001", at=at, live=True).devices

        assert (device.expected_24h, device.missed_24h, device.missed_level) == (0, None, Level.UNKNOWN)

    def test_that_never_spoke_are_not_judged(self, spoken: Database) -> None:
        with spoken.transaction() as tx:
            card = cards.get_card(tx, site=town.MAGNET, space="002", at=self.AT, live=True)

        assert card.state is BerthState.UNKNOWN
        (device,) = card.devices
        assert (device.last_seen_at, device.missed_24h, device.missed_level, device.battery_level) == (
            None, None, Level.UNKNOWN, Level.UNKNOWN,
        )  # fmt: skip

    def test_fallen_silent_are_told_in_history_and_lane(self, spoken: Database) -> None:
        later = self.AT + timedelta(hours=2)
        with spoken.transaction() as tx:
            silence.mark(tx, devices=silence.list_silent(tx, listening_since=self.AT - timedelta(days=2), at=later))
            alarms.judge(tx, limits=Limits(), at=later)
            card = cards.get_card(tx, site=town.MAGNET, space="001", at=later, live=True)
            day = lanes.get_day(tx, site=town.MAGNET, space="001", at=later, live=True)

        assert card.devices[0].silent_since is not None
        assert day.lanes[0].kind is LaneKind.MAGNET
        assert day.lanes[0].runs[-1].state == "silent"
        assert day.mismatches[-1].kind == "sensor_silent"


def speaker_delay() -> timedelta:
    """Return how long the town's messages take to us."""
    return town.Town().delay


class TestLevel:
    def test_is_good_at_its_limit_and_to_be_acted_upon_below_the_second(self) -> None:
        assert [level(value, (3_400, 3_200)) for value in (3_400, 3_399, 3_200, 3_199, None)] == [
            Level.GOOD, Level.WATCH, Level.WATCH, Level.ACT, Level.UNKNOWN,
        ]  # fmt: skip
