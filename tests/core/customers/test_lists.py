"""Lists of plates: two people, a period, a reach; and what they do to the price of a stay."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.actors import Actor
from core.access.scopes import OutOfScope, Scope
from core.customers import approvals, lists, rights
from core.customers.lists import ENTRIES, Draft, ListKind
from core.customers.plates import NotAPlate
from core.customers.rules.plates import plate_of
from core.customers.rules.rights import Why
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.kit.moments import ms_of
from tests.core.orders.till import CAR, MORNING, STREET, Till, a_stay

BEFORE = MORNING - timedelta(hours=1)


def a_draft(**other: object) -> Draft:
    """Return an entry as somebody asks for it: from an hour before the first stay on, in the whole city."""
    given: dict[str, object] = {"kind": "allow", "plate": CAR.text, "reason": "staff of the operator", "starts_at": BEFORE}
    return Draft.model_validate(given | other)


def an_entry(tx: Tx, asker: Actor, approver: Actor, *, at: datetime = BEFORE, **other: object) -> UUID:
    """Ask for an entry and approve it at once."""
    entry_id = lists.add(tx, a_draft(**other), by=asker, at=at)
    lists.approve(tx, [entry_id], by=approver, at=at)
    return entry_id


def states(tx: Tx, *, at: datetime) -> list[str]:
    """Return the states of all entries."""
    return [row["state"] for row in ENTRIES.rows(tx, Asked(), at=at, sites=[STREET])]


class TestAsking:
    def test_holds_nothing_before_it_is_approved(self, till: Till, asker: Actor) -> None:
        lists.add(till.tx, a_draft(), by=asker, at=BEFORE)

        till.take(a_stay(0, 120))

        assert [order["net_fen"] for order in till.orders()] == [1500]
        assert states(till.tx, at=MORNING) == ["asked"]

    def test_reaches_no_further_than_who_asks(self, tx: Tx, till: Till, asker: Actor) -> None:
        clerk = Actor(asker.id, asker.permissions, scope=Scope(site_ids=frozenset({STREET})))

        with pytest.raises(lists.OutOfReach, match="whole city"):
            lists.add(tx, a_draft(), by=clerk, at=BEFORE)
        with pytest.raises(OutOfScope):
            lists.add(tx, a_draft(site_id=UUID(int=9)), by=clerk, at=BEFORE)
        lists.add(tx, a_draft(site_id=STREET), by=clerk, at=BEFORE)
        assert states(tx, at=BEFORE) == ["asked"]

    @pytest.mark.parametrize("plate", ["hello", "ABCDEF", "江A 12'45", "12345678901"])
    def test_takes_plates_only(self, tx: Tx, asker: Actor, plate: str) -> None:
        with pytest.raises(NotAPlate) as refusal:
            lists.add(tx, a_draft(plate=plate), by=asker, at=BEFORE)
        assert refusal.value.field == "plate"

    def test_takes_no_period_that_ends_before_it_begins(self, tx: Tx, asker: Actor) -> None:
        with pytest.raises(approvals.EndsBefore) as refusal:
            lists.add(tx, a_draft(ends_at=BEFORE), by=asker, at=BEFORE)
        assert refusal.value.field == "ends_at"

    def test_is_changed_by_the_version_that_was_read(self, tx: Tx, asker: Actor) -> None:
        entry_id = lists.add(tx, a_draft(), by=asker, at=BEFORE)
        lists.change(tx, entry_id, a_draft(reason="an ambulance"), version=1, by=asker, at=BEFORE)

        with pytest.raises(Changed):
            lists.change(tx, entry_id, a_draft(), version=1, by=asker, at=BEFORE)


class TestApproving:
    def test_takes_another_person(self, tx: Tx, asker: Actor, approver: Actor) -> None:
        entry_id = lists.add(tx, a_draft(), by=asker, at=BEFORE)

        with pytest.raises(approvals.OwnRequest):
            lists.approve(tx, [entry_id], by=asker, at=BEFORE)
        with pytest.raises(approvals.OwnRequest):
            lists.refuse(tx, [entry_id], reason="no", by=asker, at=BEFORE)
        assert lists.approve(tx, [entry_id], by=approver, at=BEFORE) == 1

    def test_takes_another_person_than_who_changed_it_last(self, tx: Tx, asker: Actor, approver: Actor) -> None:
        entry_id = lists.add(tx, a_draft(), by=asker, at=BEFORE)
        lists.change(tx, entry_id, a_draft(), version=1, by=approver, at=BEFORE)

        with pytest.raises(approvals.OwnRequest):
            lists.approve(tx, [entry_id], by=approver, at=BEFORE)

    def test_is_done_once(self, tx: Tx, asker: Actor, approver: Actor) -> None:
        entry_id = an_entry(tx, asker, approver)

        with pytest.raises(approvals.NotWaiting):
            lists.approve(tx, [entry_id], by=approver, at=BEFORE)
        with pytest.raises(approvals.NotWaiting):
            lists.change(tx, entry_id, a_draft(), version=2, by=asker, at=BEFORE)

    def test_comes_too_late_when_the_period_is_over(self, tx: Tx, asker: Actor, approver: Actor) -> None:
        entry_id = lists.add(tx, a_draft(ends_at=MORNING), by=asker, at=BEFORE)

        with pytest.raises(approvals.NotWaiting, match="over"):
            lists.approve(tx, [entry_id], by=approver, at=MORNING)

    def test_raises_the_number_that_ingest_watches(self, tx: Tx, asker: Actor, approver: Actor) -> None:
        first = rights.current_version(tx)
        entry_id = an_entry(tx, asker, approver)
        lists.end(tx, [entry_id], reason="over", at=MORNING)

        assert rights.current_version(tx) == first + 2


class TestHolding:
    def test_frees_stays_that_begin_within_its_period(self, till: Till, asker: Actor, approver: Actor) -> None:
        an_entry(till.tx, asker, approver, ends_at=MORNING + timedelta(minutes=30))

        till.take(a_stay(0, 20))
        till.take(a_stay(30, 150))

        assert [order["net_fen"] for order in till.orders()] == [1500]

    def test_changes_nothing_that_began_before_the_approval(self, till: Till, asker: Actor, approver: Actor) -> None:
        entry_id = lists.add(till.tx, a_draft(), by=asker, at=BEFORE)
        lists.approve(till.tx, [entry_id], by=approver, at=MORNING + timedelta(minutes=1))

        till.take(a_stay(0, 120))

        assert [order["net_fen"] for order in till.orders()] == [1500]

    def test_leaves_what_it_freed_free_when_it_is_ended(self, till: Till, asker: Actor, approver: Actor) -> None:
        entry_id = an_entry(till.tx, asker, approver)
        lists.end(till.tx, [entry_id], reason="left the firm", at=MORNING + timedelta(minutes=5))

        till.take(a_stay(0, 120))

        assert till.orders() == []
        assert states(till.tx, at=MORNING + timedelta(hours=1)) == ["ended"]

    def test_holds_only_where_it_reaches(self, till: Till, asker: Actor, approver: Actor) -> None:
        an_entry(till.tx, asker, approver, site_id=STREET)
        read = rights.read(till.tx)

        found = [read.at(*CAR, site_id=site, at_ms=ms_of(MORNING)).why for site in (STREET, UUID(int=9))]
        assert found == [Why.ALLOWED, Why.NOTHING]

    def test_frees_nobody_by_a_block_or_a_watch(self, till: Till, asker: Actor, approver: Actor) -> None:
        for kind in (ListKind.BLOCK, ListKind.WATCH):
            an_entry(till.tx, asker, approver, kind=kind)

        till.take(a_stay(0, 120))

        assert [order["net_fen"] for order in till.orders()] == [1500]

    def test_is_told_by_its_state(self, tx: Tx, till: Till, asker: Actor, approver: Actor) -> None:
        an_entry(tx, asker, approver, starts_at=MORNING, ends_at=MORNING + timedelta(hours=1))

        found = [states(tx, at=MORNING + timedelta(minutes=minutes))[0] for minutes in (-1, 0, 59, 60)]
        assert found == ["due", "active", "active", "over"]

    def test_tells_of_entries_that_overlap(self, tx: Tx, asker: Actor, approver: Actor) -> None:
        an_entry(tx, asker, approver)
        an_entry(tx, asker, approver, kind="watch")

        assert [row["overlapping_n"] for row in ENTRIES.rows(tx, Asked(), at=MORNING, sites=[])] == [1, 1]


class TestPlates:
    @given(st.sampled_from("江京沪粤"), st.from_regex(r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[0-9]", fullmatch=True))
    @settings(max_examples=50)
    def test_are_the_same_however_they_are_typed(self, province: str, rest: str) -> None:
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in rest)

        assert plate_of(f" {province}{rest[0].lower()}·{rest[1:]} ") == plate_of(f"{province}{wide}") == f"{province}{rest}"
