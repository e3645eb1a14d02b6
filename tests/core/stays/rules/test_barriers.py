"""Openings of a barrier and the vehicles they let through: R15 and R16 as decisions, whatever the order of the messages."""

import random

from hypothesis import given
from hypothesis import strategies as st

from core.kit.ids import derived_id
from core.stays.rules.barriers import FOLLOW_MS, LEAD_MS, REACH_MS, Opening, Passage, match, tailgaters


def opening(at_s: float) -> Opening:
    """Return an opening so many seconds after the morning began."""
    return Opening(round(at_s * 1_000), derived_id("opening", str(at_s)))


def passage(at_s: float, vehicle: str = "A", way: str = "in") -> Passage:
    """Return the passage of a vehicle."""
    return Passage(round(at_s * 1_000), derived_id("passage", vehicle, str(at_s)), derived_id("vehicle", vehicle), way)


OPENINGS = st.lists(st.integers(0, 300).map(opening), unique=True, max_size=12)
PASSAGES = st.lists(st.builds(passage, st.integers(0, 300), st.sampled_from("ABCD"), st.sampled_from(["in", "out"])), unique=True)


class TestMatch:
    def test_gives_each_vehicle_the_opening_nearest_to_it(self) -> None:
        first, second = opening(0), opening(20)
        one, other = passage(3, "A"), passage(21, "B")

        assert match([second, first], [other, one]) == {first.opening_id: one, second.opening_id: other}

    def test_r16_leaves_an_opening_alone_that_nobody_came_for(self) -> None:
        by_hand = opening(100)

        assert match([by_hand], [passage(100 + REACH_MS / 1_000 + 0.001), passage(100 - LEAD_MS / 1_000 - 0.001)]) == {}

    @given(OPENINGS, PASSAGES, st.randoms())
    def test_gives_one_vehicle_to_one_opening_in_any_order(
        self, openings: list[Opening], passages: list[Passage], luck: random.Random
    ) -> None:
        matched = match(openings, passages)

        assert len({one.passage_id for one in matched.values()}) == len(matched)
        luck.shuffle(openings)
        luck.shuffle(passages)
        assert match(openings, passages) == matched

    @given(OPENINGS, PASSAGES)
    def test_leaves_none_alone_that_might_still_have_been_matched(self, openings: list[Opening], passages: list[Passage]) -> None:
        matched = match(openings, passages)

        taken = {one.passage_id for one in matched.values()}
        for alone in (one for one in openings if one.opening_id not in matched):
            for free in (one for one in passages if one.passage_id not in taken):
                assert not -LEAD_MS <= free.at_ms - alone.at_ms <= REACH_MS


class TestTailgaters:
    def told(self, openings: list[Opening], passages: list[Passage]) -> list[Passage]:
        return tailgaters(passages, match(openings, passages))

    def test_r15_names_the_second_vehicle_of_one_opening(self) -> None:
        first, second = passage(1, "A"), passage(5, "B")

        assert self.told([opening(0)], [second, first]) == [second]

    def test_says_nothing_of_two_vehicles_with_an_opening_each(self) -> None:
        assert self.told([opening(0), opening(5)], [passage(1, "A"), passage(6, "B")]) == []

    def test_says_nothing_where_the_barrier_is_silent(self) -> None:
        assert self.told([], [passage(0, "A"), passage(3, "B")]) == []

    def test_says_nothing_of_who_comes_when_the_barrier_must_be_down_again(self) -> None:
        late_s = 1 + FOLLOW_MS / 1_000 + 0.001

        assert self.told([opening(1)], [passage(1, "A"), passage(late_s, "B")]) == []

    def test_takes_the_same_vehicle_seen_twice_for_one(self) -> None:
        assert self.told([opening(0)], [passage(1, "A"), passage(4, "A")]) == []

    def test_says_nothing_of_who_comes_the_other_way(self) -> None:
        assert self.told([opening(0)], [passage(1, "A"), passage(4, "B", "out")]) == []

    @given(OPENINGS, PASSAGES)
    def test_never_names_who_had_an_opening(self, openings: list[Opening], passages: list[Passage]) -> None:
        matched = match(openings, passages)

        assert not {one.passage_id for one in matched.values()} & {one.passage_id for one in tailgaters(passages, matched)}
