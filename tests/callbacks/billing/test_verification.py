"""The verification page: what stands on it is the engine's price, and what cannot be priced says what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from dash.development.base_component import Component

from callbacks.billing.verification import Told, _drawn, _look, _questions
from callbacks.edge import Act
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import assignments, tariffs
from core.billing.assignments import Assignment
from core.billing.language import read_value, write_yaml
from core.billing.questions import Asked
from core.billing.verification import list_editions
from core.kit.db import Tx
from core.kit.locale import Language, use
from tests.core.access.people import a_user
from tests.core.billing.pricing_room import AT, draft, publish_year
from tests.core.billing.tariffs import garage
from tests.core.upkeep.street import Site, a_site

STAY = {"vehicle": "small", "entry": "2026-11-20 08:00", "exit": "2026-11-20 10:00"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def site(tx: Tx) -> Site:
    """Return a site of a town whose year is published."""
    publish_year(tx)
    return a_site(tx)


@pytest.fixture
def act(tx: Tx, site: Site) -> Act:  # the site brings the organisation
    """Return somebody at work who sees everything."""
    user = a_user(tx, RoleCode.FINANCE, at=AT, password=None)
    return Act(tx, Actor(user, frozenset(Permission), scope=EVERYTHING), AT)


def a_draft(act: Act, **changes: object) -> str:
    """Write the tariff of a garage as a draft; return its key."""
    return str(tariffs.write(act.tx, draft(write_yaml(read_value(garage(**changes)))), by=act.actor, at=AT))


def shown(act: Act, values: dict[str, str], **told: Any) -> list[str]:
    """Return every text of the bill of a stay."""
    return texts(_drawn(_look(act, Asked.of({"values": {**STAY, **values}, **told}, at=AT))))


def fields(act: Act, told: Told) -> dict[str, str]:
    """Return the names of the fields with their groups."""
    asked = Asked.of(told, at=AT)
    return {each.name: each.group for each in _questions(act, asked, _look(act, asked))}


def texts(piece: Any) -> list[str]:
    """Return every text of what was drawn, from top to bottom."""
    if isinstance(piece, Component):
        return texts(getattr(piece, "children", None))
    if isinstance(piece, list | tuple):
        return [text for each in piece for text in texts(each)]
    return [] if piece is None else [str(piece)]


class TestShow:
    def test_tells_the_price_and_every_line(self, act: Act) -> None:
        told = shown(act, {"tariff": a_draft(act)})

        assert told[told.index("To be paid") + 1] == "8.00"
        assert [text for text in told if "×" in text] == ["1 × 5.00 per 1 h", "1 × 3.00 per 1 h"]
        assert "Until 2026-11-20 10:00:00, then 11.00" in told
        assert told.count("✓ 24 h") == 3

    def test_takes_off_coupons_and_payments(self, act: Act) -> None:
        form = garage() | {
            "coupons": {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0},
            "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
        }
        key = str(tariffs.write(act.tx, draft(write_yaml(read_value(form))), by=act.actor, at=AT))
        beside = {"pay.0.at": "2026-11-20 08:10", "pay.0.fen": "1", "coupon.0.kind": "amount", "coupon.0.value": "2"}

        told = shown(act, {"tariff": key, **beside}, pays=1, coupons=1)

        assert told[told.index("To be paid") + 1] == "5.00"
        assert told[told.index("Together") :][:13] == [
            "Together", "", "8.00", "", "Coupon 1", "2.00 off", "−2.00", "Coupons", "After discount", "", "6.00", "", "Paid",
        ]  # fmt: skip

    def test_asks_for_what_is_missing(self, act: Act) -> None:
        assert "Choose a tariff or a site" in shown(act, {})
        assert "Something is still missing" in shown(act, {"tariff": a_draft(act), "exit": "soon"})

    def test_says_why_there_is_no_price_and_where_something_can_be_done(self, act: Act) -> None:
        unknown = {"entry": "2027-03-01 08:00", "exit": "2027-03-01 09:00"}
        drawn = _drawn(_look(act, Asked.of({"values": {**STAY, **unknown, "tariff": a_draft(act)}}, at=AT)))

        assert "The calendar does not know 2027-03-01; enter the year before anything is priced." in texts(drawn)
        assert any(getattr(part, "href", "") == "/billing/calendar?year=2027" for piece in drawn for part in piece._traverse())

    def test_says_at_its_field_that_a_stay_ends_before_it_begins(self, act: Act) -> None:
        looked = _look(act, Asked.of({"values": {**STAY, "tariff": a_draft(act), "exit": "2026-11-20 07:00"}}, at=AT))

        assert looked.trouble is not None
        assert looked.trouble.at_field == "exit"

    def test_prices_by_what_holds_at_a_site(self, act: Act, site: Site) -> None:
        key = a_draft(act)
        tariffs.check(act.tx, [UUID(key)], by=act.actor, at=AT)
        version = next(UUID(value) for value, label in list_editions(act.tx) if label.startswith("test v1"))
        assignments.assign(act.tx, [Assignment(site.site_id, "", datetime(2026, 1, 1, tzinfo=UTC), version)])

        told = shown(act, {"by": "site", "site": str(site.site_id)})

        assert "test v1" in told
        assert told[told.index("To be paid") + 1] == "8.00"

    def test_refuses_a_site_without_a_tariff_and_one_out_of_sight(self, act: Act, site: Site) -> None:
        assert "No tariff holds at this site for this time." in shown(act, {"by": "site", "site": str(site.site_id)})
        blind = Act(act.tx, Actor(act.actor.id, act.actor.permissions), AT)
        assert _look(blind, Asked.of({"values": {**STAY, "by": "site", "site": str(site.site_id)}}, at=AT)).faults == {
            "site": "Choose one of the list."
        }


class TestFields:
    def test_are_those_the_tariff_asks_for(self, act: Act) -> None:
        assert list(fields(act, {"values": {"tariff": a_draft(act)}, "pays": 1})) == [
            "by", "tariff", "vehicle", "entry", "exit", "pay.0.at", "pay.0.fen",
        ]  # fmt: skip
        assert list(fields(act, {"values": {"by": "site"}})) == ["by", "site", "vehicle", "entry", "exit"]
