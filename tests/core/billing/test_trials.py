"""What a month would have brought: every stay as its price alone, nothing that is not billed, and no price taken for nothing."""

from datetime import timedelta

import pytest

from core.billing import trials
from core.billing.language import compile_tariff, read_yaml
from core.billing.prices import price, price_book
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.billing.rules.tallies import Tally
from core.billing.trials import Trial
from core.kit.db import Tx
from core.kit.moments import ms_of
from tests.core.billing.calendars import Weeks
from tests.core.billing.pricing_room import AT, FREE_ONCE, text
from tests.core.billing.street_month import FIRST, OCTOBER, Month, a_month, park

NEW = text(fen=400).replace("unit_min: 60", "unit_min: 45")
LENGTHS = (0, 1, 44, 45, 46, 60, 61, 90, 91, 125, 180, 600, 1_500)


@pytest.fixture
def month(tx: Tx) -> Month:
    """Return a street in October."""
    return a_month(tx)


def opened(tx: Tx, month: Month, *, rules_text: str = NEW, price_zone: str = "") -> Trial:
    return trials.open_trial(
        tx,
        tariff_id=month.tariff_id,
        rules_text=rules_text,
        site_ids=[month.site_id],
        price_zone=price_zone,
        month_on=OCTOBER,
        at=AT,
    )


def tried(tx: Tx, month: Month, trial: Trial, *, most: int = 3) -> Tally:
    """Return what comes out of all stays, read so many at a time."""
    tally, after = Tally(), None
    while stays := trials.list_stays(tx, trial, month.site_id, after=after, most=most):
        trials.try_stays(trial, month.site_id, stays, tally)
        after = stays[-1]
    return tally


class TestTryStays:
    def test_comes_to_what_each_stay_costs_by_itself(self, tx: Tx, month: Month) -> None:
        stays = park(tx, month, LENGTHS)
        book, new = price_book(tx, [month.site_id]), compile_tariff(read_yaml(NEW))
        version = book.version_at(month.site_id, "small", ms_of(AT))
        before, after = {}, {}
        for number, (stay_id, minutes) in enumerate(zip(stays, LENGTHS, strict=True)):
            started_ms = ms_of(FIRST) + number * 3_600_000
            ended_ms = started_ms + minutes * 60_000
            before[stay_id] = price([version], started_ms=started_ms, ended_ms=ended_ms).gross_fen
            after[stay_id] = charge(new, Stay(started_ms, ended_ms, "small"), Weeks()).gross_fen

        trial = opened(tx, month)
        tally = tried(tx, month, trial)

        assert trials.count_stays(tx, trial, [month.site_id]) == len(LENGTHS)
        assert (tally.before_fen, tally.after_fen) == (sum(before.values()), sum(after.values()))
        assert tally.dearer_n == sum(after[key] > before[key] for key in stays)
        assert tally.cheaper_n == sum(after[key] < before[key] for key in stays)
        assert {(each.stay_id, each.before_fen, each.after_fen) for each in tally.largest} <= {
            (key, before[key], after[key]) for key in stays
        }
        assert trial.compared_to == ("sample v1",)

    def test_gives_free_time_once_a_day_where_the_tariff_says_so(self, tx: Tx, month: Month) -> None:
        park(tx, month, [10, 10])
        park(tx, month, [10], first=FIRST + timedelta(days=1))
        once = text(fen=400, more=FREE_ONCE)

        tally = tried(tx, month, opened(tx, month, rules_text=once), most=1)

        assert (tally.before_fen, tally.after_fen) == (3 * 500, 400)

    def test_leaves_out_what_is_not_billed(self, tx: Tx, month: Month) -> None:
        park(tx, month, [60])
        park(tx, month, [60], plate=None)
        park(tx, month, [60], quality="C")
        park(tx, month, [60], state="void")
        park(tx, month, [60], plate="江A0001警", colour="white")
        park(tx, month, [60], first=FIRST.replace(month=11))

        tally = tried(tx, month, opened(tx, month))

        assert (tally.equal_n + tally.dearer_n + tally.cheaper_n, tally.unpriced_n) == (1, 0)

    def test_tells_why_a_stay_has_no_price(self, tx: Tx, month: Month) -> None:
        (stay_id,) = park(tx, month, [60], vehicle_class="motor")

        tally = tried(tx, month, opened(tx, month, rules_text=NEW.replace("large]", "large, motor]")))

        ((reason, example),) = tally.reasons.items()
        assert (tally.before_fen, tally.unpriced_n, example.stay_id, reason.side) == (0, 1, stay_id, "before")
        assert trials.sentence(reason) == "No plan of the tariff is for motor."

    def test_tells_where_no_tariff_holds_today(self, tx: Tx) -> None:
        month = a_month(tx, assigned=False)
        park(tx, month, [60, 60])

        tally = tried(tx, month, opened(tx, month))

        assert [(trials.sentence(reason), example.n) for reason, example in tally.reasons.items()] == [
            ("No tariff holds there.", 2)
        ]

    def test_leaves_alone_what_another_tariff_prices(self, tx: Tx, month: Month) -> None:
        other = a_month(tx, code="other", assigned=False)
        tx.run(
            "insert into tariff_assignment (site_id, vehicle_class, valid_from, tariff_version_id) "
            "values (%(site_id)s, 'large', '2026-01-01', %(version_id)s)",
            site_id=month.site_id, version_id=other.version_id,
        )  # fmt: skip
        small, _large = park(tx, month, [60]), park(tx, month, [60], vehicle_class="large", plate="江A99999")

        tally = tried(tx, month, opened(tx, month, rules_text=text(fen=900)))

        assert [change.stay_id for change in tally.largest] == small


class TestMonthOf:
    def test_begins_and_ends_with_the_city_s_days(self) -> None:
        begins, ends = trials.month_of(OCTOBER.replace(month=12))

        assert (begins.isoformat(), ends.isoformat()) == ("2026-11-30T16:00:00+00:00", "2026-12-31T16:00:00+00:00")
