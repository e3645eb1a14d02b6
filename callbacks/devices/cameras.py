"""Cameras: the register of video devices with their read rate; what each saw last in the drawer."""

from datetime import datetime
from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.insight import cameras, detectors
from core.insight.cameras import Read, Sheet
from core.insight.detectors import DEVICES, Health
from core.kit.db import Row
from core.kit.locale import Lazy, _, _l
from core.ui import drawer, formats, tables
from core.ui.drawer import Fact
from core.ui.parts import UNKNOWN
from core.ui.register import Chips, Choice, Reader, Register
from core.ui.tables import Column, Look
from core.ui.tones import Tone

KINDS: Final = {kind: detectors.KIND_LABELS[kind] for kind in cameras.KINDS}
STATES: Final[dict[str, Lazy]] = {state.value: state.label for state in Health}
TONES: Final = {
    "online": Tone.GOOD, "late": Tone.INFO, "silent": Tone.WATCH, "unheard": Tone.OFF, "faulty": Tone.ACT,
}  # fmt: skip


def show_camera(reader: Reader, row: Row) -> list[Component]:
    """Tell how a camera fares, and what it saw last."""
    sheet = cameras.get_sheet(reader.tx, row, at=reader.at)
    health = Health(row["state"])
    reach = _("the newest %(n)s of 24 h", n=len(sheet.reads)) if sheet.is_cut else _("newest first, 24 h")
    place = " · ".join(part for part in (tables.named(row, "site_name"), row["spaces"]) if part)
    return [
        drawer.heading(row["code"], [drawer.Pill(str(health.label), TONES[health].value)], place),
        drawer.section(_("Camera"), str(KINDS[row["kind"]]), drawer.facts(_facts(sheet, at=reader.at))),
        drawer.section(_("Last picture"), formats.moment(sheet.row["picture_at"], now=reader.at), _picture(sheet, at=reader.at)),
        drawer.section(_("Last reads"), reach, _reads(sheet, at=reader.at)),
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


def _picture(sheet: Sheet, *, at: datetime) -> Component:
    """Show the place of the newest picture; this version keeps none, only what was announced."""
    if sheet.row["picture"] is None:
        return tables.hint(_("No picture was announced in 24 hours."))
    return drawer.pictures([(formats.moment(sheet.row["picture_at"], now=at), _("No picture kept"))])


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


CAMERAS = Register(
    name="devices/cameras",
    path="/devices/cameras",
    group="monitoring",
    order=2,
    title=_l("Cameras"),
    one=_l("Camera"),
    note=_l("Poles, bollards, lanes and patrol vehicles"),
    view=Permission.DEVICES_VIEW,
    relation=DEVICES,
    columns=(
        Column("code", _l("Camera"), Look.CODE, 110),
        Column("kind", _l("Kind"), Look.TEXT, 130, words=KINDS),
        Column("site", _l("Site"), Look.CODE, 190, grows=True, beside="site_name"),
        Column("spaces", _l("Berths"), Look.CODE, 160, grows=True),
        Column("state", _l("State"), Look.STATE, 120, words=STATES, tones=TONES),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
        Column("read_pct", _l("Read rate"), Look.SHARE, 170, places=1, is_sorted=False,
               note=_l("Vehicles whose plate was read, of all that came in 24 hours; a dash where none came.")),
        Column("visit_n", _l("Vehicles"), Look.NUMBER, 110, is_sorted=False),
        Column("low_n", _l("Weak"), Look.NUMBER, 90, is_sorted=False, note=_l("Read too weakly to name anybody.")),
        Column("none_n", _l("Not read"), Look.NUMBER, 100, is_sorted=False),
        Column("last_read_at", _l("Last read"), Look.AGE, 120, is_sorted=False),
    ),
    filters=(
        Choice("district", _l("District"),
               lambda reader: detectors.list_districts(reader.tx, sites=reader.sites, kinds=cameras.KINDS)),
        Choice("site", _l("Site"), lambda reader: detectors.list_sites(reader.tx, sites=reader.sites, kinds=cameras.KINDS)),
        Choice("kind", _l("Kind"), KINDS),
    ),
    chips=Chips("state", STATES),
    given=lambda reader: cameras.given(at=reader.at, sites=reader.sites),
    sheet=show_camera,
    is_live=True,
)  # fmt: skip
