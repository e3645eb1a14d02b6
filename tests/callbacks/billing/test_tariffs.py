"""The drawer of a tariff: who made it and who decided, what it says, and what is different."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from dash.development.base_component import Component

from callbacks.billing.tariffs import show_edition
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.billing import tariffs
from core.kit.db import Tx
from core.kit.locale import Language, use
from core.ui.register import Reader
from tests.core.access.people import a_user
from tests.core.billing.pricing_room import AT, checked, draft, text
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


def texts(piece: Any) -> list[str]:
    """Return every text of what was drawn, from top to bottom."""
    if isinstance(piece, Component):
        return texts(getattr(piece, "children", None))
    if isinstance(piece, list | tuple):
        return [text for each in piece for text in texts(each)]
    return [] if piece is None else [str(piece)]


class TestShowEdition:
    def test_tells_what_a_draft_changes(self, tx: Tx, writer: Actor) -> None:
        checked(tx, writer)
        told = drawn(tx, writer, tariffs.write(tx, draft(text(fen=600)), by=writer, at=AT))

        assert "sample · Draft" in told
        assert [line.strip() for line in told if line.startswith(("+", "-"))] == [
            "-            - {unit_min: 60, price_fen: 500}",
            "+            - {unit_min: 60, price_fen: 600}",
        ]

    def test_tells_the_rules_of_a_version(self, tx: Tx, writer: Actor) -> None:
        told = drawn(tx, writer, checked(tx, writer))

        assert "sample v1" in told
        assert "What is different" not in told
        assert any("price_fen: 500" in each for each in told)
