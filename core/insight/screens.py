"""
Screens: what each guidance screen shows of a site, against what the platform told it. Tables device, screen_number.

One screen may show several sites: a row is one number. No number is shown as a dash; that is a number of its own here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from core.kit.db import Row, Tx
from core.kit.listing import Asked, Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named

SQL = named("insight/screens")

PATIENCE: Final = timedelta(seconds=60)
"""How long a screen may show another number than it was told; the same as of its alarm."""

NUMBERS: Final = Relation(
    SQL["screen_rows"],
    key="number_id",
    columns=frozenset(
        {"code", "site", "district", "target", "shown", "asked", "drift", "state", "asked_at", "shown_at", "last_seen_at"}
    ),
    order=(Order("site"), Order("code"), Order("target")),
)


class Agreement(StrEnum):
    """Whether a screen shows what it was told."""

    AGREED = "agreed"
    WAITING = "waiting"
    DRIFT = "drift"
    SILENT = "silent"
    UNTOLD = "untold"
    UNHEARD = "unheard"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _LABELS[self]


_LABELS: Final = {
    Agreement.AGREED: _l("Agrees"),
    Agreement.WAITING: _l("Just told"),
    Agreement.DRIFT: _l("Differs"),
    Agreement.SILENT: _l("Silent"),
    Agreement.UNTOLD: _l("Not told yet"),
    Agreement.UNHEARD: _l("Never heard"),
}


def list_numbers(tx: Tx, asked: Asked, *, at: datetime, sites: Sequence[UUID]) -> tuple[list[Row], int]:
    """
    Return one page of the numbers on screens that stand at some sites, and how many there are.

    Columns: those of the statement; shown and asked are None for a dash, drift is shown less asked, None beside a dash.
    """
    values = given(at=at, sites=sites)
    return NUMBERS.rows(tx, asked, **values), NUMBERS.count(tx, asked, **values)


def count_states(tx: Tx, asked: Asked, *, at: datetime, sites: Sequence[UUID]) -> dict[str, int]:
    """Return how many numbers are in each state under the other conditions."""
    counted = NUMBERS.count_by(tx, "state", asked, **given(at=at, sites=sites))
    return {state.value: counted.get(state.value, 0) for state in Agreement}


def given(*, at: datetime, sites: Sequence[UUID]) -> dict[str, Any]:
    """Return the values that the list needs at an instant, for the screens of some sites."""
    return {"at": at, "patient_at": at - PATIENCE, "sites": list(sites)}
