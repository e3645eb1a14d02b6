"""Effects by the clock: what is asked for is priced to its end, and what nobody wants any more is left."""

from datetime import timedelta

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import effects, trials
from core.billing.effects import Draft
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.listing import Asked
from ingest.pipeline import Pipeline
from ingest.schedule.effects import price_asked
from ingest.schedule.job import Work
from tests.core.access.people import a_user
from tests.core.billing.pricing_room import AT
from tests.core.billing.street_month import OCTOBER, Month, a_draft, a_month, park

LENGTHS = (30, 90, 125, 600)


@pytest.fixture
def work(own_database: Database) -> Work:
    """Return an empty street."""
    return Work(own_database, Pipeline(own_database), clock=FixedClock(AT + timedelta(minutes=1)))


def ask(work: Work, *, lengths: tuple[int, ...] = LENGTHS) -> Month:
    """Lay a street out on which somebody wants to know what a draft would bring."""
    with work.database.transaction() as tx:
        month = a_month(tx)
        by = Actor(a_user(tx, RoleCode.FINANCE, at=AT, password=None), frozenset(Permission), scope=EVERYTHING)
        park(tx, month, lengths)
        effects.ask(tx, [a_draft(tx, by, fen=600)], draft=Draft(month_on=OCTOBER), by=by, at=AT)
    return month


class TestPriceAsked:
    def test_prices_every_stay_and_keeps_how(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(trials, "BATCH", 3)
        assert price_asked(work) == "nothing asked"
        month = ask(work)

        assert price_asked(work) == f"{len(LENGTHS)} stays"

        with work.database.transaction() as tx:
            (row,) = effects.EFFECTS.rows(tx, Asked(), sites=[month.site_id])
        hours = sum(-(-minutes // 60) for minutes in LENGTHS)
        assert (row["before_fen"], row["after_fen"], row["dearer_n"], row["dearer_mill"]) == (hours * 500, hours * 600, 4, 1_000)
        assert (row["state"], row["done_pct"], row["compared_to"], row["engine"], row["calendar"]) == (
            "done",
            100,
            ["sample v1"],
            effects.engine_hash(),
            "town 1",
        )
        assert [change[-2:] for change in row["largest"]] == [[5_000, 6_000], [1_500, 1_800], [1_000, 1_200], [500, 600]]

    def test_leaves_what_was_cancelled_meanwhile(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        month = ask(work)
        counted = trials.count_stays

        def cancel_too(*given: object) -> int:
            with work.database.transaction() as tx:
                effects.cancel(tx, [row["effect_id"] for row in effects.EFFECTS.rows(tx, Asked(), sites=[month.site_id])], at=AT)
            return counted(*given)  # type: ignore[arg-type]  # what it was given

        monkeypatch.setattr(trials, "count_stays", cancel_too)

        assert price_asked(work) == "nothing asked"
        with work.database.transaction() as tx:
            (row,) = effects.EFFECTS.rows(tx, Asked(), sites=[month.site_id])
        assert (row["state"], row["before_fen"]) == ("cancelled", None)
