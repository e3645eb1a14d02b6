"""Dues on a real database: the stay that a payment would be for, and what is still due for it."""

import pytest

from core.billing.quotes import Quote
from core.customers import rights
from core.kit.ids import uuid7
from core.kit.moments import moment
from core.orders import dues
from core.orders.dues import NoSuchStay, NothingToPay, Question, TooFarAhead
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import Quality
from tests.core.billing.quote_room import TWO_MINUTES
from tests.core.orders.test_pricing import give_grace
from tests.core.orders.till import CAR, OTHER_CAR, STREET, Till, a_report, a_stay, ms


def ask(till: Till, minute: float, *, plate: Plate = CAR, names: float | None = None, leaves: float | None = None) -> Quote:
    """Ask at a minute of the morning what is due at the street."""
    question = Question(
        STREET, plate, None if names is None else ms(names), None if leaves is None else ms(leaves), device_id=uuid7()
    )
    return dues.quote(till.tx, question, rights=rights.read(till.tx), valid_for=TWO_MINUTES, at=moment(ms(minute)))


class TestQuote:
    def test_of_an_open_stay_is_what_it_costs_by_now(self, till: Till) -> None:
        till.take(a_stay(0))

        assert [ask(till, minute).reckoned.due_fen for minute in (15, 60, 120)] == [0, 600, 1_500]

    def test_of_a_stay_that_is_over_is_what_its_claim_still_lacks(self, till: Till) -> None:
        till.take(a_stay(0, 120), reports=[a_report(600, 125)])

        quote = ask(till, 300)
        assert (quote.reckoned.net_fen, quote.reckoned.paid_fen, quote.reckoned.due_fen) == (1_500, 600, 900)
        assert quote.changes_at is None

    def test_never_asks_for_more_than_the_claim(self, till: Till) -> None:
        till.take(a_stay(0, 120, timely=((ms(0), ms(60)),)))

        quote = ask(till, 300)
        assert (quote.reckoned.gross_fen, quote.reckoned.due_fen) == (1_500, 600)

    def test_is_for_the_stay_that_is_named(self, till: Till) -> None:
        till.take(a_stay(0, 60), a_stay(90, 210))

        assert (ask(till, 300, names=1).reckoned.due_fen, ask(till, 300).reckoned.due_fen) == (600, 1_500)

    def test_is_for_an_instant_to_come_where_one_is_told(self, till: Till) -> None:
        till.take(a_stay(0))

        assert ask(till, 10, leaves=120).reckoned.due_fen == 1_500

    def test_after_paying_is_nothing_for_the_time_it_takes_to_drive_out(self, till: Till) -> None:
        give_grace(till.tx)
        till.take(a_stay(0), reports=[a_report(800, 118)])

        assert [ask(till, minute).reckoned.due_fen for minute in (119, 133, 134)] == [0, 0, 300]

    def test_is_refused_where_nobody_parks(self, till: Till) -> None:
        till.take(a_stay(0))

        with pytest.raises(NoSuchStay):
            ask(till, 60, plate=OTHER_CAR)

    def test_is_refused_for_who_parks_for_nothing(self, till: Till) -> None:
        police = Plate("江A1234警", "white")
        till.take(a_stay(0, plate=police))

        with pytest.raises(NothingToPay):
            ask(till, 60, plate=police)

    def test_is_refused_for_a_stay_that_is_not_billed(self, till: Till) -> None:
        till.take(a_stay(0, 120, quality=Quality.C))

        with pytest.raises(NothingToPay):
            ask(till, 300)

    def test_is_refused_for_an_instant_far_ahead(self, till: Till) -> None:
        till.take(a_stay(0))

        with pytest.raises(TooFarAhead):
            ask(till, 60, leaves=61 + 7 * 1_440)
