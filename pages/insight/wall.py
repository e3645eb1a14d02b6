"""/: the wall of the command center, a skeleton that the live stream fills."""

import json
from typing import Final

from dash import html, register_page
from dash.development.base_component import Component

from callbacks.insight.wall import ids
from core.access.permissions import Permission
from core.kit.locale import Language, _
from core.ui import ages, hours, language, navigation, words
from core.ui.entrance import gate
from core.ui.parts import UNKNOWN, box, figure, glyph, lamp, live, meaning, panel, place, plain_panel, rate, span

FEEDS: Final = ("magnet", "video", "gate", "handheld", "payment", "database")
FOOT_SOURCES: Final = ("magnet", "video", "payment", "database")
NAMES: Final = {Language.EN: "English", Language.ZH_CN: "中文"}
"""Every language in its own words, for whoever cannot read the other."""


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Parking command center")


register_page(__name__, path="/", title=title, name="wall", needs=Permission.WALL_VIEW)


def layout(lang: str | None = None, **_query: str) -> Component:
    """Return the wall without a value; its script reads `at`, `night`, `sound`, `quiet` and `reload` from the address itself."""
    with language.speaking(lang) as spoken:
        canvas = (*_ground(), _head(spoken), *_left(), _today(), _banners(), *_right(), _strip(), *_wings(), _foot())
        return box(
            "wall wall--loading",
            box("wall__stage", *canvas),
            box(
                "wall__turned",
                box("wall__sign", "P", extra={"aria-hidden": "true"}),
                _("Please turn this screen: the wall is wide."),
            ),
            tag=html.Main,
            extra={"id": ids.stage, "lang": language.TAG[spoken]},
            live_page="wall",
            density="wall",
            lang=language.SHORT[spoken],
            cookie=language.COOKIE,
            late_s=str(ages.limits().late_s),
            stale_s=str(ages.limits().stale_s),
            reload_at=hours.hours().reload_at,
            quiet=hours.hours().quiet,
            words=json.dumps(words.wall(), ensure_ascii=False),
        )


def _ground() -> list[Component]:
    """Return the map, the veil over it, and what is written on both."""
    steps = {"1": "<50%", "2": "50–70", "3": "70–85", "4": "85–95", "5": "≥95%", "na": _("no data")}
    legend = [span("legend__item", box(f"legend__ink legend__ink--{step}", tag=html.I), text) for step, text in steps.items()]
    named = span("legend__title", _("Road load"), meaning("map"))
    return [
        box("map", place("ground", "map__ground"), place("roads", "map__roads"), tile="map", look="map"),
        box("veil"),
        place("marks", "marks"),
        place("callouts", "callouts"),
        box("legend", named, *legend, span("legend__age", age=""), tile="map", look="legend"),
    ]


def _head(spoken: Language) -> Component:
    past = box("num", tag=html.B, paint="past")
    back = box("", _("Back to live"), tag=html.A, extra={"href": "/"}, paint="return")
    return box(
        "head",
        box("head__logo", "P", extra={"aria-hidden": "true"}),
        place("city", "head__title", tag=html.H1),
        box("head__badge", _("Demo data"), extra={"hidden": True}, paint="demo"),
        box("head__past", span("", _("Looking back")), past, back),
        box("head__scenes", extra={"hidden": True}, paint="scenes"),
        *_areas(),
        box("head__right", *_head_right(spoken)),
        tag=html.Header,
        panel="head",
    )


def _areas() -> list[Component]:
    """Return the way to the other areas, as soon as there is one."""
    areas = navigation.list_areas(gate.actor().permissions)
    links = [
        box("head__area", area.label, tag=html.A, extra={"href": href, **({"aria-current": "page"} if href == "/" else {})})
        for area, href in areas
    ]
    return [box("head__areas", *links, tag=html.Nav, extra={"aria-label": _("Areas")})] if len(areas) > 1 else []


def _head_right(spoken: Language) -> list[Component]:
    """Return whether alarms can be heard, the other language, how fresh the data is, and the clock."""
    other = Language.EN if spoken is Language.ZH_CN else Language.ZH_CN
    elsewhere = {"href": f"?lang={language.SHORT[other]}", "lang": language.TAG[other]}
    fresh = span("", _("Loading"), paint="fresh")
    mute = _("This browser refuses sound; press to allow it")
    return [
        box("head__mute", glyph("mute"), tag=html.Button, extra={"hidden": True, "title": mute, "aria-label": mute}, paint="mute"),
        box("head__tongue", NAMES[other], tag=html.A, extra=elsewhere, tongue=language.SHORT[other]),
        box("fresh fresh--loading", lamp(), fresh, extra={"role": "status"}),
        box("head__clock", "--:--:--", tag=html.Time, paint="clock"),
        box("head__date", place("date", "num"), place("weekday", "")),
    ]


def _left() -> list[Component]:
    lengths = (place("lengths", "lengths"),)
    return [
        panel("res", "berths", _("Berth status"), _("On-street, live"), *_berths(), back=_("On-street, then")),
        panel("occ", "occupancy_curve", _("Occupancy today"), _("vs last week"), place("curve", "curve"), flag="until"),
        panel("dur", "durations_today", _("Stay length"), _("ended today"), *lengths, flag="until"),
    ]


def _berths() -> list[Component]:
    states = {
        "occupied": ("occupied", _("Occupied")),
        "free": ("free", _("Free")),
        "reserved": ("reserved", _("Reserved")),
        "fault": ("fault", _("Fault")),
        "silent": ("offline", _("No signal")),
        "lots_free": ("lots", _("Off-street")),
    }
    rows = [box("states__row", glyph(sign), name, live(path, class_name="states__n")) for path, (sign, name) in states.items()]
    figures = (
        _berth_figure(_("On-street berths"), live("total", class_name="berths__value")),
        _berth_figure(_("Segments"), live("segments", class_name="berths__value berths__value--lesser")),
        _berth_figure(_("Occupied now"), live("occupancy_pct", "percent", class_name="berths__value berths__value--lesser")),
    )
    return [box("berths", *figures), place("berths", "berths__bar stack"), box("states", *rows)]


def _berth_figure(name: str, value: Component) -> Component:
    return box("berths__figure", box("berths__name", name), value)


def _today() -> Component:
    """Return the three figures of today."""
    received = (span("figure__sign", "¥"), live("fen", "yuan"))
    change, points = (
        live("change_pct", "change", class_name="figure__delta"),
        live("change_points", "points", class_name="figure__delta"),
    )
    return box(
        "hero",
        figure("received_today", _("Received today (CNY)"), received, change, "hour", look="figure__value--hero"),
        figure("stays_today", _("Stays today"), (live("n"),), change, "day"),
        figure("utilisation_today", _("Berth utilisation today"), (live("pct", "percent"),), points, "points"),
        panel="hero",
    )


def _banners() -> Component:
    """Return the banner of what is urgent and the one of data that is missing."""
    told = box("banner__text", box("banner__title", tag=html.B, paint="alarm-title"), span("banner__note", paint="alarm-note"))
    alarm = (span("banner__icon", glyph="alarm-banner"), told, place("alarm-age", "banner__age num"))
    missing = (box("banner__title", tag=html.B, paint="warning-title"), span("banner__note", paint="warning-note"))
    return box(
        "banners",
        box("banner banner--alarm", *alarm, extra={"hidden": True, "role": "alert"}, paint="alarm"),
        box("banner banner--warn", *missing, extra={"hidden": True, "role": "status"}, paint="warning"),
    )


def _right() -> list[Component]:
    methods = (place("mix", "mix stack"), place("mix-list", "mix__list", tag=html.Ul))
    return [
        panel("money", "month_money", _("Billing this month"), _("CNY"), *_money()),
        panel("rank", "ranking", _("Top sites today"), _("CNY"), place("ranking", "ranks", tag=html.Ol)),
        panel("pay", "payment_mix", _("Payment mix"), _("today, by amount"), *methods),
        panel("staff", "collectors", _("Collectors"), _("signed in"), place("collectors", "staff", tag=html.Ul)),
    ]


def _money() -> list[Component]:
    """Return the four sums of the month and how far the debts of its bills are paid."""
    sums = {
        "receivable": _("Receivable"),
        "received": _("Received"),
        "arrears": _("Arrears"),
        "recovered": _("Recovered"),
    }
    figures = [
        box(
            "money__figure",
            box("money__name", box(f"money__key hue--{kind}", tag=html.I), name),
            live(f"{kind}_fen", "sum", class_name="money__value"),
        )
        for kind, name in sums.items()
    ]
    return [box("money", *figures), place("month", "money__bar stack")]


def _strip() -> Component:
    """Return the rates beside their targets. The sensors' own tile says more often than the others who is heard."""
    rates = {
        "collection_rate": _("Collection"),
        "refusal_rate": _("Refusal"),
        "recovery_rate": _("Recovery 90d"),
        "sensors_online": _("Sensors online"),
        "sign_in_rate": _("Sign-in"),
        "cash_share": _("Cash share"),
    }
    cells = [rate(kpi, name, tile=kpi if kpi == "sensors_online" else "rates") for kpi, name in rates.items()]
    return box("rates", *cells, panel="rates")


def _wings() -> list[Component]:
    """Return what only a wall of three screens beside each other has room for."""
    open_now = _("open now")
    return [
        plain_panel("queue", _("Alarms"), open_now, box("queue", tag=html.Ul, paint="queue", empty=UNKNOWN), of="wide"),
        plain_panel("feeds", _("Data feeds"), _("age, live"), *_feeds(), of="wide"),
        panel("lots", "map", _("Fullest lots"), _("places left"), place("lots", "loads", tag=html.Ul), of="wide"),
        panel(
            "areas",
            "map",
            _("Load by district"),
            _("On-street, live"),
            place("areas", "loads", tag=html.Ul),
            back=_("On-street, then"),
            of="wide",
        ),
        panel("roads", "map", _("Fullest segments"), _("berths left"), place("full", "loads", tag=html.Ul), of="wide"),
        panel("ways", "payment_mix", _("Payments by method"), _("today, CNY"), place("ways", "ways", tag=html.Ul), of="wide"),
        panel("next", "ranking", _("Sites 6 to 10 today"), _("CNY"), place("next", "ranks ranks--next", tag=html.Ol), of="wide"),
        panel(
            "bills", "month_money", _("Bills of the month"), _("CNY"), place("bills", "loads loads--money", tag=html.Ul), of="wide"
        ),
        panel("goals", "rates", _("Rates and targets"), _("to target"), place("goals", "goals", tag=html.Ul), of="wide"),
        panel("events", "ticker", _("Just happened"), _("newest first"), place("events", "queue", tag=html.Ul), of="wide"),
    ]


def _feeds() -> list[Component]:
    """Return the age of every feed; a tick marks from where on it is late."""
    late = {"style": {"left": ages.limits().late_share}}
    bar = box("bullet", box("bullet__fill", tag=html.I), box("bullet__goal", tag=html.I, extra=late), tag=html.Span)
    age = span("feed__age num", span("", UNKNOWN), box("feed__unit", tag=html.Small), paint="age")
    return [box("feed", lamp(), span("feed__name", words.source(feed)), bar, age, source=feed) for feed in FEEDS]


def _foot() -> Component:
    ranks = {"1": _("Urgent"), "2": _("High"), "3": _("Normal")}
    chips = [
        span(f"chip chip--{rank}", glyph(f"alarm-{rank}"), name, box("chip__n", UNKNOWN, tag=html.B, paint=f"alarms-{rank}"))
        for rank, name in ranks.items()
    ]
    lamps = [span("foot__source", lamp(), words.source(source), source=source) for source in FOOT_SOURCES]
    return box(
        "foot",
        box("foot__alarms", *chips),
        place("ticker", "ticker"),
        box("foot__sources", *lamps),
        tag=html.Footer,
        panel="foot",
    )
