"""Lengths: bands hold what is less than their end, and nothing is no zero unless somebody vouches for it."""

from datetime import UTC, datetime, timedelta

import pytest

from core.finance import past as finance
from core.insight import lengths
from core.kit.db import Tx
from core.upkeep import compaction
from tests.core.insight.facts import a_stay, a_street

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize("is_compacted", [False, True])
def test_a_band_holds_what_is_less_than_its_end(tx: Tx, is_compacted: bool) -> None:
    street = a_street(tx, since=NOON - timedelta(days=3), berths=6)
    seconds = (899, 900, 3_599, 3_600, 14_399, 90_000)
    stays = [
        a_stay(street.site_id, space_id, NOON - timedelta(seconds=length), NOON)
        for space_id, length in zip(street.space_ids, seconds, strict=True)
    ]
    finance.record(tx, stays=stays, at=NOON)
    if is_compacted:
        compaction.compact(tx)

    after = lengths.durations_today(tx, at=NOON + timedelta(milliseconds=1), is_known=True)
    before = lengths.durations_today(tx, at=NOON, is_known=True)

    assert [band["n"] for band in after["bands"]] == [1, 1, 1, 1, 1, 1]
    assert (after["n"], after["median_min"]) == (6, 59)
    assert (before["n"], before["median_min"], before["bands"][0]["pct"]) == (0, None, None)


def test_nothing_is_unknown_where_nobody_vouches_for_it(tx: Tx) -> None:
    assert lengths.durations_today(tx, at=NOON, is_known=False) == {"bands": [], "median_min": None, "n": None}
