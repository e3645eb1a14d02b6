"""Every tile equals what the facts say when they are asked apart from the product."""

import gzip
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import psycopg
import pytest
from psycopg.rows import dict_row

from core.insight import happenings, wall
from core.kit.db import Database, Tx
from core.places import deployments
from core.settings import Settings, settings
from core.upkeep import alarms
from ingest.arrivals import Arrival
from ingest.files.stays import run_import
from ingest.pipeline import Pipeline
from ingest.simulator import city as place
from ingest.simulator import history
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Event, Simulation
from tests.core.insight import facts, independent

UNTIL = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)  # 14:32:08 in the city
DAYS = 38  # a month of moments, and the week before the first
MOMENTS = 50
WINDOW = timedelta(days=30)


def moments() -> list[datetime]:
    """Return random moments of the last 30 days, and the ones where mistakes like to live."""
    luck = random.Random(20)
    midnight = datetime(2026, 11, 11, 16, tzinfo=UTC)
    edges = [midnight, midnight + timedelta(milliseconds=1), midnight - timedelta(milliseconds=1), midnight + timedelta(minutes=15)]
    return [*edges, *(UNTIL - WINDOW * luck.random() for _ in range(MOMENTS - len(edges)))]


def read_row(line: str) -> tuple[datetime, datetime, int]:
    """Read one row of the nine lots' files: in, out, and the cost in fen."""
    begin, end, yuan, _status = line.split(",")
    entered, left = (datetime.strptime(text, "%Y/%m/%d %H:%M").replace(tzinfo=ZoneInfo("Asia/Shanghai")) for text in (begin, end))
    return entered, left, int(Decimal(yuan) * 100)


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and its past."""
    facts.fill(database, until=UNTIL, days=DAYS)
    return database


@pytest.fixture
def reader(city: Database) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Return a connection of its own for the second computation."""
    with psycopg.connect(city.url, row_factory=dict_row, options="-c timezone=UTC") as connection:
        yield connection


def drawn(database: Database, at: datetime, *, live: bool = False) -> wall.Picture:
    """Return the picture as the product draws it."""
    with database.transaction() as tx:
        return wall.snapshot(tx, at=at, live=live)


def figures(picture: wall.Picture) -> dict[str, Any]:
    """Return the tiles without what they carry beside their figures."""
    beside = {"as_of", "state", "kpi"}
    split = {
        "berths": {"fault", "offline", "lots", "lots_unknown"},
        "received_today": {"baseline_opening"},
        "stays_today": {"baseline_opening"},
    }
    rates = picture["tiles"]["rates"]
    rows = [{key: value for key, value in row.items() if key != "state"} for row in rates["rows"]]
    shown = {**picture["tiles"], "rates": {**rates, "rows": rows}}
    return {
        name: {key: value for key, value in tile.items() if key not in beside | split.get(name, set())}
        for name, tile in shown.items()
    }


def wrong_alarms(picture: wall.Picture, facts_now: independent.Facts) -> list[object]:
    """Return what the picture tells of alarms and should not, or does not and should."""
    wanted, told = independent.alarms(facts_now), picture["alarms"]
    counts = {f"p{priority}": sum(1 for row in wanted if row["priority"] == priority) for priority in (1, 2, 3)}
    rows = [{**row, "raised_at": datetime.fromisoformat(row["raised_at"])} for row in told["rows"]]
    by_id = {row["id"]: {**row, "raised_at": row["raised_at"].replace(microsecond=0)} for row in wanted}
    return [
        *({key: told[key]} for key, n in counts.items() if told[key] != n),
        *(row for row in rows if {key: row[key] for key in by_id.get(row["id"], {"id": "none"})} != by_id.get(row["id"])),
        *([] if len(rows) == min(len(wanted), 12) else [len(rows)]),
        *([] if [row["priority"] for row in rows] == [row["priority"] for row in wanted[: happenings.ALARMS_SHOWN]] else ["order"]),
    ]


def wrong_lines(picture: wall.Picture, facts_now: independent.Facts) -> list[object]:
    """Return the lines of the ticker that did not happen, and those it keeps back."""
    zone = ZoneInfo(facts_now.zone)
    wanted = [{**row, "at": f"{row['at'].astimezone(zone):%H:%M:%S}"} for row in independent.happened(facts_now)]
    told = [{"fen": None, "space": None, "minutes": None, **row} for row in picture["tiles"]["ticker"]["rows"]]
    return [
        *(row for row in told if row not in wanted),
        *(["order"] if [row["at"] for row in told] != [row["at"] for row in wanted[: happenings.SHOWN]] else []),
    ]


def batched(events: Iterator[Event], size: int = 500) -> Iterator[list[Event]]:
    """Cut a stream into batches."""
    while batch := list(islice(events, size)):
        yield batch


class TestSnapshot:
    @pytest.mark.parametrize("at", moments(), ids=str)
    def test_equals_the_facts_at_a_past_moment(
        self, city: Database, reader: psycopg.Connection[dict[str, Any]], at: datetime
    ) -> None:
        wanted = independent.tiles(independent.Facts(reader, at, settings().city_zone))

        shown = figures(drawn(city, at))

        for name, tile in wanted.items():
            assert shown[name] == tile, name

    @pytest.mark.parametrize("at", moments(), ids=str)
    def test_tells_what_happened_and_what_was_wrong_at_a_past_moment(
        self, city: Database, reader: psycopg.Connection[dict[str, Any]], at: datetime
    ) -> None:
        facts_then = independent.Facts(reader, at, settings().city_zone)

        picture = drawn(city, at)

        assert wrong_alarms(picture, facts_then) == []
        assert wrong_lines(picture, facts_then) == []

    def test_has_something_to_tell(self, city: Database) -> None:
        """The control: over the moments every kind of line, every priority, reserved berths and every rate are seen."""
        pictures = [drawn(city, at) for at in moments()[::3]]

        tiles = [picture["tiles"] for picture in pictures]
        assert {row["kind"] for one in tiles for row in one["ticker"]["rows"]} == {"departed", "paid", "overstay"}
        assert all(sum(picture["alarms"][f"p{priority}"] for picture in pictures) for priority in (1, 2, 3))
        assert sum(one["berths"]["reserved"] for one in tiles) > 10
        rows = [row for one in tiles for row in one["rates"]["rows"] if row["pct"]]
        assert {row["kpi"] for row in rows} == {
            "collection_rate", "refusal_rate", "recovery_rate", "sign_in_rate", "cash_share"
        }  # fmt: skip
        assert all(one["month_money"][key] > 0 for one in tiles for key in ("receivable_fen", "arrears_fen", "recovered_fen"))
        assert {row["state"] for one in tiles for row in one["collectors"]["rows"]} == {"on_duty", "off"}

    def test_equals_the_facts_while_the_city_lives(self, city: Database, reader: psycopg.Connection[dict[str, Any]]) -> None:
        luck = random.Random(10)
        messages = Simulation(facts.SEED, UNTIL, berths=facts.BERTHS, mess=Mess.default())
        pipeline = Pipeline(city)
        differences: dict[tuple[datetime, str], object] = {}
        limits = alarms.Limits(overstay_after=timedelta(minutes=50), evasion_after=timedelta(minutes=10))

        for at in sorted(UNTIL + timedelta(minutes=100) * luck.random() for _ in range(10)):
            for batch in batched(messages.events(at)):
                pipeline.take([Arrival(event.topic, event.payload, event.due_at) for event in batch])
            with city.transaction() as tx:
                alarms.judge(tx, limits=limits, at=at)
            picture = drawn(city, at, live=True)
            now = independent.Facts(reader, at, settings().city_zone)
            shown, wanted = figures(picture), independent.tiles(now, live=True)
            differences |= {(at, name): (shown[name], tile) for name, tile in wanted.items() if shown[name] != tile}
            if wrong := wrong_alarms(picture, now) + wrong_lines(picture, now):
                differences[at, "told"] = wrong
            reader.rollback()

        assert differences == {}
        assert picture["alarms"]["p2"] > 0
        assert picture["tiles"]["berths"]["occupied"] > 20
        assert {name: source["state"] for name, source in picture["sources"].items()} == dict.fromkeys(picture["sources"], "live")

    @pytest.mark.prove
    def test_equals_the_facts_of_the_whole_demo_city(self, own_database: Database) -> None:
        place.build(own_database, seed=facts.SEED, berths=2_400, at=UNTIL, days=DAYS)
        history.load(own_database, seed=facts.SEED, until=UNTIL, days=DAYS)

        differences = []
        with psycopg.connect(own_database.url, row_factory=dict_row, options="-c timezone=UTC") as reader:
            for at in moments():
                wanted = independent.tiles(independent.Facts(reader, at, settings().city_zone))
                shown = figures(drawn(own_database, at))
                differences += [(at, name) for name, tile in wanted.items() if shown[name] != tile]

        assert differences == []


class TestImportedLots:
    """Real stays of nine Chinese car parks, three weeks around a Friday evening of 2019."""

    AT = datetime(2019, 5, 17, 10, tzinfo=UTC)

    @pytest.fixture
    def rows(self, tmp_path: Path) -> dict[str, list[tuple[datetime, datetime, int]]]:
        """Cut the files to three weeks and return what stands in them: in, out and fen by site."""
        samples = settings().samples
        if samples is None or not (samples / "cn_lots_pewlstm").is_dir():
            pytest.skip("BOSHU_SAMPLES names no folder with cn_lots_pewlstm")
        found = {}
        for file in sorted((samples / "cn_lots_pewlstm").glob("P*.csv.gz")):
            head, *lines = gzip.decompress(file.read_bytes()).decode("gbk").splitlines()
            kept = [line for line in lines if abs(read_row(line)[0] - self.AT) < timedelta(days=10)]
            (tmp_path / file.name.removesuffix(".gz")).write_text("\n".join([head, *kept]) + "\n", encoding="gbk")
            found[f"CN-{file.name.split('.')[0]}"] = [read_row(line) for line in kept]
        return found

    def test_show_the_evening_as_their_files_tell_it(
        self, own_database: Database, rows: dict[str, list[tuple[datetime, datetime, int]]], tmp_path: Path
    ) -> None:
        run_import(Settings(database_url=own_database.url, data_dir=tmp_path), sorted(tmp_path.glob("*.csv")), "cn_lots_pewlstm")

        shown = figures(drawn(own_database, self.AT))

        with psycopg.connect(own_database.url, row_factory=dict_row, options="-c timezone=UTC") as reader:
            assert shown == shown | independent.tiles(independent.Facts(reader, self.AT, settings().city_zone))
        midnight = datetime(2019, 5, 16, 16, tzinfo=UTC)
        every = [row for lot in rows.values() for row in lot]
        assert shown["received_today"]["fen"] == sum(fen for _in, out, fen in every if midnight <= out < self.AT) > 0
        assert shown["stays_today"]["n"] == sum(midnight <= begin < self.AT for begin, _out, _fen in every)
        inside = {code: sum(begin <= self.AT < out for begin, out, _fen in lot) for code, lot in rows.items()}
        assert {code: 23 - free for code, _pct, free in shown["map"]["lots"] if code == "CN-P1"} == {"CN-P1": inside["CN-P1"]}


class TestHonesty:
    """What a picture says when it cannot know."""

    def test_knows_nothing_of_an_empty_database(self, own_database: Database) -> None:
        picture = drawn(own_database, UNTIL, live=True)

        assert picture["tiles"]["received_today"]["fen"] is None
        assert picture["tiles"]["stays_today"]["n"] is None
        assert picture["tiles"]["utilisation_today"]["pct"] is None
        assert picture["tiles"]["berths"]["occupancy_pct"] is None
        assert picture["tiles"]["sensors_online"]["pct"] is None
        assert {tile["state"] for tile in picture["tiles"].values()} == {"unknown"}

    def test_does_not_judge_the_past(self, city: Database) -> None:
        picture = drawn(city, UNTIL - timedelta(days=3))

        assert {tile["state"] for tile in picture["tiles"].values()} == {"past"}
        assert {source["age_s"] for source in picture["sources"].values()} == {None}
        assert picture["tiles"]["sensors_online"]["pct"] is None

    def test_tells_no_plate(self, city: Database) -> None:
        pictures = b"".join(orjson.dumps(drawn(city, UNTIL - timedelta(hours=hours))) for hours in range(0, 48, 5))

        assert "江A".encode() not in pictures
        assert b"plate" not in pictures

    def test_says_up_to_when_its_data_reach(self, city: Database) -> None:
        with city.transaction() as tx:
            tx.run("delete from source_health")
            for source, age_s in (("magnet", 360), ("video", 2), ("gate", 2), ("handheld", 2), ("payment", 2)):
                last_at = UNTIL - timedelta(seconds=age_s)
                tx.run(
                    "insert into source_health (source, worker, last_event_at, last_received_at) "
                    "values (%(source)s, 0, %(at)s, %(at)s)",
                    source=source, at=last_at,
                )  # fmt: skip

        tiles = drawn(city, UNTIL, live=True)["tiles"]

        assert (tiles["utilisation_today"]["state"], tiles["utilisation_today"]["as_of"]) == ("stale", "2026-11-20T14:26:08+08:00")
        assert (tiles["received_today"]["state"], tiles["received_today"]["as_of"]) == ("live", "2026-11-20T14:32:06+08:00")
        assert tiles["sensors_online"]["pct"] is None


class TestLoading:
    def test_takes_nothing_for_free_that_is_still_to_be_loaded(self, city: Database) -> None:
        with city.engine.connect() as connection, connection.begin() as undone:
            tx = Tx(connection)
            deployments.begin_facts(tx, at=UNTIL - timedelta(hours=2))
            tiles = wall.snapshot(tx, at=UNTIL, live=True)["tiles"]
            past = wall.snapshot(tx, at=UNTIL - timedelta(days=3), live=False)["tiles"]
            undone.rollback()

        assert tiles["utilisation_today"]["pct"] is None
        assert tiles["stays_today"]["baseline_n"] is None
        assert tiles["received_today"]["baseline_fen"] is None
        step_n = (14 * 60 + 32) // 15
        assert tiles["occupancy_curve"]["today"][: step_n - 8] == [None] * (step_n - 8)
        assert tiles["occupancy_curve"]["today"][step_n - 6] is not None
        assert past["berths"]["occupied"] is None


class TestRedraw:
    def test_fills_a_young_ranking_at_every_tick(self, city: Database) -> None:
        before = drawn(city, UNTIL, live=True)
        rows = before["tiles"]["ranking"]["rows"]
        before["tiles"]["ranking"] = {**before["tiles"]["ranking"], "rows": []}

        with city.transaction() as tx:
            after = wall.redraw(tx, at=UNTIL + timedelta(seconds=1), live=True, due={"numbers"}, last=before)

        assert after["tiles"]["ranking"]["rows"] == rows != []

    def test_draws_only_what_is_due(self, city: Database) -> None:
        before = drawn(city, UNTIL, live=True)
        later = UNTIL + timedelta(seconds=5)

        with city.transaction() as tx:
            after = wall.redraw(tx, at=later, live=True, due={"numbers"}, last=before)

        assert after["tiles"]["ranking"] == before["tiles"]["ranking"]
        assert after["tiles"]["berths"]["as_of"] >= before["tiles"]["berths"]["as_of"]
        assert after["at"] == "2026-11-20T14:32:13+08:00"

    def test_keeps_nothing_beyond_midnight(self, city: Database) -> None:
        before = drawn(city, UNTIL, live=True)
        after_midnight = datetime(2026, 11, 20, 16, 0, 1, tzinfo=UTC)

        with city.transaction() as tx:
            after = wall.redraw(tx, at=after_midnight, live=True, due={"numbers"}, last=before)

        assert after["day"] == "2026-11-21"
        assert after["tiles"]["ranking"]["rows"] == []


class TestLiveWall:
    def test_rests_four_times_as_long_as_reading_the_berths_took(self, city: Database) -> None:
        live = wall.LiveWall()
        with city.transaction() as tx:
            first = live.read(tx, at=UNTIL, due=set(wall.Group), last=None)
            first["tiles"]["berths"]["total"] = -1

            soon = live.read(tx, at=UNTIL + timedelta(milliseconds=1), due={"numbers", "berths"}, last=first)
            later = live.read(tx, at=UNTIL + timedelta(minutes=5), due={"numbers", "berths"}, last=soon)

        assert soon["tiles"]["berths"]["total"] == -1
        assert later["tiles"]["berths"]["total"] == facts.BERTHS


class TestAged:
    def test_lets_every_age_grow_and_judges_anew(self, city: Database) -> None:
        before = drawn(city, UNTIL, live=True)

        after = wall.aged(before, at=UNTIL + timedelta(seconds=51))

        assert after["sources"]["database"] == before["sources"]["database"] | {"age_s": 51, "state": "stale"}
        assert {tile["state"] for tile in after["tiles"].values()} == {"stale"}
        assert after["tiles"]["received_today"]["fen"] == before["tiles"]["received_today"]["fen"]
        assert after["tiles"]["sensors_online"]["pct"] is None

    def test_has_a_picture_before_the_first_answer(self) -> None:
        picture = wall.aged(None, at=UNTIL)

        assert {tile["state"] for tile in picture["tiles"].values()} == {"unknown"}
        assert picture["alarms"]["p1"] is None
