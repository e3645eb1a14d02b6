"""The drawer of a tariff: who made it and who decided, what it says, and what is different."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from callbacks.billing.tariffs import TARIFFS, show_edition
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import effects, tariffs
from core.kit.db import Tx
from core.kit.locale import Language, use
from core.ui.register import Reader, showing
from tests.core.access.people import a_user
from tests.core.billing.pricing_room import AT, checked, draft, text
from tests.core.billing.street_month import OCTOBER, a_month, finish, park
from tests.core.ui.drawn import texts
from tests.core.upkeep.street import a_site


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def writer(tx: Tx) -> Actor:
    """Return who writes, in a city with a site."""
    a_site(tx)
    return Actor(a_user(tx, RoleCode.FINANCE, at=AT, password=None), frozenset(Permission))


def drawn(tx: Tx, actor: Actor, key: UUID) -> list[str]:
    """Return every text of the drawer of an edition."""
    (row,) = tariffs.TARIFFS.find(tx, [key], at=AT)
    return texts(show_edition(Reader(tx, actor, AT), row))


class TestShowEdition:
    def test_tells_what_a_draft_changes(self, tx: Tx, writer: Actor) -> None:
        checked(tx, writer)
        told = drawn(tx, writer, tariffs.write(tx, draft(text(fen=600)), by=writer, at=AT))

        assert "sample · Draft" in told
        assert told[told.index("Plans › always › Bands of the day › all_day › What it costs › Tiers › 1 › Price of a unit") + 1 :][
            :2
        ] == [
            "5.00 CNY",
            "6.00 CNY",
        ]
        assert [line.strip() for line in told if line.startswith(("+", "-"))] == [
            "-            - {unit_min: 60, price_fen: 500}",
            "+            - {unit_min: 60, price_fen: 600}",
        ]

    def test_tells_the_rules_of_a_version(self, tx: Tx, writer: Actor) -> None:
        told = drawn(tx, writer, checked(tx, writer))

        assert "sample v1" in told
        assert "What is different" not in told
        assert any("price_fen: 500" in each for each in told)

    def test_tells_what_it_would_have_earned_or_that_nobody_knows(self, tx: Tx, writer: Actor) -> None:
        month = a_month(tx, code="tried")
        park(tx, month, [60, 90])
        seeing = replace(writer, scope=EVERYTHING)
        key = checked(tx, writer, code="tried", fen=600)
        assert "Nobody has tried it yet." in drawn(tx, seeing, key)
        effects.ask(tx, [key], draft=effects.Draft(month_on=OCTOBER), by=seeing, at=AT)
        assert "Waiting" in drawn(tx, seeing, key)

        finish(tx)

        told = drawn(tx, seeing, key)
        assert "2 stays of 2026-10 at 1 sites; 0 without a price." in told
        assert {"15.00", "18.00", "+3.00 · +20.0%", "2 · 100.0%"} <= set(told)


class TestApprove:
    def test_says_what_it_would_have_earned_or_asks_why_it_does_not_matter(self, tx: Tx, writer: Actor) -> None:
        park(tx, a_month(tx, code="tried"), [60, 90])
        seeing = replace(writer, scope=EVERYTHING)
        key = checked(tx, writer, code="tried", fen=400)

        assert offered(tx, key) == ["approve_untried"]
        assert "not known" in warned(tx, seeing, key, "approve_untried")
        effects.ask(tx, [key], draft=effects.Draft(month_on=OCTOBER), by=seeing, at=AT)
        finish(tx)

        assert offered(tx, key) == ["approve"]
        assert "Dearer for 0 of them, cheaper for 2; revenue 15.00 → 12.00 yuan (−3.00 · −20.0%)." in warned(
            tx, seeing, key, "approve"
        )


def offered(tx: Tx, key: UUID) -> list[str]:
    """Return the ways to approve an edition."""
    (row,) = tariffs.TARIFFS.find(tx, [key], at=AT)
    names = [action.name for action in showing.offered(TARIFFS, row, permissions=frozenset(Permission))]
    return [name for name in names if name.startswith("approve")]


def warned(tx: Tx, actor: Actor, key: UUID, name: str) -> str:
    """Return what is told before an edition is approved."""
    action = TARIFFS.action(name)
    assert action is not None
    assert action.warns is not None
    return action.warns(Reader(tx, actor, AT), tariffs.TARIFFS.find(tx, [key], at=AT))
