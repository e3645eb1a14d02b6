"""Openings: figures without facts stand beside facts, never over them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import psycopg
import pytest

from core.kit.db import Tx
from core.upkeep.openings import Figures, Row, bring
from tests.core.upkeep.street import Site, a_site

DAY = date(2025, 11, 20)
HOUR = datetime(2025, 11, 20, 3, tzinfo=UTC)


def figures(site: Site) -> Figures:
    """Return a day with one hour, one row of bills and one of money."""
    days: Iterable[Row] = [
        (site.site_id, DAY, "", "on_street", "small", "opening", 3, 3, 5_400, 3, 900, 0, 900, 0, 0),
        (site.site_id, DAY, "wechat", "on_street", "small", "opening", 0, 0, 0, 0, 0, 0, 0, 600, 2),
    ]
    return Figures(
        hours=[(site.site_id, HOUR, 3, 3, 5_400, 0, 600)],
        days=days,
        collections=[(site.site_id, DAY, DAY, False, 900, 3, 600, 2)],
        marks=[(site.site_id, DAY, "the system before")],
    )


class TestBring:
    def test_writes_and_marks_a_day(self, tx: Tx) -> None:
        site = a_site(tx)

        bring(tx, figures(site))

        assert tx.value("select source from rollup_opening where site_id = %(id)s", id=site.site_id) == "the system before"
        assert tx.value("select sum(received_fen) from day_figure where site_id = %(id)s", id=site.site_id) == 600
        assert tx.value("select sum(received_fen) from hour_figure where site_id = %(id)s", id=site.site_id) == 600
        assert tx.value("select sum(due_fen - received_fen) from collection_figure where site_id = %(id)s", id=site.site_id) == 300

    def test_writes_no_day_over(self, tx: Tx) -> None:
        site = a_site(tx)
        bring(tx, figures(site))

        with pytest.raises(psycopg.errors.UniqueViolation), tx.savepoint():
            bring(tx, figures(site))
