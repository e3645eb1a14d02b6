"""/dispatch: alarms, the map of every berth, one berth's drawer, the last day played again; stream and callbacks fill it."""

from typing import Final

import dash_leaflet as dl
from dash import dcc, html, register_page
from dash.development.base_component import Component

from callbacks.insight.dispatch import ids
from core.access.permissions import Permission
from core.kit.locale import _
from core.ui import language, shell, words
from core.ui.entrance import gate
from core.ui.parts import UNKNOWN, Child, box, lamp, place, span
from core.ui.shell import Area, Key
from core.ui.signs import sign
from core.ui.states import Blank, blank, waiting

STATES: Final = {
    "occupied": "occupied",
    "free": "free",
    "reserved": "desk-reserved",
    "fault": "fault",
    "offline": "offline",
    "unknown": "desk-unknown",
}
FLAGS: Final = ("overstay", "evasion", "low_battery", "disagree")
SPEEDS: Final = (1, 60, 600)


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Dispatch map")


register_page(__name__, path="/dispatch", title=title, name="dispatch", needs=Permission.DISPATCH_VIEW)


def layout(lang: str | None = None, **_query: str) -> Component:
    """Return the page without a value; its script reads the rest of the address itself."""
    with language.speaking(lang):
        return shell.page(
            ids,
            area=Area.DISPATCH,
            title=_("Dispatch map"),
            children=[box("dispatch", _queue(), _streets()), *_asked()],
            drawer=_drawer(),
            keys=_keys(),
            topics=("wall", "berths", "events"),
            extra_words=words.dispatch(),
        )


def _asked() -> list[Component]:
    """Return what the script writes to ask the callbacks: a berth, the queue, an alarm acknowledged; and the last one's answer."""
    answered = html.Div(id=ids.answered, hidden=True)
    return [dcc.Store(id=ids.asked), dcc.Store(id=ids.refreshed), dcc.Store(id=ids.acknowledged), answered]


def _queue() -> Component:
    counts = [
        span(f"triage__rank triage__rank--{rank}", sign(drawn), span("num", UNKNOWN, paint=f"alarms-{rank}"))
        for rank, drawn in (("1", "alarm-1"), ("2", "desk-attention"), ("3", "alarm-3"))
    ]
    heading = box("triage__title", span("", _("Alarms")), box("triage__ranks", *counts), tag=html.H2)
    happening = box(
        "triage__title", lamp(), span("", _("Just now")), place("events-note", "triage__note", tag=html.Small), tag=html.H2
    )
    return box(
        "triage",
        box("triage__head", heading),
        box("triage__list", waiting(rows=6), extra={"id": ids.queue}),
        *_answer(),
        box("triage__head triage__head--events", happening),
        box("events", extra={"role": "log", "aria-live": "off", "aria-label": _("Just now")}, paint="events"),
        tag=html.Aside,
        extra={"aria-label": _("Alarms")},
    )


def _answer() -> list[Component]:
    """Return what is done about the chosen alarm; nothing for who may do nothing."""
    if Permission.ALARMS_ACKNOWLEDGE not in gate.actor().permissions:
        return []
    said = (span("", _("Acknowledge")), box("key", "A", tag=html.Kbd))
    press = box("button button--small", *said, tag=html.Button, does="acknowledge")
    return [box("triage__answer", press, extra={"hidden": True}, part="answer")]


def _streets() -> Component:
    chart = dl.MapContainer(
        id=ids.map,
        className="streets__map",
        center=[0, 0],
        zoom=13,
        minZoom=11,
        maxZoom=20,
        zoomSnap=0.5,
        zoomControl=False,
        attributionControl=False,
        preferCanvas=True,
        keyboard=False,
        style={"background": "var(--map-land)"},
    )
    return box(
        "streets streets--loading",
        chart,
        box("streets__bar", *_filters()),
        box("streets__past", extra={"role": "status"}, paint="past"),
        _tools(),
        _legend(),
        box("scale", box("scale__bar", tag=html.I), span("num", "", paint="scale"), extra={"aria-hidden": "true"}),
        box("streets__flag", extra={"role": "status"}, paint="flag"),
        box("streets__blank", blank(Blank.EMPTY, title=_("No berth is known yet"), note=_("Berths come with the first import."))),
        _replay(),
        tag=html.Section,
        extra={"aria-label": _("Map")},
        part="streets",
    )


def _filters() -> list[Component]:
    names = words.berth_states()
    states = [
        _toggle(state, box("toggle__sign", sign(drawn), tag=html.Span), names[state], pressed=True)
        for state, drawn in STATES.items()
    ]
    flags = words.berth_flags()
    return [*states, box("streets__break"), *(_toggle(flag, span(""), flags[flag], pressed=False) for flag in FLAGS)]


def _toggle(name: str, mark: Child, label: str, *, pressed: bool) -> Component:
    count = box("toggle__n", UNKNOWN, tag=html.B, paint=f"count-{name}")
    state = {"aria-pressed": "true" if pressed else "false"}
    return box("toggle", mark, label, count, tag=html.Button, extra=state, filter=name)


def _tools() -> Component:
    tools = {
        "in": ("+", _("Closer"), ""),
        "out": ("−", _("Farther"), ""),
        "picked": ("", _("The chosen berth"), "desk-locate"),
        "city": ("", _("The whole city"), "desk-city"),
    }
    buttons = [
        box("tools__one", sign(drawn) if drawn else text, tag=html.Button, extra={"aria-label": said, "title": said}, does=name)
        for name, (text, said, drawn) in tools.items()
    ]
    return box("tools", *buttons, extra={"role": "toolbar", "aria-label": _("Map")})


def _legend() -> Component:
    steps = {"1": "<50%", "2": "50–70", "3": "70–85", "4": "85–95", "5": "≥95%", "na": _("no data")}
    items = [span("key__item", box(f"key__ink key__ink--{step}", tag=html.I), text) for step, text in steps.items()]
    return box("key-bar", span("key__title", _("Load")), *items, part="key")


def _replay() -> Component:
    share = {"aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "100"}
    said = {"aria-label": _("The last 24 hours"), "role": "slider", "tabIndex": 0, **share}
    play = box(
        "button button--small", sign("desk-play"), span("", _("Replay"), paint="replay-word"), tag=html.Button, does="replay"
    )
    speeds = [
        box("choice__one num", f"{speed}×", tag=html.Button, extra={"aria-pressed": _yes(speed == SPEEDS[1])}, speed=str(speed))
        for speed in SPEEDS
    ]
    return box(
        "replay",
        play,
        box("replay__clock num", "--:--:--", tag=html.Time, paint="replay-clock"),
        box("replay__strip", extra=said, paint="replay-strip"),
        span("replay__span", _("24 hours")),
        box("choice", *speeds, extra={"role": "group", "aria-label": _("Speed")}),
        box("button button--small button--live", _("Live"), tag=html.Button, extra={"hidden": True}, does="live"),
        part="replay",
    )


def _yes(is_so: bool) -> str:  # noqa: FBT001  # one value
    return "true" if is_so else "false"


def _drawer() -> Component:
    """Return the drawer: the berth the callback draws, and what stands there before one is chosen or when it fails."""
    none = blank(Blank.EMPTY, title=_("No berth chosen"), note=_("Choose a berth on the map, an alarm, or search with /."))
    failed = blank(Blank.FAILED, note=_("It will be tried again."))
    return box(
        "drawer drawer--none",
        box("drawer__none", none),
        box("drawer__failed", failed),
        box("drawer__wait", waiting(rows=9)),
        box("drawer__berth", extra={"id": ids.berth}),
        tag=html.Aside,
        extra={"aria-label": _("Berth")},
        part="drawer",
    )


def _keys() -> tuple[Key, ...]:
    return (
        Key(("J", "K"), _("Next and previous alarm")),
        Key(("Enter",), _("Show the alarm's berth")),
        *([Key(("A",), _("Acknowledge the alarm"))] if Permission.ALARMS_ACKNOWLEDGE in gate.actor().permissions else []),
        Key(("←", "→", "↑", "↓"), _("Move the map")),
        Key(("+", "−"), _("Closer and farther")),
        Key(("0",), _("The whole city")),
        Key(("Space",), _("Replay and pause")),
        Key(("[", "]"), _("Alarm before and after in the replay")),
        Key(("1", "2", "3"), _("Speed of the replay")),
    )
