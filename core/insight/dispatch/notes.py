"""Notes: what became known of a berth and what was done about it. Tables alarm, review_case, stay_amendment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.insight.dispatch import words
from core.insight.dispatch.berths import Berth
from core.kit.db import Row, Tx
from core.kit.locale import _
from core.kit.sql import named

SQL = named("insight/dispatch/notes")

BACK: Final = timedelta(days=30)
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the history. kind: raised, cleared, case, decided, amended; rule: of an alarm, else the kind of case."""

    at: datetime
    kind: str
    rule: str
    priority: int | None
    text: str


def list_notes(tx: Tx, *, berth: Berth, at: datetime) -> tuple[Note, ...]:
    """Return the newest notes of 30 days up to a moment, newest first."""
    rows = tx.rows(SQL["list_notes"], **berth.key, space=berth.space, from_at=at - BACK, at=at, limit=MOST)
    return tuple(Note(row["at"], row["kind"], row["rule"], row["priority"], _text(row)) for row in rows)


def _text(row: Row) -> str:
    name = row["rule"]
    match row["kind"]:
        case "raised":
            return _(
                "Alarm: %(what)s. %(detail)s", what=words.rule(name), detail=words.about(name, row["detail"], at=row["at"])
            ).strip()
        case "cleared":
            return _("Alarm over: %(what)s.", what=words.rule(name))
        case "case":
            return _("To be looked at: %(what)s", what=words.case(name))
        case "decided":
            return _("Decided: %(what)s", what=words.case(name))
        case _:
            return words.amendment(name)
