"""Collection: the month up to a moment, whatever came after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.finance import past as finance
from core.insight import collection
from core.kit.db import Tx
from core.kit.money import Fen
from core.stays.past import PastPayment
from core.upkeep import compaction
from tests.core.insight.facts import a_stay, a_street, paid_later

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize("is_compacted", [False, True])
def test_the_month_knows_nothing_of_what_comes_later(tx: Tx, is_compacted: bool) -> None:
    street = a_street(tx, since=NOON - timedelta(days=3))
    first, second, third, _ = street.space_ids
    hour = timedelta(hours=1)
    paid_after = paid_later(a_stay(street.site_id, first, NOON - 3 * hour, NOON - 2 * hour, gross_fen=500), 500, NOON + hour)
    closed_after = a_stay(street.site_id, second, NOON - hour, NOON + hour, gross_fen=700)
    prepaid = PastPayment("wechat", "early", Fen(700), NOON - hour / 2)
    too_much = paid_later(a_stay(street.site_id, third, NOON - 3 * hour, NOON - 2 * hour, gross_fen=300), 900, NOON - hour)
    stays = [paid_after, replace(closed_after, payments=(prepaid,)), too_much]
    finance.record(tx, stays=stays, at=NOON + timedelta(days=3))
    if is_compacted:
        compaction.compact(tx)

    then = collection.month_money(tx, at=NOON, is_known=True)
    later = collection.month_money(tx, at=NOON + 2 * hour, is_known=True)

    assert (then["receivable_fen"], then["received_fen"], then["arrears_fen"]) == (800, 300, 500)
    assert (later["receivable_fen"], later["received_fen"], later["arrears_fen"]) == (1_500, 1_500, 0)


def test_the_month_is_unknown_where_facts_are_missing(tx: Tx) -> None:
    money = collection.month_money(tx, at=NOON, is_known=False)

    assert money.pop("from") == "2026-11-01"
    assert set(money.values()) == {None}
