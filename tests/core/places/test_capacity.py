"""Capacity: at every instant one number or none, and what was true stays true."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.listing import Asked
from core.places import capacity, records
from core.places.sites import SiteKind
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT, TODAY, days

HELD = """
select spaces from capacity
where zone_id = %(zone)s and valid_from <= %(at)s and (valid_to is null or valid_to > %(at)s)
"""


def held(tx: Tx, zone: object, on_day: int) -> list[int]:
    """Return the numbers that hold at noon of a city day, counted from today."""
    return [n for (n,) in tx.tuples(HELD, zone=zone, at=estate.begin(days(on_day)) + timedelta(hours=12))]


def a_lot(tx: Tx) -> object:
    """Register a lot with a zone; return the zone."""
    return estate.a_zone(tx, estate.a_site(tx, kind=SiteKind.OFF_STREET))


def say(tx: Tx, zone: object, spaces: int, from_day: int, at_day: int = 0) -> object:
    """Say on a day what the zone holds from a day on."""
    draft = capacity.Draft.model_validate({"zone_id": zone, "spaces": spaces, "from_on": days(from_day)})
    return capacity.register(tx, draft, by=ANYBODY, at=AT + timedelta(days=at_day))


class TestRegister:
    def test_ends_the_number_before_it(self, tx: Tx) -> None:
        zone = a_lot(tx)
        say(tx, zone, 120, -200)
        say(tx, zone, 90, 3)

        assert [held(tx, zone, n) for n in (-201, -200, 2, 3, 400)] == [[], [120], [120], [90], [90]]

    def test_refuses_to_change_what_was_true(self, tx: Tx) -> None:
        zone = a_lot(tx)
        say(tx, zone, 120, -200)

        with pytest.raises(capacity.Past) as refused:
            say(tx, zone, 90, -1)

        assert refused.value.field == "from_on"
        assert held(tx, zone, -1) == [120]

    def test_refuses_a_number_before_one_that_comes(self, tx: Tx) -> None:
        zone = a_lot(tx)
        say(tx, zone, 120, 10)

        with pytest.raises(records.Taken, match="Another number begins"):
            say(tx, zone, 90, 5)
        with pytest.raises(records.Taken, match="Another number begins"):
            say(tx, zone, 90, 10)

    def test_refuses_a_zone_that_its_writer_does_not_see(self, tx: Tx) -> None:
        zone = a_lot(tx)
        draft = capacity.Draft.model_validate({"zone_id": zone, "spaces": 5, "from_on": TODAY})

        with pytest.raises(records.Gone):
            capacity.register(tx, draft, by=estate.of_branch(estate.OTHER_BRANCH), at=AT)

    def test_raises_the_version_of_the_registry(self, tx: Tx) -> None:
        zone = a_lot(tx)
        before = estate.version_of(tx)

        say(tx, zone, 120, 0)

        assert estate.version_of(tx) == before + 1

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(told=st.lists(st.tuples(st.integers(0, 500), st.integers(-5, 15), st.integers(0, 12)), min_size=1, max_size=8))
    def test_never_lets_two_numbers_hold_and_never_changes_a_day_that_is_over(
        self, tx: Tx, told: list[tuple[int, int, int]]
    ) -> None:
        """Days of telling only go forward; whatever is refused changes nothing."""
        with tx.sa.begin_nested() as tried:
            zone = a_lot(tx)
            seen: dict[int, list[int]] = {}
            for spaces, from_day, at_day in sorted(told, key=lambda one: one[2]):
                before = {n: held(tx, zone, n) for n in range(-6, 18)}
                try:
                    say(tx, zone, spaces, from_day, at_day)
                except Refused:
                    assert {n: held(tx, zone, n) for n in range(-6, 18)} == before
                now = {n: held(tx, zone, n) for n in range(-6, 18)}
                assert all(len(numbers) <= 1 for numbers in now.values())
                assert {n: now[n] for n in seen if seen[n]} == {n: seen[n] for n in seen if seen[n]}
                seen = {n: now[n] for n in range(-6, at_day)}
            tried.rollback()


class TestChange:
    def test_changes_only_what_does_not_hold_yet(self, tx: Tx) -> None:
        zone = a_lot(tx)
        say(tx, zone, 120, -200)
        say(tx, zone, 90, 5)
        rows = capacity.CAPACITIES.rows(tx, Asked(), sites=ANYBODY.scope.sites(tx), at=AT)
        coming, current = (next(row for row in rows if row["state"] == state) for state in ("coming", "current"))
        draft = capacity.Draft.model_validate({"zone_id": zone, "spaces": 95, "from_on": days(5)})

        capacity.change(tx, coming["capacity_id"], draft, version=coming["version"], by=ANYBODY, at=AT)
        assert held(tx, zone, 6) == [95]
        with pytest.raises(capacity.Past):
            capacity.change(tx, current["capacity_id"], draft, version=current["version"], by=ANYBODY, at=AT)


class TestEnd:
    def test_ends_a_number_from_today_on(self, tx: Tx) -> None:
        zone = a_lot(tx)
        say(tx, zone, 120, -200)
        (row,) = capacity.CAPACITIES.rows(tx, Asked(), sites=ANYBODY.scope.sites(tx), at=AT)
        with pytest.raises(capacity.Past):
            capacity.end(tx, [row["capacity_id"]], reason="", by=ANYBODY, at=AT, draft=capacity.Ending(to_on=days(-1)))

        capacity.end(tx, [row["capacity_id"]], reason="", by=ANYBODY, at=AT, draft=capacity.Ending(to_on=days(2)))

        assert [held(tx, zone, n) for n in (1, 2)] == [[120], []]
