"""Effects: asked for on a text, priced by whoever takes it, kept with how it came about, and gone with the text."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from core.access.actors import Actor
from core.access.scopes import Scope
from core.billing import effects, tariffs
from core.billing.effects import Draft
from core.billing.rules.tallies import Tally
from core.kit.db import Tx
from core.kit.ids import uuid7
from tests.core.billing.pricing_room import AT, draft, text
from tests.core.billing.street_month import OCTOBER, Month, a_draft, a_month

LATER = AT + timedelta(minutes=2)


@pytest.fixture
def month(tx: Tx) -> Month:
    """Return a street with a tariff."""
    return a_month(tx)


def asked(tx: Tx, by: Actor, key: UUID) -> effects.Effect:
    """Ask for the effect of an edition, and take it."""
    effects.ask(tx, [key], draft=Draft(month_on=OCTOBER), by=by, at=AT)
    effect = effects.claim(tx, at=AT)
    assert effect is not None
    return effect


class TestAsk:
    def test_tries_the_sites_where_the_tariff_holds(self, tx: Tx, writer: Actor, month: Month) -> None:
        effect = asked(tx, writer, a_draft(tx, writer))

        rows = effects.list_of(tx, effect.effect_id, sites=[month.site_id])
        assert [(row["site_id"], row["state"], row["before_fen"]) for row in rows] == [(month.site_id, "running", None)]

    def test_refuses_a_tariff_that_holds_nowhere_of_what_he_sees(self, tx: Tx, writer: Actor, month: Month) -> None:
        stranger = Actor(writer.id, writer.permissions, scope=Scope(is_everything=False, site_ids=frozenset({uuid7()})))

        for by, key in (
            (stranger, month.version_id),
            (writer, tariffs.write(tx, draft(text(code="new")), by=writer, at=AT)),
        ):
            with pytest.raises(effects.NoSites):
                effects.ask(tx, [key], draft=Draft(month_on=OCTOBER), by=by, at=AT)

    @pytest.mark.parametrize("month_on", [date(2026, 11, 1), date(2026, 10, 2), date(2026, 1, 1)])
    def test_refuses_a_month_that_is_not_over_or_long_past(self, tx: Tx, writer: Actor, month: Month, month_on: date) -> None:
        with pytest.raises(effects.NotOver):
            effects.ask(tx, [month.version_id], draft=Draft(month_on=month_on), by=writer, at=AT)

    def test_refuses_to_try_the_same_text_twice_at_once(self, tx: Tx, writer: Actor, month: Month) -> None:
        asked(tx, writer, month.version_id)

        with pytest.raises(effects.TriedNow):
            effects.ask(tx, [month.version_id], draft=Draft(month_on=OCTOBER), by=writer, at=AT)


class TestClaim:
    def test_gives_an_effect_to_one_and_to_another_where_he_falls_silent(self, tx: Tx, writer: Actor, month: Month) -> None:
        first = asked(tx, writer, month.version_id)

        assert effects.claim(tx, at=AT) is None
        second = effects.claim(tx, at=LATER)
        assert second is not None
        assert (second.effect_id, second.runner != first.runner) == (first.effect_id, True)
        with pytest.raises(effects.Stopped):
            effects.beat(tx, first, stay_n=1, stay_total=2, at=LATER)

    def test_gives_up_after_some_attempts(self, tx: Tx, writer: Actor, month: Month) -> None:
        effect = asked(tx, writer, month.version_id)
        for number in range(1, effects.ATTEMPTS_MOST + 1):
            effects.claim(tx, at=AT + number * timedelta(minutes=2))

        (row,) = effects.list_of(tx, effect.effect_id, sites=[month.site_id])
        assert (row["state"], row["detail"]) == ("failed", "Pricing failed several times.")


class TestCancel:
    def test_ends_what_is_not_done(self, tx: Tx, writer: Actor, month: Month) -> None:
        effect = asked(tx, writer, month.version_id)

        assert effects.cancel(tx, [effect.effect_id], at=AT) == 1
        assert effects.cancel(tx, [effect.effect_id], at=AT) == 0
        with pytest.raises(effects.Stopped):
            effects.beat(tx, effect, stay_n=1, stay_total=2, at=AT)


class TestListOfText:
    def test_belongs_to_the_text_whichever_edition_says_it(self, tx: Tx, writer: Actor, month: Month) -> None:
        key = a_draft(tx, writer, fen=600)
        effect = asked(tx, writer, key)
        trial, (site_id,) = effects.open_trial(tx, effect)
        effects.keep_site(tx, effect, site_id, Tally())
        effects.finish(tx, effect, trial, stay_n=0, at=LATER)
        tariffs.check(tx, [key], by=writer, at=LATER)

        def told(fen: int) -> list[str]:
            rows = effects.list_of_text(tx, tariff_id=month.tariff_id, rules_text=text(fen=fen).strip(), sites=[month.site_id])
            return [f"{row['state']} {row['number']} {row['before_fen']} {row['compared_to']}" for row in rows]

        assert told(600) == ["done 2 0 ['sample v1']"]
        assert told(700) == []

    def test_tells_nobody_of_sites_he_does_not_see(self, tx: Tx, writer: Actor, month: Month) -> None:
        effect = asked(tx, writer, month.version_id)

        assert effects.list_of(tx, effect.effect_id, sites=[uuid7()]) == []


class TestEngineHash:
    def test_is_the_same_for_the_same_code(self) -> None:
        assert len(effects.engine_hash()) == 16
