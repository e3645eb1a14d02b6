"""The sheet of a stay tells its price line by line and what happened, and offers corrections where they can be made."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callbacks.insight import passages, stays
from core.access.actors import Actor
from core.access.permissions import Permission
from core.finance import corrections
from core.insight.passages import PASSAGES
from core.insight.stays import STAYS, given
from core.kit.db import Database
from core.kit.ids import derived_id
from core.kit.listing import Asked
from core.kit.locale import Language, use
from core.ui.register import Reader
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import MAGNET, Town

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=5)
CLERK = Actor(derived_id("actor", "clerk"), frozenset(Permission))


@pytest.fixture(scope="module")
def street(database: Database) -> Database:
    """Return the town after one car that stood for an hour and a half, paid, and left."""
    town.build(database)
    speaker = Town()
    Pipeline(database).take(
        [
            speaker.sensor(1, AT - timedelta(minutes=5), occupied=False, repeat=True),
            speaker.sensor(1, AT, occupied=True),
            speaker.collector(1, AT + timedelta(minutes=3), "江A11111"),
            speaker.sensor(1, AT + timedelta(minutes=90), occupied=False),
            speaker.pay(MAGNET, AT + timedelta(minutes=91), "江A11111", 1050, "t-01"),
        ]
    )
    return database


def told(database: Database) -> tuple[dict[str, Any], str]:
    """Return the row of the stay, and its sheet as text."""
    with use(Language.EN), database.transaction() as tx:
        reader = Reader(tx, CLERK, NOW, tx.value("select array_agg(site_id) from site"))
        (row,) = STAYS.rows(tx, Asked(), **given(at=NOW, sites=reader.sites))
        return row, str(stays.show(reader, row))


class TestShow:
    def test_tells_the_price_line_by_line(self, street: Database) -> None:
        row, text = told(street)

        assert (row["receivable_fen"], row["owed_fen"], row["order_state"]) == (1050, 0, "settled")
        assert "10:00–11:00 · day · 4 × 1.50 per 15 min" in text
        assert "11:00–11:30 · day · 2 × 2.25 per 15 min" in text
        assert all(word in text for word in ("Receivable", "Received", "10.50", "version 1"))

    def test_leads_to_the_verification_of_this_very_stay(self, street: Database) -> None:
        row, text = told(street)

        asked = f"site={row['site_id']}&vehicle=small&space={row['subject_id']}&entry=2026-11-20T10%3A00%3A00%2B08%3A00"
        assert f"/billing/verification?by=site&{asked}&exit=2026-11-20T11%3A30%3A00%2B08%3A00" in text

    def test_tells_what_happened_when(self, street: Database) -> None:
        _row, text = told(street)

        places = [text.index(word) for word in ("Came onto the berth", "Plate read", "Left the berth", "Paid 10.50 yuan")]
        assert places == sorted(places)

    def test_tells_corrections_with_their_reason(self, street: Database) -> None:
        row, _text = told(street)
        (void,) = [action for action in stays.STAYS.actions if action.name == "void"]
        assert void.when is not None
        assert void.when(row)
        with street.transaction() as tx:
            corrections.void(tx, [row["stay_id"]], reason="a trolley", by=CLERK, at=NOW)

        after, text = told(street)

        assert "a trolley" in text
        assert (after["stay_state"], after["order_state"], after["price_reason"]) == ("void", "void", "void")
        assert not void.when(after)


class TestPassages:
    def test_tell_who_saw_it(self, street: Database) -> None:
        with use(Language.EN), street.transaction() as tx:
            reader = Reader(tx, CLERK, NOW, tx.value("select array_agg(site_id) from site"))
            rows = PASSAGES.rows(tx, Asked(), **{**given(at=NOW, sites=reader.sites), "period": "today"})
            sheets = [str(passages.show(reader, row)) for row in rows]

        assert [row["direction"] for row in rows] == ["out", "in"]
        assert all("Magnetometer" in sheet for sheet in sheets)
