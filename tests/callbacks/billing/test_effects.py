"""The drawer of an effect: what it comes to, which stays change most, what has no price, and how it was worked out."""

from collections.abc import Iterator

import pytest

from callbacks.billing.effects import TRIED, show_effect
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import effects, tariffs
from core.kit.db import Tx
from core.kit.listing import Asked
from core.kit.locale import Language, use
from core.ui.register import Reader
from tests.core.access.people import a_user
from tests.core.billing.pricing_room import AT, draft, text
from tests.core.billing.street_month import OCTOBER, Month, a_month, finish, park
from tests.core.ui.drawn import texts


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def asker(tx: Tx) -> Actor:
    """Return who asks."""
    return Actor(a_user(tx, RoleCode.FINANCE, at=AT, password=None), frozenset(Permission), scope=EVERYTHING)


@pytest.fixture
def month(tx: Tx, asker: Actor) -> Month:
    """Return a street on which somebody asked what a draft would bring."""
    month = a_month(tx)
    park(tx, month, [60, 90])
    park(tx, month, [30], vehicle_class="motor", plate="江M1")
    key = tariffs.write(tx, draft(text(fen=600)), by=asker, at=AT)
    effects.ask(tx, [key], draft=effects.Draft(month_on=OCTOBER), by=asker, at=AT)
    return month


def drawn(tx: Tx, asker: Actor, month: Month) -> list[str]:
    """Return every text of the drawer."""
    (row,) = TRIED.relation.rows(tx, Asked(), sites=[month.site_id])
    return texts(show_effect(Reader(tx, asker, AT, [month.site_id]), row))


class TestShowEffect:
    def test_tells_what_came_out_and_how(self, tx: Tx, asker: Actor, month: Month) -> None:
        finish(tx)

        told = drawn(tx, asker, month)

        assert {"sample · Draft", "Done", "15.00", "18.00", "+3.00 · +20.0%", "sample v1", effects.engine_hash()} <= set(told)
        assert "No plan of the tariff is for motor." in told
        assert any(each.endswith("10-05 10:00 · 1 h 30 min · Small") for each in told)

    def test_tells_how_far_it_is_and_nothing_of_the_result(self, tx: Tx, asker: Actor, month: Month) -> None:
        effect = effects.claim(tx, at=AT)
        assert effect is not None
        effects.beat(tx, effect, stay_n=1, stay_total=3, at=AT)

        told = drawn(tx, asker, month)

        assert {"Being priced", "1 / 3"} <= set(told)
        assert "Revenue" not in told
