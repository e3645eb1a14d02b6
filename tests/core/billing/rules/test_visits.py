"""Visits: free time that is given once a day is gone for the second visit."""

import pytest

from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.billing.rules.visits import after_visits
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import Form, a_stay, compiled, free, garage

VISITS = [("20 10:00", "20 10:25"), ("20 13:00", "20 13:25"), ("20 17:00", "20 17:25")]
ONCE = {"frequency": "once_a_day"}


def costs(form: Form, visits: list[tuple[str, str]]) -> list[int]:
    """Price visits of one vehicle one after the other."""
    ready, stays = compiled(form), [a_stay(*visit) for visit in visits]
    return [
        charge(ready, after_visits(ready, stays[:number], stay, Weeks()), Weeks()).gross_fen for number, stay in enumerate(stays)
    ]


class TestAfterVisits:
    @pytest.mark.parametrize(("frequency", "fens"), [("every_stay", [0, 0, 0]), ("once_a_day", [0, 500, 500])])
    def test_10_gives_three_visits_their_free_time_each_or_once(self, frequency: str, fens: list[int]) -> None:
        assert costs(garage(free=[free(30, frequency=frequency)]), VISITS) == fens

    def test_leaves_what_was_not_used_of_a_deduction(self) -> None:
        visits = [("20 10:00", "20 10:25"), ("20 13:00", "20 13:05"), ("20 13:10", "20 13:15")]

        assert costs(garage(free=[free(30, "deduct", **ONCE)]), visits) == [0, 0, 500]

    def test_begins_anew_on_the_next_day(self) -> None:
        assert costs(garage(free=[free(30, **ONCE)]), [("20 23:00", "20 23:25"), ("21 00:10", "21 00:30")]) == [0, 0]

    def test_counts_what_a_visit_was_not_free_of_for_nothing(self) -> None:
        assert costs(garage(free=[free(30, **ONCE)]), [("20 10:00", "20 11:00"), ("20 13:00", "20 13:20")]) == [500, 0]

    def test_does_not_look_at_visits_where_no_free_time_is_rationed(self) -> None:
        ready, stay = compiled(garage()), a_stay(*VISITS[1])

        assert after_visits(ready, [Stay(1, 0, "small")], stay, Weeks()) is stay
