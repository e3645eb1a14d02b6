"""Detectors: the register of sensors, locks, loops and gateways, how each fares; its day and its reports in the drawer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.insight import detectors
from core.insight.detectors import DEVICES, Health, Report, Sheet
from core.kit.db import Row
from core.kit.locale import Lazy, _, _l
from core.ui import drawer, formats, tables, timeline
from core.ui.drawer import Fact
from core.ui.parts import UNKNOWN
from core.ui.register import Chips, Choice, Reader, Register, Typed
from core.ui.tables import Column, Look
from core.ui.timeline import Dot, Lane, Period, Stretch
from core.ui.tones import Tone

KINDS: Final = {kind: detectors.KIND_LABELS[kind] for kind in detectors.KINDS}
STATES: Final[dict[str, Lazy]] = {state.value: state.label for state in Health}
TONES: Final = {
    "online": Tone.GOOD, "late": Tone.INFO, "silent": Tone.WATCH, "unheard": Tone.OFF, "faulty": Tone.ACT,
}  # fmt: skip


def show_device(reader: Reader, row: Row) -> list[Component]:
    """Tell all about a device: how it fares, its day, its reports."""
    sheet = detectors.get_sheet(reader.tx, row, at=reader.at)
    health = Health(row["state"])
    place = " · ".join(part for part in (tables.named(row, "site_name"), row["spaces"]) if part)
    return [
        drawer.heading(row["code"], [drawer.Pill(str(health.label), TONES[health].value)], place),
        drawer.section(_("Device"), str(KINDS[row["kind"]]), drawer.facts(_facts(sheet, at=reader.at))),
        drawer.section(_("Heard today"), _coverage(sheet), _day(sheet)),
        drawer.section(_("Reports"), _("newest first, 24 h"), _reports(sheet, at=reader.at)),
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
        Fact(_("Clock offset"), _told(row["offset_ms"], lambda ms: _("%(n)s s", n=f"{ms / 1000:+.1f}"))),
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


DETECTORS = Register(
    name="devices/detectors",
    path="/devices/detectors",
    group="monitoring",
    order=1,
    title=_l("Detectors"),
    one=_l("Device"),
    note=_l("Sensors, locks, loops and gateways"),
    view=Permission.DEVICES_VIEW,
    relation=DEVICES,
    columns=(
        Column("code", _l("Device"), Look.CODE, 110),
        Column("kind", _l("Kind"), Look.TEXT, 120, words=KINDS),
        Column("site", _l("Site"), Look.TEXT, 190, grows=True, beside="site_name"),
        Column("spaces", _l("Berth"), Look.CODE, 90),
        Column("state", _l("State"), Look.STATE, 120, words=STATES, tones=TONES),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
        Column("battery_mv", _l("Battery"), Look.LEVEL, 110, beside="battery", unit="V", scale=1000, places=2),
        Column("rssi_dbm", _l("Signal"), Look.LEVEL, 110, beside="signal", unit="dBm"),
        Column("missed_n", _l("Missed"), Look.NUMBER, 100,
               note=_l("Reports the interval promises that did not come, 24 whole hours.")),
        Column("duplicate_n", _l("Sent twice"), Look.NUMBER, 110, note=_l("Messages that came more than once, 24 hours.")),
        Column("boot_n", _l("Restarts"), Look.NUMBER, 100, note=_l("Restarts of the device, 24 hours.")),
    ),
    filters=(
        Choice("district", _l("District"), lambda reader: detectors.list_districts(reader.tx, sites=reader.sites)),
        Choice("site", _l("Site"), lambda reader: detectors.list_sites(reader.tx, sites=reader.sites)),
        Choice("kind", _l("Kind"), KINDS),
        Choice("battery", _l("Battery"), detectors.LEVEL_LABELS),
        Typed("code", _l("Device"), "M0217"),
    ),
    chips=Chips("state", STATES),
    given=lambda reader: detectors.given(at=reader.at, sites=reader.sites),
    sheet=show_device,
    is_live=True,
)  # fmt: skip
