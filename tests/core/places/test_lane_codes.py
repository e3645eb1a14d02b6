"""Codes on signs beside lanes: one lane at a time, and what a code stood for stays known."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kit.db import Tx
from core.kit.errors import Refused
from core.places import lane_codes, lanes, records
from core.places.lane_codes import Draft
from core.places.sites import SiteKind
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT

HOUR = timedelta(hours=1)


def two_lanes(tx: Tx) -> list[UUID]:
    """Register a lot with two lanes."""
    lot = estate.a_site(tx, kind=SiteKind.OFF_STREET)
    told = (lanes.Draft(site_id=lot, code=code, direction=lanes.LaneDirection.IN) for code in ("in1", "in2"))
    return [lanes.register(tx, draft, by=ANYBODY, at=AT) for draft in told]


class TestBind:
    def test_makes_a_code_of_its_own_that_stands_for_the_lane(self, tx: Tx) -> None:
        lane_id, _other = two_lanes(tx)

        code_id = lane_codes.bind(tx, Draft(lane_id=lane_id), by=ANYBODY, at=AT)

        (row,) = lane_codes.list_tokens(tx, keys=[code_id], sites=ANYBODY.scope.sites(tx))
        found = lane_codes.identify(tx, row["token"], sites=ANYBODY.scope.sites(tx), at=AT + HOUR)
        assert (found.site, found.lane, found.since) == ("E-01", "in1", AT)

    def test_refuses_a_code_that_stands_elsewhere(self, tx: Tx) -> None:
        one, other = two_lanes(tx)
        lane_codes.bind(tx, Draft(lane_id=one, token="https://q.example/7"), by=ANYBODY, at=AT)

        with pytest.raises(records.Taken, match="unbind it there first"):
            lane_codes.bind(tx, Draft(lane_id=other, token="https://q.example/7"), by=ANYBODY, at=AT + HOUR)

    def test_refuses_a_lane_that_its_writer_does_not_see(self, tx: Tx) -> None:
        lane_id, _other = two_lanes(tx)

        with pytest.raises(records.Gone):
            lane_codes.bind(tx, Draft(lane_id=lane_id), by=estate.of_branch(estate.OTHER_BRANCH), at=AT)


class TestIdentify:
    def test_tells_what_a_code_stood_for_at_each_moment(self, tx: Tx) -> None:
        one, other = two_lanes(tx)
        sites = ANYBODY.scope.sites(tx)
        first = lane_codes.bind(tx, Draft(lane_id=one, token="P7"), by=ANYBODY, at=AT)
        lane_codes.unbind(tx, [first], reason="moved", by=ANYBODY, at=AT + 2 * HOUR, draft=None)
        lane_codes.bind(tx, Draft(lane_id=other, token="P7"), by=ANYBODY, at=AT + 4 * HOUR)

        assert lane_codes.identify(tx, "P7", sites=sites, at=AT + HOUR).lane == "in1"
        assert lane_codes.identify(tx, "P7", sites=sites, at=AT + 5 * HOUR).lane == "in2"
        for silent in (AT - HOUR, AT + 2 * HOUR, AT + 3 * HOUR):
            with pytest.raises(lane_codes.NotBound):
                lane_codes.identify(tx, "P7", sites=sites, at=silent)

    def test_knows_no_lane_of_somebody_else(self, tx: Tx) -> None:
        lane_id, _other = two_lanes(tx)
        lane_codes.bind(tx, Draft(lane_id=lane_id, token="P7"), by=ANYBODY, at=AT)
        theirs = estate.of_branch(estate.OTHER_BRANCH).scope.sites(tx)

        with pytest.raises(lane_codes.NotBound):
            lane_codes.identify(tx, "P7", sites=theirs, at=AT + HOUR)

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 1)), min_size=1, max_size=10))
    def test_names_one_lane_at_most_whatever_was_bound_and_unbound(self, tx: Tx, steps: list[tuple[bool, int]]) -> None:
        with tx.sa.begin_nested() as tried:
            both, bound, expected = two_lanes(tx), [], []
            for hour, (is_bind, which) in enumerate(steps):
                at = AT + hour * HOUR
                try:
                    if is_bind:
                        bound.append((lane_codes.bind(tx, Draft(lane_id=both[which], token="P7"), by=ANYBODY, at=at), which))
                    elif bound:
                        lane_codes.unbind(tx, [bound[-1][0]], reason="", by=ANYBODY, at=at, draft=None)
                        bound.append((bound[-1][0], -1))
                except Refused:
                    pass
                expected.append("" if not bound or bound[-1][1] < 0 else f"in{bound[-1][1] + 1}")

            told = [told_at(tx, AT + (hour + 0.5) * HOUR) for hour in range(len(steps))]

            assert told == expected
            tried.rollback()


def told_at(tx: Tx, at: object) -> str:
    """Return the lane the code stood for, nothing where it stood for none."""
    try:
        return lane_codes.identify(tx, "P7", sites=ANYBODY.scope.sites(tx), at=at).lane  # type: ignore[arg-type]  # an instant
    except lane_codes.NotBound:
        return ""
