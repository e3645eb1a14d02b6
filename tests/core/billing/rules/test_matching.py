"""Exactly one tariff holds for a place and a vehicle, and nothing is guessed."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.billing.rules.matching import Assigned, Selector, TwoHold, choose, find_rival

ZONES = (None, UUID(int=1), UUID(int=2))
CLASSES = ("", "ev", "general")
VEHICLES = ("", "small", "large")
PLACES = [Selector(*each) for each in product(ZONES[1:], CLASSES[1:], VEHICLES[1:])]
SELECTORS = st.builds(Selector, st.sampled_from(ZONES), st.sampled_from(CLASSES), st.sampled_from(VEHICLES))


EVERYTHING = Selector()


def assigned(
    selector: Selector = EVERYTHING, *, n: int = 1, priority: int = 0, from_ms: int = 0, to_ms: int | None = None
) -> Assigned:
    """Return an assignment."""
    return Assigned(UUID(int=n), UUID(int=100 + n), selector, priority, from_ms, to_ms, "", f"tariff {n}")


class TestChoose:
    def test_takes_the_narrower_one(self) -> None:
        wide, narrow = assigned(n=1), assigned(Selector(vehicle_class="large"), n=2)

        assert choose([wide, narrow], Selector(ZONES[1], "ev", "large"), at_ms=0) is narrow
        assert choose([wide, narrow], Selector(ZONES[1], "ev", "small"), at_ms=0) is wide

    def test_takes_the_higher_priority_before_the_narrower_one(self) -> None:
        wide, narrow = assigned(n=1, priority=1), assigned(Selector(vehicle_class="large"), n=2)

        assert choose([wide, narrow], Selector(vehicle_class="large"), at_ms=0) is wide

    def test_holds_from_its_start_to_before_its_end(self) -> None:
        one = assigned(from_ms=10, to_ms=20)

        assert [choose([one], Selector(), at_ms=at) for at in (9, 10, 19, 20)] == [None, one, one, None]

    def test_refuses_two_that_stand_side_by_side(self) -> None:
        by_zone, by_vehicle = assigned(Selector(zone_id=ZONES[1]), n=1), assigned(Selector(vehicle_class="large"), n=2)

        with pytest.raises(TwoHold, match="tariff 1 and tariff 2"):
            choose([by_zone, by_vehicle], Selector(ZONES[1], "ev", "large"), at_ms=0)


class TestFindRival:
    @given(st.lists(st.tuples(SELECTORS, st.integers(0, 1), st.integers(0, 3), st.integers(1, 3)), max_size=6))
    @settings(max_examples=300)
    def test_leaves_every_place_one_tariff_at_most(self, wanted: list[tuple[Selector, int, int, int]]) -> None:
        """What is let in by pairs is never ambiguous as a whole, at any instant and for any place."""
        held: list[Assigned] = []
        for n, (selector, priority, from_ms, length) in enumerate(wanted):
            new = assigned(selector, n=n, priority=priority, from_ms=from_ms, to_ms=from_ms + length)
            if find_rival(new, held) is None:
                held.append(new)

        for place, at_ms in product(PLACES, range(7)):
            found = choose(held, place, at_ms=at_ms)
            fitting = [one for one in held if one.holds_at(at_ms) and one.selector.fits(place)]
            assert (found is None) == (not fitting)
