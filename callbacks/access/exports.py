"""Exports: the register of one's own files, being made and made."""

from datetime import datetime
from typing import Final
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from core.access import exports
from core.access.actors import Actor
from core.access.exports import ExportState
from core.access.permissions import Permission
from core.kit.db import Row, Tx
from core.kit.locale import Lazy, _, _l
from core.ui import drawer, formats, tones
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN, box
from core.ui.register import Action, Chips, Reader, Register
from core.ui.register.deeds import Titles
from core.ui.tables import Column, Look

STATES: Final[dict[str, Lazy]] = {
    ExportState.WAITING: _l("Waiting"),
    ExportState.RUNNING: _l("Being made"),
    ExportState.DONE: _l("Ready"),
    ExportState.FAILED: _l("Failed"),
    ExportState.CANCELLED: _l("Cancelled"),
    ExportState.EXPIRED: _l("Deleted after a day"),
}
TITLES: Final = Titles()
_KIB: Final = 1024


def _sheet(reader: Reader, row: Row) -> list[Component]:
    """Return what is known of a file, and where to get it."""
    title = TITLES.get(row["register"], row["register"])
    state = str(row["state"])
    pill = Pill(str(STATES[state]), tones.OUTCOMES[state])
    facts = [
        Fact(_("Rows"), f"{row['row_n']:,}" if row["row_total"] is None else f"{row['row_n']:,} / {row['row_total']:,}"),
        Fact(_("Size"), UNKNOWN if row["file_bytes"] is None else f"{-(-row['file_bytes'] // _KIB):,} KiB"),
        Fact(_("Requested at"), formats.moment(row["asked_at"], now=reader.at)),
        Fact(_("Kept until"), formats.moment(row["expires_at"], now=reader.at)),
        Fact(_("Personal data"), _("in full") if row["is_revealed"] else _("in part")),
        Fact(_("Reason"), row["reason"] or UNKNOWN),
    ]
    parts = [drawer.heading(title, [pill], row["file_name"] or row["shape"].upper()), box("register__pairs", drawer.facts(facts))]
    if row["detail"]:
        parts.append(box("table__hint", row["detail"]))
    if state == ExportState.DONE:
        parts.append(html.A(_("Download"), href=f"/exports/{row['export_id']}/file", className="button button--first"))
    return parts


def _cancel(tx: Tx, keys: list[UUID], *, reason: str, by: Actor, at: datetime, draft: None) -> int:  # noqa: ARG001  # an action's signature
    return exports.cancel(tx, keys, by=by, at=at)


EXPORTS = Register(
    name="access/exports",
    path="/system/exports",
    group="exports",
    order=1,
    title=_l("My exports"),
    one=_l("Export"),
    note=_l("Kept for a day, for you alone"),
    view=Permission.EXPORT,
    relation=exports.OWN,
    for_all="files belong to their owner, whose id is given",
    given=lambda reader: {"user_id": reader.actor.id},
    columns=(
        Column("file_name", _l("File"), Look.TEXT, 260, grows=True),
        Column("register", _l("Of the list"), Look.TEXT, 150, words=TITLES),
        Column("shape", _l("Shape"), Look.CODE, 80),
        Column("state", _l("State"), Look.STATE, 140, words=STATES, tones=tones.OUTCOMES),
        Column("done_pct", _l("Progress"), Look.SHARE, 150),
        Column("row_n", _l("Rows"), Look.NUMBER, 100),
        Column("asked_at", _l("Requested at"), Look.MOMENT, 150),
        Column("expires_at", _l("Kept until"), Look.MOMENT, 150),
    ),
    chips=Chips("state", STATES),
    sheet=_sheet,
    heading="register",
    actions=(
        Action("cancel", _l("Cancel"), _cancel, Permission.EXPORT, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] in {ExportState.WAITING, ExportState.RUNNING}),
    ),
    has_export=False,
    is_live=True,
)  # fmt: skip
