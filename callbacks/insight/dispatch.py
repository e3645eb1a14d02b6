"""Dispatch map: a berth or the queue asked for by the page's script; what stands there out."""

from datetime import datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from dash import Input, Output, html
from dash.development.base_component import Component

from callbacks import edge
from core.access.permissions import Permission
from core.insight.dispatch import cards, lanes
from core.insight.dispatch import queue as alarms
from core.insight.dispatch.cards import Brought, Card, DeviceHealth, Evidence, Level, StayNow
from core.insight.dispatch.lanes import Day
from core.insight.dispatch.lanes import Lane as Told
from core.insight.dispatch.states import BerthState, Flag
from core.kit.errors import Refused
from core.kit.locale import Language, _, current
from core.ui import downloads, drawer, formats, language, queue, timeline
from core.ui.drawer import Fact, Gauge, Pill
from core.ui.ids import Ids
from core.ui.parts import UNKNOWN, Child, box, span
from core.ui.states import Blank, blank
from core.ui.timeline import Dot, Lane, Period, Stretch
from core.upkeep import acknowledgements

ids = Ids(__name__)

MOST_ALARMS: Final = 40
"""Rows of one page of the queue; the counts above them stay exact. Each row costs the page time to draw, most in a storm."""
MOST_PICTURES: Final = 3
"""Pictures of devices, the newest, and of people, the last."""
_SIGNS: Final = {BerthState.RESERVED: "desk-reserved", BerthState.UNKNOWN: "desk-unknown", BerthState.ABSENT: "desk-unknown"}
_EMPTY_MV, _FULL_MV = 3_000, 3_650
_DEAF_DBM, _CLEAR_DBM = -125, -70


class Asked(TypedDict):
    """A berth, asked for by the page's script: `at` an ISO instant or None for now, `n` which question it is."""

    site: str
    space: str
    at: str | None
    lang: str
    n: int


@edge.guarded(Permission.DISPATCH_VIEW, Output(ids.berth, "children"), Input(ids.asked, "data"), prevent_initial_call=True)
def show_berth(asked: Asked) -> Component:
    """Return the drawer of a berth at a moment; a berth that does not exist is said there."""
    with language.speaking(asked["lang"]), edge.reading() as act:
        live = asked["at"] is None
        at = act.at if asked["at"] is None else datetime.fromisoformat(asked["at"])
        key: dict[str, Any] = {"site": asked["site"], "space": asked["space"], "at": at, "live": live}  # one key of two reads
        try:
            inside = _drawn(cards.get_card(act.tx, **key), lanes.get_day(act.tx, **key))
        except Refused as error:
            inside = [blank(Blank.EMPTY, title=error.message)]
    return box("drawer__inside", *inside, question=str(asked["n"]))


class Refreshed(TypedDict):
    """
    The queue, asked for anew.

    `at` is an ISO instant or None for now, `skip` how many alarms stand on the pages before, `n` which question it is.
    """

    lang: str
    at: str | None
    skip: int
    n: int


@edge.guarded(Permission.DISPATCH_VIEW, Output(ids.queue, "children"), Input(ids.refreshed, "data"), prevent_initial_call=True)
def list_alarms(refreshed: Refreshed) -> Component:
    """Return one page of the queue of the alarms that stand at a moment."""
    with language.speaking(refreshed["lang"]) as spoken:
        with edge.reading() as act:
            at = act.at if refreshed["at"] is None else datetime.fromisoformat(refreshed["at"])
            open_now = alarms.list_queue(act.tx, at=at, limit=MOST_ALARMS, skip=max(int(refreshed["skip"]), 0))
        rows = [
            queue.Row(
                alarm=str(row.alarm_id),
                priority=row.priority,
                title=row.title,
                told=" · ".join(filter(None, (_site(row.site_name, row.site_name_en, spoken, row.space), row.text))),
                raised_at=formats.iso(row.raised_at),
                n=row.n,
                site=row.site or "",
                space=row.space or "",
                lon=row.lon,
                lat=row.lat,
                seen=_seen(row, now=at),
            )
            for row in open_now.rows
        ]
        counts = {1: open_now.p1, 2: open_now.p2, 3: open_now.p3}
        return queue.queue(rows, counts, question=refreshed["n"], skipped=open_now.skipped, page=MOST_ALARMS)


def _seen(row: alarms.QueueRow, *, now: datetime) -> str:
    """Return who sees to an alarm and since when; nothing as long as nobody does."""
    if row.acknowledged_at is None:
        return ""
    since = formats.moment(row.acknowledged_at, now=now, seconds=False)
    return _("Acknowledged %(time)s · %(name)s", time=since, name=row.acknowledged_by or UNKNOWN)


class Acknowledged(TypedDict):
    """An alarm that somebody says he sees to."""

    lang: str
    alarm: str


@edge.guarded(
    Permission.ALARMS_ACKNOWLEDGE, Output(ids.answered, "children"), Input(ids.acknowledged, "data"), prevent_initial_call=True
)
def acknowledge_alarm(acknowledged: Acknowledged) -> str:
    """Note that its reader sees to an alarm; return which one, so that the page's script reads the queue anew."""
    with language.speaking(acknowledged["lang"]), edge.action() as act:
        alarm_id = UUID(acknowledged["alarm"])
        rule = acknowledgements.acknowledge(act.tx, alarm_id=alarm_id, scope=act.scope, by=act.actor.id, at=act.at)
        act.tell(f"alarm {alarm_id}", after={"rule": rule, "acknowledged": True})
    return acknowledged["alarm"]


def _site(name: str | None, name_en: str | None, spoken: Language, space: str | None) -> str:
    site = (name_en if spoken is Language.EN else name) or name or ""
    return f"{site} {space}" if space else site


def _drawn(card: Card, day: Day) -> list[Component]:
    """Return the drawer of one berth from top to bottom."""
    spoken = current()
    place = card.place
    name = place.site_name_en if spoken is Language.EN else place.site_name
    district = place.district_en if spoken is Language.EN else place.district
    devices = [f"{_kind(device.kind)} {device.device}" for device in card.devices]
    sign = _SIGNS.get(card.state, str(card.state))
    pills = [Pill(str(card.state.label), str(card.state), sign)]
    pills += [Pill(str(flag.label), "attention", "desk-attention") for flag in Flag if flag in card.flags]
    heading = drawer.heading(f"{name} {place.space}", pills, " · ".join([district, *devices]))
    parts = [heading, _facts(card), _timeline(card, day), _evidence(card), *(_health(card, device) for device in card.devices)]
    if card.staff:
        rows = [(one.staff_no, one.name) for one in card.staff]
        parts.append(drawer.section(_("Staff on duty here"), "", drawer.notes(rows)))
    if card.history:
        rows = [(formats.moment(note.at, now=card.at, seconds=False), note.text) for note in card.history]
        parts.append(drawer.section(_("What was done"), "", drawer.notes(rows)))
    return parts


def _facts(card: Card) -> Component:
    if card.stay is None:
        since = [
            Fact(_("Since"), formats.moment(card.since, now=card.at)),
            Fact(_("For"), _since(card), since="" if card.since is None else formats.iso(card.since)),
        ]
        return box("drawer__section", drawer.facts(since), part="facts")
    return box("drawer__section", drawer.facts(_of_stay(card.stay, card.at)), *_doubts(card.stay), part="facts")


def _since(card: Card) -> str:
    return UNKNOWN if card.since is None else formats.length(int((card.at - card.since).total_seconds()))


def _of_stay(stay: StayNow, at: datetime) -> list[Fact]:
    arrived = formats.moment(stay.started_at, now=at)
    return [
        Fact(_("Plate"), stay.plate or _("not read")),
        Fact(_("Arrived"), _("before %(time)s", time=arrived) if stay.is_found else arrived),
        Fact(_("Stayed"), formats.length(stay.length_s), since=formats.iso(stay.started_at)),
        Fact(_("Price (CNY)"), formats.money(stay.price_fen)),
        Fact(_("Paid (CNY)"), formats.money(stay.paid_fen)),
        Fact(_("Arrears"), formats.arrears(stay.arrears_n, stay.arrears_fen), "owed" if stay.arrears_fen else ""),
    ]


def _doubts(stay: StayNow) -> list[Component]:
    return (
        [box("drawer__doubt", _("The sensor fell silent during this stay: its end may have been missed."))]
        if stay.is_suspect
        else []
    )


def _timeline(card: Card, day: Day) -> Component:
    period = Period(day.starts_at, day.ends_at)
    rows = [_lane(lane, day, card.at) for lane in day.lanes]
    dots = [Dot(mark.at, mark.kind, f"{formats.moment(mark.at, now=card.at)} {mark.text}") for mark in day.marks]
    reached = " – ".join(formats.moment(edge_at, now=card.at, seconds=False) for edge_at in (day.starts_at, day.ends_at))
    why = [(formats.moment(gap.starts_at, now=card.at, seconds=False), gap.reason) for gap in reversed(day.mismatches)]
    told = [box("reasons", drawer.notes(why), extra={"aria-label": _("Why sources differ")}, part="reasons")] if why else []
    drawn = timeline.timeline(period, rows, dots, name=_("Timeline of the berth"))
    return drawer.section(_("Timeline of the berth"), reached, drawn, _looks(), *told, name="timeline")


def _lane(lane: Told, day: Day, now: datetime) -> Lane:
    """Return a lane with the stretches in which it disagrees laid over it."""
    if not lane.is_installed:
        return Lane(str(lane.kind.label), (), _("not installed"))
    names = _run_names()
    runs = [
        Stretch(run.starts_at, run.ends_at, run.state, " ".join(filter(None, (
            names.get(run.state, run.state), _between(run.starts_at, run.ends_at, now), run.plate, run.device))))
        for run in lane.runs
    ]  # fmt: skip
    over = [
        Stretch(gap.starts_at, gap.ends_at, "silent" if gap.kind == "sensor_silent" else "mismatch", gap.reason)
        for gap in day.mismatches
        if lane.kind in gap.lanes
    ]
    return Lane(str(lane.kind.label), (*runs, *over))


def _between(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    return f"{formats.moment(starts_at, now=now, seconds=False)} – {formats.moment(ends_at, now=now, seconds=False)}"


def _looks() -> Component:
    looks = {"occupied": _("occupied"), "mismatch": _("signals differ"), "silent": _("no data")}
    items = [span("timeline__look", box(f"timeline__ink timeline__run--{look}", tag=html.I), text) for look, text in looks.items()]
    return box("timeline__looks", *items)


def _run_names() -> dict[str, str]:
    return {
        "occupied": _("occupied"),
        "free": _("free"),
        "silent": _("no data"),
        "unknown": _("unknown"),
        "reserved": _("reserved"),
        "open": _("order open"),
        "closed": _("order closed"),
    }


def _evidence(card: Card) -> Component:
    if not card.evidence and not card.brought:
        return drawer.section(_("Evidence"), "", box("drawer__nothing", _("No picture kept")), name="evidence")
    shown: list[tuple[Evidence | Brought, str, str]] = [
        (one, formats.moment(one.at, now=card.at), _source(one.source)) for one in card.evidence[:MOST_PICTURES]
    ]
    shown += [
        (one, _("brought %(time)s", time=formats.moment(one.at, now=card.at, seconds=False)), one.by or UNKNOWN)
        for one in card.brought[-MOST_PICTURES:]
    ]
    may_see = Permission.EVIDENCE_VIEW in edge.actor().permissions
    rows = [
        (when, who, downloads.picture(card.place.site_id, one.sha256)) if one.is_kept and may_see else (when, _("no picture kept"))
        for one, when, who in shown
    ]
    note = _("%(n)s of %(all)s", n=len(rows), all=len(card.evidence) + len(card.brought))
    return drawer.section(_("Evidence"), note, drawer.pictures(rows), name="evidence")


def _source(name: str) -> str:
    """Return what people call who took a picture: the source of a read, else the kind of the device."""
    sources = {"video": _("Video"), "handheld": _("Handhelds"), "gate": _("Gates"), "patrol": _("Patrol cars")}
    return sources.get(name) or _kind(name)


def _health(card: Card, device: DeviceHealth) -> Component:
    return drawer.section(
        f"{_kind(device.kind)} {device.device}", _heard(device, card), drawer.gauges(_gauges(device)), name="health"
    )


def _heard(device: DeviceHealth, card: Card) -> Child:
    """Return when a device was heard last; how long ago that is counts on in the page."""
    if device.last_seen_at is None:
        return _("never heard")
    ago = span("", formats.ago(device.last_seen_at, now=card.at), ago=formats.iso(device.last_seen_at))
    return span("", _("heard %(at)s", at=formats.clock(device.last_seen_at)), " · ", ago)


def _gauges(device: DeviceHealth) -> list[Gauge]:
    gauges = [
        Gauge(
            _("Reports 24 h"),
            f"{device.heard_24h} / {device.expected_24h}" if device.expected_24h else UNKNOWN,
            100 * device.heard_24h / device.expected_24h if device.expected_24h else None,
            str(device.missed_level),
        ),
        Gauge(
            _("Missed 24 h"),
            UNKNOWN if device.missed_24h is None else str(device.missed_24h),
            None if device.missed_24h is None or not device.expected_24h else 100 * device.missed_24h / device.expected_24h,
            str(device.missed_level),
        ),
    ]
    if device.battery_mv is not None or device.kind == "geomagnetic":
        gauges.insert(0, _scaled(_("Battery"), device.battery_mv, (_EMPTY_MV, _FULL_MV), device.battery_level, "%.2f V", 1_000))
        gauges.insert(1, _scaled(_("Signal"), device.rssi_dbm, (_DEAF_DBM, _CLEAR_DBM), device.rssi_level, "%d dBm", 1))
    return gauges


def _scaled(name: str, value: int | None, ends: tuple[int, int], level: Level, form: str, per: int) -> Gauge:
    if value is None:
        return Gauge(name, UNKNOWN, None, str(Level.UNKNOWN))
    low, high = ends
    return Gauge(name, (form % (value / per)).replace("-", "−"), 100 * (value - low) / (high - low), str(level))


def _kind(kind: str) -> str:
    """Return what people call a kind of device."""
    return {
        "geomagnetic": _("Sensor"),
        "pole_camera": _("Video pole"),
        "bollard": _("Video bollard"),
        "pda": _("Handheld"),
        "gate": _("Gate"),
        "lane_camera": _("Lane camera"),
        "patrol_car": _("Patrol car"),
        "loop": _("Loop"),
        "space_lock": _("Space lock"),
        "guidance_screen": _("Guidance screen"),
    }.get(kind, kind)
