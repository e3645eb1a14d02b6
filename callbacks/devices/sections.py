"""Sections: a question of the grid in, sections and lots out; a row in, its berths out."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import edge
from core.access.permissions import Permission
from core.insight import quality, sections
from core.insight.dispatch.states import BerthState
from core.insight.sections import Berth, Section, Share
from core.kit import listing
from core.kit.locale import Lazy, _, _l, ngettext
from core.ui import drawer, formats, language, tables
from core.ui.ids import Ids
from core.ui.parts import UNKNOWN

ids = Ids(__name__)

KINDS: Final[dict[str, Lazy]] = {"on_street": _l("Section"), "off_street": _l("Lot")}


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "getRowsResponse"),
    Output(ids.kind, "options"),
    Output(ids.found, "children"),
    Input(ids.grid, "getRowsRequest"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def list_sections(request: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Answer the grid; the foot counts the berths of what was found."""
    if not request:
        return no_update, no_update, no_update
    question = tables.asked(request)
    with edge.reading() as act:
        rows = sections.list_sections(act.tx, at=act.at)
    page, count = sections.page(rows, question)
    alike, _n = listing.chosen(rows, question.all_rows().without("kind"), columns=sections.COLUMNS, key=sections.KEY)
    found, _n = listing.chosen(rows, question.all_rows(), columns=sections.COLUMNS, key=sections.KEY)
    answer = tables.block(page, key=sections.KEY, count=count)
    return answer, tables.chip_options(KINDS, listing.tally(alike, "kind"), lamps=False), _sum(found)


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "filterModel"),
    Input(ids.district, "value"),
    Input(ids.kind, "value"),
    Input(ids.site, "value"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def filter_sections(district: str | None, kind: str | None, site: str | None) -> dict[str, Any]:
    """Give the grid what the filters say."""
    return tables.filtered({"district": district, "kind": kind}, containing={"site": site})


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.district, "options"),
    Input(ids.page, "id"),
    State(ids.page, "data-lang"),
)
@language.spoken
def list_districts(_page: str) -> list[dict[str, str]]:
    """Fill the filter when the page begins."""
    with edge.reading() as act:
        rows = quality.list_places(act.tx)
    return tables.places(rows, district=None)[0]


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.drawer, "children"),
    Input(ids.grid, "selectedRows"),
    State(ids.page, "data-lang"),
)
@language.spoken
def show_section(rows: Sequence[Mapping[str, Any]] | None) -> list[Component]:
    """Tell of every berth of the section that was chosen."""
    if not rows:
        return _overview()
    with edge.reading() as act:
        section = sections.get_section(act.tx, site=str(rows[0]["id"]), at=act.at)
    row = tables.shown({"id": section.site, "name": section.name, "name_en": section.name_en}, key="id")
    counted = ngettext("%(count)s berth", "%(count)s berths", len(section.berths))
    note = counted if section.kind == "on_street" else _("A lot: vehicles are counted at its lanes, not by berth.")
    return [drawer.heading(row["name"], [], f"{section.site} · {note}"), *_berths(section, at=act.at)]


def _overview() -> list[Component]:
    """Tell what there is, and how full each district is, while no section is chosen."""
    with edge.reading() as act:
        there = sections.count_resources(act.tx, at=act.at)
        shares = sections.shares(sections.list_sections(act.tx, at=act.at))
    numbers = (
        (_("Sections"), there.section_n), (_("Lots"), there.lot_n), (_("Berths"), there.berth_n), (_("Lanes"), there.lane_n),
        (_("Installed devices"), there.device_n), (_("Staff"), there.employee_n),
    )  # fmt: skip
    titles = [_("District"), _("Kind"), _("Places"), _("Occupied"), _("Free"), _("Unknown")]
    return [
        tables.hint(_("Choose a section to see its berths.")),
        drawer.section(_("In use"), "", drawer.facts([drawer.Fact(name, f"{n:,}") for name, n in numbers])),
        drawer.section(_("By district"), _("now"), tables.plain(titles, [_share(share) for share in shares], empty=UNKNOWN)),
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


def _sum(rows: Sequence[Mapping[str, Any]]) -> str:
    """Tell the numbers of all that was found; places nobody knows of are named, not counted as free."""
    total = {name: sum(row[name] or 0 for row in rows) for name in ("spaces", "occupied", "free", "unknown", "entry_n", "exit_n")}
    return _(
        "%(n)s found · %(spaces)s places · %(occupied)s occupied · %(free)s free · %(unknown)s unknown · "
        "last hour %(entry_n)s in, %(exit_n)s out",
        n=len(rows),
        **{name: f"{n:,}" for name, n in total.items()},
    )
