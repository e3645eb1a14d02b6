"""Special classes of plates: told by a pattern, tried out before they are approved."""

from datetime import timedelta

import pytest

from core.access.actors import Actor
from core.customers import approvals, special
from core.customers.special import CLASSES, Draft, Effect
from core.kit.listing import Asked
from tests.core.orders.till import CAR, MORNING, OTHER_CAR, STREET, Till, a_report, a_stay

BEFORE = MORNING - timedelta(hours=1)


def a_draft(**other: object) -> Draft:
    """Return a class as somebody asks for it: every blue plate of 江A."""
    given: dict[str, object] = {
        "name": "江A", "pattern": r"江A\d{5}", "plate_colours": ["blue"], "effect": "free", "starts_at": BEFORE
    }  # fmt: skip
    return Draft.model_validate(given | other)


class TestClasses:
    def test_free_the_plates_they_name_once_approved(self, till: Till, asker: Actor, approver: Actor) -> None:
        class_id = special.add(till.tx, a_draft(), by=asker, at=BEFORE)
        special.approve(till.tx, [class_id], by=approver, at=BEFORE)

        till.take(a_stay(0, 120), a_stay(10, 70, plate=OTHER_CAR))

        assert [order["net_fen"] for order in till.orders()] == [600]

    def test_free_nobody_where_they_only_tell_apart(self, till: Till, asker: Actor, approver: Actor) -> None:
        class_id = special.add(till.tx, a_draft(effect=Effect.NONE), by=asker, at=BEFORE)
        special.approve(till.tx, [class_id], by=approver, at=BEFORE)

        till.take(a_stay(0, 120))

        assert [order["net_fen"] for order in till.orders()] == [1500]

    def test_are_approved_by_somebody_else(self, till: Till, asker: Actor) -> None:
        class_id = special.add(till.tx, a_draft(), by=asker, at=BEFORE)

        with pytest.raises(approvals.OwnRequest):
            special.approve(till.tx, [class_id], by=asker, at=BEFORE)

    @pytest.mark.parametrize(("field", "value"), [("pattern", "(江+)+"), ("pattern", "["), ("plate_colours", ["pink"])])
    def test_take_no_pattern_that_cannot_be_held_against_plates(self, till: Till, asker: Actor, field: str, value: object) -> None:
        with pytest.raises(special.NotAPattern) as refusal:
            special.add(till.tx, a_draft(**{field: value}), by=asker, at=BEFORE)
        assert refusal.value.field == field

    def test_are_not_approved_when_their_period_is_over(self, till: Till, asker: Actor, approver: Actor) -> None:
        class_id = special.add(till.tx, a_draft(ends_at=MORNING), by=asker, at=BEFORE)

        with pytest.raises(approvals.NotWaiting, match="over"):
            special.approve(till.tx, [class_id], by=approver, at=MORNING)

    def test_end_with_a_reason(self, till: Till, asker: Actor, approver: Actor) -> None:
        class_id = special.add(till.tx, a_draft(), by=asker, at=BEFORE)
        special.approve(till.tx, [class_id], by=approver, at=BEFORE)
        special.end(till.tx, [class_id], reason="a new rule", at=MORNING)

        (row,) = CLASSES.rows(till.tx, Asked(), at=MORNING)
        assert (row["state"], row["end_reason"], row["holds_to"]) == ("ended", "a new rule", MORNING)


class TestTrial:
    def test_tells_whom_a_class_would_have_freed_and_of_what(self, till: Till, asker: Actor) -> None:
        till.take(a_stay(0, 120), a_stay(10, 70, plate=OTHER_CAR), reports=[a_report(600, 30)])
        class_id = special.add(till.tx, a_draft(), by=asker, at=MORNING)

        trial = special.try_out(till.tx, class_id=class_id, sites=[STREET], at=MORNING + timedelta(hours=3))

        assert (trial.fleet_n, trial.vehicle_n, trial.stays_n, trial.net_fen, trial.paid_fen) == (2, 1, 1, 1500, 600)
        assert [one.plate for one in trial.most] == [CAR.text]

    def test_looks_only_where_its_reader_may(self, till: Till, asker: Actor) -> None:
        till.take(a_stay(0, 120))
        class_id = special.add(till.tx, a_draft(), by=asker, at=MORNING)

        trial = special.try_out(till.tx, class_id=class_id, sites=[], at=MORNING + timedelta(hours=3))

        assert (trial.fleet_n, trial.vehicle_n) == (0, 0)
