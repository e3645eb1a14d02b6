"""Sections: the register of sections and lots, how full each is, who came and went; its berths one by one in the drawer."""

import dataclasses
from datetime import datetime
from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.insight import sections, status
from core.insight.dispatch.states import BerthState
from core.insight.sections import SECTIONS as ROWS
from core.insight.sections import Berth, Section, Share
from core.kit.db import Row
from core.kit.locale import Lazy, _, _l, ngettext
from core.ui import drawer, formats, tables
from core.ui.parts import UNKNOWN
from core.ui.register import Choice, Reader, Register, Total, Typed
from core.ui.tables import Column, Look

KINDS: Final[dict[str, Lazy]] = {"on_street": _l("Section"), "off_street": _l("Lot")}


def show_section(reader: Reader, row: Row) -> list[Component]:
    """Tell of every berth of a section, and how it stands with all that its reader sees."""
    section = sections.get_section(reader.tx, site=row["site"], at=reader.at)
    counted = ngettext("%(count)s berth", "%(count)s berths", len(section.berths))
    note = counted if section.kind == "on_street" else _("A lot: vehicles are counted at its lanes, not by berth.")
    return [
        drawer.heading(tables.named(row, "site_name"), [], f"{section.site} · {note}"),
        *_berths(section, at=reader.at),
        *_overview(reader),
    ]


def _overview(reader: Reader) -> list[Component]:
    """Tell what there is, and how full each district is."""
    there = sections.count_resources(reader.tx, at=reader.at)
    shares = sections.shares(sections.list_within(reader.tx, sites=reader.sites, at=reader.at))
    numbers = (
        (_("Sections"), there.section_n), (_("Lots"), there.lot_n), (_("Berths"), there.berth_n), (_("Lanes"), there.lane_n),
        (_("Installed devices"), there.device_n), (_("Staff"), there.employee_n),
    )  # fmt: skip
    titles = [_("District"), _("Kind"), _("Places"), _("Occupied"), _("Free"), _("Unknown")]
    return [
        drawer.section(_("By district"), _("now"), tables.plain(titles, [_share(share) for share in shares], empty=UNKNOWN)),
        drawer.section(_("Resources in use"), "", drawer.facts([drawer.Fact(name, f"{n:,}") for name, n in numbers])),
    ]


def _share(share: Share) -> tuple[str, ...]:
    row = tables.shown(dataclasses.asdict(share), key="district")
    return (
        row["district_name"],
        str(KINDS[share.kind]),
        *(f"{n:,}" for n in (share.spaces, share.occupied, share.free, share.unknown)),
    )


def _berths(section: Section, *, at: datetime) -> list[Component]:
    if section.kind != "on_street":
        return []
    titles = [_("Berth"), _("State"), _("Since"), _("Sensor"), _("Last heard")]
    lines = [_line(berth, at=at) for berth in section.berths]
    return [drawer.section(_("Berths"), _state_counts(section), tables.plain(titles, lines, empty=_("No berth in service.")))]


def _line(berth: Berth, *, at: datetime) -> tuple[str | Component, ...]:
    is_known = berth.state in {BerthState.FREE, BerthState.OCCUPIED, BerthState.RESERVED}
    state = drawer.pill(drawer.Pill(str(berth.state.label), berth.state.value))
    since = formats.moment(berth.since, now=at, seconds=False) if is_known else UNKNOWN
    return berth.code, state, since, berth.device or UNKNOWN, formats.ago(berth.last_seen_at, now=at)


def _state_counts(section: Section) -> str:
    numbers = {state: sum(berth.state is state for berth in section.berths) for state in BerthState}
    return " · ".join(f"{state.label} {n}" for state, n in numbers.items() if n)


SECTIONS = Register(
    name="devices/sections",
    path="/devices/sections",
    group="monitoring",
    order=4,
    title=_l("Sections and lots now"),
    one=_l("Section or lot"),
    note=_l("By district, as the wall counts them"),
    view=Permission.DEVICES_VIEW,
    relation=ROWS,
    columns=(
        Column("site", _l("Site"), Look.CODE, 240, grows=True, beside="site_name"),
        Column("district", _l("District"), Look.TEXT, 130, beside="district_name"),
        Column("kind", _l("Kind"), Look.TEXT, 100, words=KINDS),
        Column("spaces", _l("Places"), Look.NUMBER, 100, note=_l("Berths in service; of a lot, what it holds.")),
        Column("occupied", _l("Occupied"), Look.NUMBER, 100),
        Column("free", _l("Free"), Look.NUMBER, 100),
        Column("unknown", _l("Unknown"), Look.NUMBER, 110,
               note=_l("Berths whose state nobody knows: silent, faulty, never heard.")),
        Column("load_pct", _l("Load"), Look.SHARE, 170, places=1,
               note=_l("Occupied of those known; of a lot, vehicles of its places.")),
        Column("entry_n", _l("In, last hour"), Look.NUMBER, 130),
        Column("exit_n", _l("Out, last hour"), Look.NUMBER, 130),
        Column("last_event_at", _l("Last event"), Look.AGE, 130, note=_l("The last that a vehicle did, within a day.")),
    ),
    filters=(
        Choice("district", _l("District"), lambda reader: status.list_districts(reader.tx, sites=reader.sites)),
        Choice("kind", _l("Kind"), KINDS),
        Typed("site", _l("Site"), "GL-01"),
    ),
    totals=(
        Total("spaces", _l("Places")), Total("occupied", _l("Occupied")), Total("free", _l("Free")),
        Total("unknown", _l("Unknown")), Total("entry_n", _l("In, last hour")), Total("exit_n", _l("Out, last hour")),
    ),
    sheet=show_section,
    is_live=True,
)  # fmt: skip
