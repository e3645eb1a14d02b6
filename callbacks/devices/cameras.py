"""Cameras: a question of the grid in, video devices with their read rate out; a row in, what it saw last out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import edge
from core.access.permissions import Permission
from core.insight import cameras, detectors
from core.insight.cameras import Read, Sheet
from core.insight.detectors import DEVICES, Health
from core.kit.locale import Lazy, _
from core.ui import drawer, formats, language, tables
from core.ui.drawer import Fact
from core.ui.ids import Ids
from core.ui.parts import UNKNOWN

ids = Ids(__name__)

KINDS: Final = {kind: detectors.KIND_LABELS[kind] for kind in cameras.KINDS}
STATES: Final[dict[str, Lazy]] = {state.value: state.label for state in Health}


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "getRowsResponse"),
    Output(ids.state, "options"),
    Output(ids.found, "children"),
    Input(ids.grid, "getRowsRequest"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def list_cameras(request: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Answer the grid, and count the states."""
    if not request:
        return no_update, no_update, no_update
    question = tables.asked(request)
    with edge.reading() as act:
        rows, count = cameras.list_cameras(act.tx, question, at=act.at)
        states = cameras.count_states(act.tx, question, at=act.at)
    chips = tables.chip_options(STATES, {state.value: n for state, n in states.items()})
    return tables.block(rows, key=DEVICES.key, count=count), chips, _("%(n)s cameras found", n=f"{count:,}")


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "filterModel"),
    Input(ids.district, "value"),
    Input(ids.site, "value"),
    Input(ids.kind, "value"),
    Input(ids.state, "value"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def filter_cameras(district: str | None, site: str | None, kind: str | None, state: str | None) -> dict[str, Any]:
    """Give the grid what the filters say."""
    return tables.filtered({"district": district, "site": site, "kind": kind, "state": state})


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.district, "options"),
    Output(ids.site, "options"),
    Output(ids.kind, "options"),
    Input(ids.district, "value"),
    State(ids.page, "data-lang"),
)
@language.spoken
def list_choices(district: str | None) -> tuple[list[dict[str, str]], ...]:
    """Fill the filters; a district leaves its own sites."""
    with edge.reading() as act:
        found = detectors.list_choices(act.tx, kinds=cameras.KINDS)
    districts, sites = tables.places(found, district=district)
    return districts, sites, tables.options((kind, str(label)) for kind, label in KINDS.items())


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.drawer, "children"),
    Input(ids.grid, "selectedRows"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def show_camera(rows: Sequence[Mapping[str, Any]] | None) -> list[Component]:
    """Tell what the camera of the row that was chosen saw last."""
    if not rows:
        return [tables.hint(_("Choose a camera to see its last reads."))]
    with edge.reading() as act:
        sheet = cameras.get_sheet(act.tx, device_id=UUID(rows[0]["id"]), at=act.at)
    row = tables.shown(sheet.row, key=DEVICES.key)
    health = Health(row["state"])
    place = " · ".join(part for part in (row["site_name"], row["spaces"]) if part)
    return [
        drawer.heading(row["code"], [drawer.Pill(str(health.label), health.value)], place),
        drawer.section(_("Camera"), str(KINDS[row["kind"]]), drawer.facts(_facts(sheet, at=act.at))),
        drawer.section(_("Last picture"), formats.moment(sheet.row["picture_at"], now=act.at), _picture(sheet)),
        drawer.section(_("Last reads"), _("newest first, 24 h"), _reads(sheet, at=act.at)),
    ]


def _facts(sheet: Sheet, *, at: datetime) -> list[Fact]:
    row = sheet.row
    pct = UNKNOWN if row["read_pct"] is None else f"{row['read_pct']:.1f}%"
    covered = UNKNOWN if sheet.day.coverage_pct is None else f"{sheet.day.coverage_pct:.1f}%"
    return [
        Fact(_("Last heard"), formats.ago(row["last_seen_at"], now=at)),
        Fact(_("Read rate, 24 h"), pct),
        Fact(_("Heard today"), covered),
        Fact(_("Vehicles seen"), str(row["visit_n"])),
        Fact(_("Read"), str(row["read_n"])),
        Fact(_("Weak or none"), f"{row['low_n']} · {row['none_n']}"),
    ]


def _picture(sheet: Sheet) -> Component:
    """Show the place of the newest picture; this version keeps none, only what was announced."""
    if sheet.row["picture"] is None:
        return tables.hint(_("No picture was announced in 24 hours."))
    return drawer.pictures([(sheet.row["picture"][:12], _("No picture kept"))])


def _reads(sheet: Sheet, *, at: datetime) -> Component:
    titles = [_("Time"), _("What"), _("Plate"), _("Sure")]
    return tables.plain(titles, [_line(one, at=at) for one in sheet.reads], empty=_("No vehicle was seen in 24 hours."))


def _line(one: Read, *, at: datetime) -> tuple[str, ...]:
    word = {
        "space_occupied": _("occupied"),
        "lane_in": _("in"),
        "lane_out": _("out"),
        "plate_read": _("plate read"),
        "picture": _("passed"),
    }[one.kind]
    outcome = {"low": _("too weak"), "none": _("not read")}.get(one.outcome, UNKNOWN)
    sure = UNKNOWN if one.confidence_pct is None else f"{one.confidence_pct}%"
    return formats.moment(one.at, now=at), " · ".join(part for part in (one.space, word) if part), one.plate or outcome, sure
