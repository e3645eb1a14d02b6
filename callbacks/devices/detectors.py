"""Detectors: a question of the grid in, its rows and the numbers of each state out; a row in, its sheet out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import edge
from core.access.permissions import Permission
from core.insight import detectors
from core.insight.detectors import DEVICES, Health, Report, Sheet
from core.kit.locale import Lazy, _
from core.ui import drawer, formats, language, tables, timeline
from core.ui.drawer import Fact
from core.ui.ids import Ids
from core.ui.parts import UNKNOWN
from core.ui.timeline import Dot, Lane, Period, Stretch

ids = Ids(__name__)

KINDS: Final = {kind: detectors.KIND_LABELS[kind] for kind in detectors.KINDS}
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
def list_devices(request: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Answer the grid; the numbers change only with the first block, which every new question begins with."""
    if not request:
        return no_update, no_update, no_update
    question = tables.asked(request)
    with edge.reading() as act:
        given = detectors.given(at=act.at)
        rows = DEVICES.rows(act.tx, question, **given)
        count = DEVICES.count(act.tx, question, **given)
        states = detectors.count_states(act.tx, question, at=act.at) if question.first == 0 else None
    answer = tables.block(rows, key=DEVICES.key, count=count)
    if states is None:
        return answer, no_update, no_update
    return (
        answer,
        tables.chip_options(STATES, {state.value: n for state, n in states.items()}),
        _("%(n)s devices found", n=f"{count:,}"),
    )


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "filterModel"),
    Input(ids.district, "value"),
    Input(ids.site, "value"),
    Input(ids.kind, "value"),
    Input(ids.state, "value"),
    Input(ids.battery, "value"),
    Input(ids.code, "value"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def filter_devices(
    district: str | None, site: str | None, kind: str | None, state: str | None, battery: str | None, code: str | None
) -> dict[str, Any]:
    """Give the grid what the filters say."""
    chosen = {"district": district, "site": site, "kind": kind, "state": state, "battery": battery}
    return tables.filtered(chosen, containing={"code": code})


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.district, "options"),
    Output(ids.site, "options"),
    Output(ids.kind, "options"),
    Output(ids.battery, "options"),
    Input(ids.district, "value"),
    State(ids.page, "data-lang"),
)
@language.spoken
def list_choices(district: str | None) -> tuple[list[dict[str, str]], ...]:
    """Fill the filters; a district leaves its own sites."""
    with edge.reading() as act:
        found = detectors.list_choices(act.tx)
    districts, sites = tables.places(found, district=district)
    kinds = [(kind, str(label)) for kind, label in KINDS.items()]
    levels = [(level, str(label)) for level, label in detectors.LEVEL_LABELS.items()]
    return districts, sites, tables.options(kinds), tables.options(levels)


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.drawer, "children"),
    Input(ids.grid, "selectedRows"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def show_device(rows: Sequence[Mapping[str, Any]] | None) -> list[Component]:
    """Tell all about the device of the row that was chosen."""
    if not rows:
        return [tables.hint(_("Choose a device to see its reports."))]
    with edge.reading() as act:
        sheet = detectors.get_sheet(act.tx, device_id=UUID(rows[0]["id"]), at=act.at)
    row = tables.shown(sheet.row, key=DEVICES.key)
    health = Health(row["state"])
    place = " · ".join(part for part in (row["site_name"], row["spaces"]) if part)
    return [
        drawer.heading(row["code"], [drawer.Pill(str(health.label), health.value)], place),
        drawer.section(_("Device"), str(KINDS[row["kind"]]), drawer.facts(_facts(sheet, at=act.at))),
        drawer.section(_("Heard today"), _coverage(sheet), _day(sheet)),
        drawer.section(_("Reports"), _("newest first, 24 h"), _reports(sheet, at=act.at)),
    ]


def _facts(sheet: Sheet, *, at: datetime) -> list[Fact]:
    row = sheet.row
    return [
        Fact(_("Last heard"), formats.ago(row["last_seen_at"], now=at)),
        Fact(_("Interval"), formats.length(row["expected_interval_s"])),
        Fact(_("Gateway"), row["gateway_code"]),
        Fact(_("Battery"), _told(row["battery_mv"], lambda mv: f"{mv / 1000:.2f} V")),
        Fact(_("Signal"), _told(row["rssi_dbm"], lambda dbm: f"{dbm} dBm")),
        Fact(_("Temperature"), _told(row["temperature_c"], lambda degrees: f"{degrees} °C")),
        Fact(_("Missed, 24 h"), _told(row["missed_n"], str)),
        Fact(_("Sent twice, 24 h"), _told(row["duplicate_n"], str)),
        Fact(_("Restarts, 24 h"), _told(row["boot_n"], str)),
        Fact(_("Clock offset"), _told(row["offset_ms"], lambda ms: f"{ms / 1000:+.1f} s")),
    ]


def _told(value: Any, write: Callable[[Any], str]) -> str:
    return UNKNOWN if value is None else write(value)


def _coverage(sheet: Sheet) -> str:
    if sheet.online_min is None or sheet.coverage_pct is None:
        return UNKNOWN
    return _("%(span)s · %(pct)s%%", span=formats.length(sheet.online_min * 60), pct=f"{sheet.coverage_pct:.1f}")


def _day(sheet: Sheet) -> Component:
    """Draw the day so far: heard, silent, and before it was there."""
    if sheet.watched is None:
        return tables.hint(_("Never heard so far."))
    stretches, from_at = [], sheet.watched.starts_at
    for outage in sheet.outages:
        stretches += [_stretch(from_at, outage.starts_at, "open"), _stretch(outage.starts_at, outage.ends_at, "silent")]
        from_at = outage.ends_at
    stretches.append(_stretch(from_at, sheet.watched.ends_at, "open"))
    seen = tuple(stretch for stretch in stretches if stretch.starts_at < stretch.ends_at)
    dots = [Dot(one.at, "case", _missing(one)) for one in sheet.reports if one.missed_before and sheet.day.has(one.at)]
    return timeline.timeline(Period(sheet.day.starts_at, sheet.day.ends_at), [Lane(_("Heard"), seen)], dots, name=_("Heard today"))


def _stretch(starts_at: datetime, ends_at: datetime, look: str) -> Stretch:
    word = _("heard") if look == "open" else _("silent")
    return Stretch(starts_at, ends_at, look, f"{formats.clock(starts_at)} – {formats.clock(ends_at)} {word}")


def _reports(sheet: Sheet, *, at: datetime) -> Component:
    """List the reports with both clocks; what never came stands as a line of its own below the report that followed it."""
    lines: list[Sequence[str | Component]] = []
    for one in sheet.reports:
        device_at = formats.moment(one.device_at, now=at)
        delay = _("%(s)s s", s=f"{one.delay_ms / 1000:.1f}")
        lines.append((_word(one), device_at, formats.clock(one.received_at), delay, _quality(one), str(one.seq)))
        if one.missed_before:
            lines.append((_missing(one),))
    titles = [_("Report"), _("Device clock"), _("Received at"), _("Delay"), _("Time"), _("No.")]
    return tables.plain(titles, lines, empty=_("Nothing was reported in 24 hours."))


def _word(one: Report) -> str:
    word = {
        "space_occupied": _("occupied"),
        "space_freed": _("free"),
        "plate_read": _("plate read"),
        "lane_in": _("in"),
        "lane_out": _("out"),
        "manual_open": _("opened by hand"),
        "payment": _("payment"),
    }.get(one.kind, _("heartbeat"))
    marks = [
        mark
        for is_so, mark in ((one.is_repeat, _("repeated")), (one.is_backfill, _("sent later")), (one.is_late, _("late")))
        if is_so
    ]
    return " · ".join([*([one.space] if one.space else []), word, *marks])


def _quality(one: Report) -> str:
    return {
        "trusted": _("trusted"),
        "corrected": _("corrected"),
        "received": _("our clock"),
        "suspect": _("suspect"),
    }[one.time_quality]


def _missing(one: Report) -> str:
    assert one.missed_before is not None
    first, last = one.missed_before
    return _("%(n)s reports missing: no. %(first)s to %(last)s", n=last - first + 1, first=first, last=last)
