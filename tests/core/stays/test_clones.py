"""One plate in two places (R20), on a real database: at once, and sooner than a vehicle gets from one to the other."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from core.access import scopes
from core.access.actors import Actor
from core.access.scopes import Scope
from core.customers import lists
from core.customers.approvals import OwnRequest
from core.insight.dispatch import words
from core.kit.db import Row, Tx
from core.kit.errors import Changed
from core.kit.ids import derived_id, uuid7
from core.kit.listing import Asked
from core.stays import clones
from core.stays.rules.plates import Plate
from core.stays.storing import vehicle_of
from core.upkeep import alarms
from tests.core.access.people import a_user
from tests.core.upkeep.street import AT, Site, a_site, a_space, stand

LATER = AT + clones.SETTLED_AFTER
BY = Actor(derived_id("actor", "desk"), frozenset())


def a_stay(tx: Tx, vehicle_id: UUID) -> tuple[Site, UUID]:
    """Let a vehicle stand at a site of its own."""
    site = a_site(tx)
    stay_id = stand(tx, site, a_space(tx, site), since=AT)
    tx.run("update open_stay set vehicle_id = %(v)s where stay_id = %(s)s", v=vehicle_id, s=stay_id)
    return site, stay_id


def suspected(tx: Tx) -> set[UUID]:
    return {stay_id for (stay_id,) in tx.tuples("select stay_id from review_case where kind = 'clone_suspect'")}


class TestSuspect:
    @pytest.fixture
    def doubles(self, tx: Tx) -> set[UUID]:
        """Return the stays of a vehicle that stands in two places."""
        vehicle_id = uuid7()
        return {a_stay(tx, vehicle_id)[1] for _ in range(2)}

    def test_r20_opens_a_case_for_both_and_closes_neither(self, tx: Tx, doubles: set[UUID]) -> None:
        a_stay(tx, uuid7())

        assert clones.suspect(tx, at=LATER) == 2
        assert suspected(tx) == doubles
        assert tx.value("select count(*) from open_stay") == 3

    def test_does_so_once(self, tx: Tx, doubles: set[UUID]) -> None:
        clones.suspect(tx, at=LATER)

        assert clones.suspect(tx, at=LATER + timedelta(hours=1)) == 0
        assert suspected(tx) == doubles

    def test_waits_for_the_message_that_may_end_the_first(self, tx: Tx, doubles: set[UUID]) -> None:
        assert clones.suspect(tx, at=LATER - timedelta(seconds=1)) == 0
        assert doubles


CAR = Plate("江A12345", "blue")


def a_place(tx: Tx, *, km: float) -> Site:
    """Make a site so many kilometres north of the first one."""
    site = a_site(tx)
    tx.run(
        "update site set centre_lon = 115, centre_lat = 30 + %(km)s / 111.195 where site_id = %(s)s", km=km, s=site.site_id
    )  # fmt: skip
    return site


def read(tx: Tx, site: Site, at: datetime, plate: Plate = CAR, *, sure_pct: int = 98, votes: int = 1) -> None:
    """Let a plate be read at a site."""
    tx.run(
        "insert into plate_read (site_id, at, event_id, vehicle_id, plate, plate_colour, min_char_conf_pct, vote_n, source) "
        "values (%(s)s, %(at)s, %(e)s, %(v)s, %(t)s, %(c)s, %(p)s, %(n)s, 'gate')",
        s=site.site_id, at=at, e=uuid7(), v=vehicle_of(plate), t=plate.text, c=plate.colour, p=sure_pct, n=votes,
    )  # fmt: skip


def listed(tx: Tx, scope: Scope = scopes.EVERYTHING) -> list[Row]:
    return clones.CLONES.rows(tx, Asked(), sites=scope.sites(tx), at=LATER)


def decide(tx: Tx, how: Callable[..., int], *, at: datetime = LATER) -> int:
    return how(tx, [], rows=listed(tx), reason="seen", by=BY, at=at)


def watched(tx: Tx) -> list[tuple[Any, ...]]:
    return tx.tuples("select plate, found_n, ended_at is null from clone_watch order by plate")


class TestWatch:
    @pytest.fixture
    def places(self, tx: Tx) -> tuple[Site, Site]:
        tx.run("select make_partitions(%(on)s)", on=AT.date())
        return a_place(tx, km=0), a_place(tx, km=10)

    def test_r20_watches_who_came_faster_than_a_vehicle_can(self, tx: Tx, places: tuple[Site, Site]) -> None:
        here, there = places
        read(tx, here, AT)
        read(tx, there, AT + timedelta(minutes=3))

        assert clones.watch(tx, at=AT + timedelta(minutes=4)) == 1
        assert watched(tx) == [("江A12345", 1, True)]
        row = tx.row("select from_site_id, to_site_id, distance_m, speed_kmh from clone_watch")
        assert row is not None
        assert (row["from_site_id"], row["to_site_id"]) == (here.site_id, there.site_id)
        assert (round(row["distance_m"], -2), row["speed_kmh"]) == (10_000, 180)

    def test_says_nothing_of_who_had_the_time(self, tx: Tx, places: tuple[Site, Site]) -> None:
        read(tx, places[0], AT)
        read(tx, places[1], AT + timedelta(minutes=10))

        assert clones.watch(tx, at=AT + timedelta(minutes=11)) == 0

    @pytest.mark.parametrize(("plate", "sure_pct"), [(CAR, 80), (CAR._replace(colour="unknown"), 98)])
    def test_believes_no_weak_read(self, tx: Tx, places: tuple[Site, Site], plate: Plate, sure_pct: int) -> None:
        read(tx, places[0], AT, plate)
        read(tx, places[1], AT + timedelta(minutes=1), plate, sure_pct=sure_pct)

        assert clones.watch(tx, at=AT + timedelta(minutes=2)) == 0

    def test_counts_a_pair_once_and_the_next_one_again(self, tx: Tx, places: tuple[Site, Site]) -> None:
        here, there = places
        read(tx, here, AT)
        read(tx, there, AT + timedelta(minutes=1))
        clones.watch(tx, at=AT + timedelta(minutes=2))
        assert clones.watch(tx, at=AT + timedelta(minutes=3)) == 0

        decide(tx, clones.dismiss, at=AT + timedelta(minutes=3))
        read(tx, here, AT + timedelta(minutes=4))

        assert clones.watch(tx, at=AT + timedelta(minutes=5)) == 1
        assert watched(tx) == [("江A12345", 2, True)]

    def test_rings_for_a_day_unless_a_person_ends_it(self, tx: Tx, places: tuple[Site, Site]) -> None:
        read(tx, places[0], AT)
        read(tx, places[1], AT + timedelta(minutes=1))
        clones.watch(tx, at=AT + timedelta(minutes=2))

        alarms.judge(tx, limits=alarms.Limits(), at=AT + timedelta(minutes=2))
        told = tx.row("select site_id, detail from alarm where rule = 'cloned_plate' and cleared_at is null")
        assert told is not None
        assert (told["site_id"], told["detail"]["plate"], told["detail"]["s"]) == (places[1].site_id, "江A12345", 60)
        assert words.about("cloned_plate", told["detail"], at=AT)

        alarms.judge(tx, limits=alarms.Limits(), at=AT + timedelta(hours=25))
        assert tx.value("select count(*) from alarm where rule = 'cloned_plate' and cleared_at is null") == 0


class TestDecide:
    @pytest.fixture
    def found(self, tx: Tx) -> tuple[Site, Site]:
        """Return the two places at which a plate was read within a minute."""
        tx.run("select make_partitions(%(on)s)", on=AT.date())
        places = a_place(tx, km=0), a_place(tx, km=10)
        for minute, place in enumerate(places):
            read(tx, place, AT + timedelta(minutes=minute))
        clones.watch(tx, at=AT + timedelta(minutes=2))
        return places

    def test_is_told_both_reads_and_what_lies_between(self, tx: Tx, found: tuple[Site, Site]) -> None:
        (row,) = listed(tx)

        assert (row["from_site_id"], row["to_site_id"]) == (found[0].site_id, found[1].site_id)
        assert (row["apart_s"], row["speed_kmh"], row["state"], row["is_blocked"]) == (60, 540, "open", False)

    def test_is_for_who_sees_both_places(self, tx: Tx, found: tuple[Site, Site]) -> None:
        ids = [place.site_id for place in found]

        assert [len(listed(tx, Scope(site_ids=frozenset(some)))) for some in (ids, ids[:1], ids[1:])] == [1, 0, 0]

    def test_ends_the_watch_once(self, tx: Tx, found: tuple[Site, Site]) -> None:
        assert found
        rows = listed(tx)
        assert decide(tx, clones.confirm) == 1

        (row,) = listed(tx)
        assert (row["state"], row["ended_at"], row["reason"]) == ("confirmed", LATER, "seen")
        with pytest.raises(Changed):
            clones.dismiss(tx, [], rows=rows, reason="seen", by=BY, at=LATER)

    def test_asks_for_the_block_list_and_blocks_nobody(self, tx: Tx, found: tuple[Site, Site]) -> None:
        assert found
        by = Actor(a_user(tx, at=AT), frozenset(), scope=scopes.EVERYTHING)
        ask = partial(clones.ask_for_block, tx, [], reason="x", by=by, at=LATER, draft=clones.Block())
        with pytest.raises(clones.NotConfirmed):
            ask(rows=listed(tx))
        decide(tx, clones.confirm)

        assert ask(rows=listed(tx)) == 1

        entry = tx.row("select kind, plate, plate_colour, state, reach, reason from plate_entry")
        assert entry is not None
        assert (entry["kind"], entry["plate"], entry["plate_colour"]) == ("block", CAR.text, CAR.colour)
        assert (entry["state"], entry["reach"]) == ("asked", "city")
        assert listed(tx)[0]["is_blocked"]
        with pytest.raises(OwnRequest):
            lists.approve(tx, [tx.value("select entry_id from plate_entry")], by=by, at=LATER)
