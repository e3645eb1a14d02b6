"""/: the wall of the command center, a skeleton that the live stream fills."""

import json

from dash import html, register_page
from dash.development.base_component import Component

from callbacks.insight.wall import ids
from core.kit.locale import Language, _
from core.settings import settings
from core.ui import language, parts, words

SOURCES = ("magnet", "video", "gate", "handheld", "payment", "database")


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Parking command center")


register_page(__name__, path="/", title=title, name="wall")


def layout(lang: str | None = None, **_query: str) -> html.Main:
    """Return the wall without a value; the script reads `at` and `reload` from the address itself."""
    with language.speaking(lang) as spoken:
        stage = html.Div([*_ground(), _head(spoken), *_left(), _hero(), _banners(), *_right(), _strip(), _foot()], className="wall__stage")
        return html.Main(
            stage,
            id=ids.stage,
            className="wall wall--loading",
            lang=language.TAG[spoken],
            **{
                "data-live-page": "wall",
                "data-density": "wall",
                "data-lang": language.SHORT[spoken],
                "data-cookie": language.COOKIE,
                "data-late-s": str(settings().late_after_s),
                "data-stale-s": str(settings().stale_after_s),
                "data-words": json.dumps(words.wall(), ensure_ascii=False),
            },
        )


def _ground() -> list[Component]:
    """Return the map, the veil over it, and what is written on both."""
    return [
        html.Div([parts.place("ground", "map__ground"), parts.place("roads", "map__roads")], className="map", **{"data-tile": "map", "data-look": "map"}),
        html.Div(className="veil"),
        parts.place("marks", "marks"),
        parts.place("callouts", "callouts"),
        html.Div(
            [
                html.Span([_("Road load"), parts.meaning("map")], className="legend__title"),
                *[
                    html.Span([html.I(className=f"legend__ink legend__ink--{step}"), text], className="legend__item")
                    for step, text in (("1", "<50%"), ("2", "50–70"), ("3", "70–85"), ("4", "85–95"), ("5", "≥95%"), ("na", _("no data")))
                ],
            ],
            className="legend",
        ),
    ]


def _head(spoken: Language) -> html.Header:
    other = Language.EN if spoken is Language.ZH_CN else Language.ZH_CN
    return html.Header(
        [
            html.Div("P", className="head__logo", **{"aria-hidden": "true"}),
            html.H1(className="head__title", **{"data-paint": "city"}),
            html.Div(_("Demo data"), className="head__badge", hidden=True, **{"data-paint": "demo"}),
            html.Div([html.Span(_("Looking back")), html.B(className="num", **{"data-paint": "past"}), html.A(_("Back to live"), href="/", **{"data-paint": "return"})], className="head__past"),
            html.Div(
                [
                    html.A(
                        {Language.EN: "English", Language.ZH_CN: "中文"}[other],
                        href=f"?lang={language.SHORT[other]}",
                        className="head__tongue",
                        lang=language.TAG[other],
                        **{"data-tongue": language.SHORT[other]},
                    ),
                    html.Div([html.I(className="lamp"), html.Span(_("Loading"), **{"data-paint": "fresh"})], className="fresh fresh--loading", role="status"),
                    html.Time("--:--:--", className="head__clock", **{"data-paint": "clock"}),
                    html.Div([html.Div(className="num", **{"data-paint": "date"}), html.Div(**{"data-paint": "weekday"})], className="head__date"),
                ],
                className="head__right",
            ),
        ],
        className="head",
    )


def _left() -> list[Component]:
    return [
        parts.panel("res", "berths", _("Berth status"), _("On-street, live"), *_berths()),
        parts.panel("occ", "occupancy_curve", _("Occupancy today"), _("vs last week"), parts.place("curve", "curve"), flag="until"),
    ]


def _berths() -> list[Component]:
    states = (
        ("occupied", _("Occupied"), "occupied"),
        ("free", _("Free"), "free"),
        ("fault", _("Fault"), "fault"),
        ("offline", _("Offline"), "offline"),
        ("unheard", _("Unknown"), "unheard"),
        ("lots", _("Off-street"), "lots_free"),
    )
    return [
        html.Div(
            [
                html.Div([html.Div(_("On-street berths"), className="berths__name"), parts.live("total", class_name="berths__value")], className="berths__figure"),
                html.Div([html.Div(_("Segments"), className="berths__name"), parts.live("segments", class_name="berths__value berths__value--lesser")], className="berths__figure"),
                html.Div([html.Div(_("Occupied now"), className="berths__name"), parts.live("occupancy_pct", "percent", class_name="berths__value berths__value--lesser")], className="berths__figure berths__figure--last"),
            ],
            className="berths",
        ),
        parts.place("berths", "berths__bar stack"),
        html.Div(
            [
                html.Div([html.Span(className="glyph", **{"data-glyph": glyph}), name, parts.live(path, class_name="states__n")], className="states__row")
                for glyph, name, path in states
            ],
            className="states",
        ),
    ]


def _hero() -> html.Div:
    return html.Div(
        [
            parts.figure(
                "received_today",
                _("Received today (CNY)"),
                [html.Span("¥", className="figure__sign"), parts.live("fen", "yuan")],
                parts.live("change_pct", "change", class_name="figure__delta"),
                "hour",
                hero=True,
            ),
            parts.figure("stays_today", _("Stays today"), parts.live("n"), parts.live("change_pct", "change", class_name="figure__delta"), "day"),
            parts.figure(
                "utilisation_today",
                _("Berth utilisation today"),
                parts.live("pct", "percent"),
                parts.live("change_points", "points", class_name="figure__delta"),
                "points",
            ),
        ],
        className="hero",
    )


def _banners() -> html.Div:
    alarm = html.Div(
        [
            html.Div(className="banner__icon", **{"data-glyph": "alarm-banner"}),
            html.Div([html.B(className="banner__title", **{"data-paint": "alarm-title"}), html.Span(className="banner__note", **{"data-paint": "alarm-note"})], className="banner__text"),
            html.Div(className="banner__age num", **{"data-paint": "alarm-age"}),
        ],
        className="banner banner--alarm",
        hidden=True,
        role="alert",
        **{"data-paint": "alarm"},
    )
    warning = html.Div(
        [html.B(className="banner__title", **{"data-paint": "warning-title"}), html.Span(className="banner__note", **{"data-paint": "warning-note"})],
        className="banner banner--warn",
        hidden=True,
        role="status",
        **{"data-paint": "warning"},
    )
    return html.Div([alarm, warning], className="banners")


def _right() -> list[Component]:
    return [
        parts.panel("rank", "ranking", _("Top sites today"), _("CNY"), parts.place("ranking", "ranks", html.Ol)),
        parts.panel(
            "pay", "payment_mix", _("Payment mix"), _("today, by amount"), parts.place("mix", "mix stack"), parts.place("mix-list", "mix__list", html.Ul)
        ),
    ]


def _strip() -> html.Div:
    """Return the sensors' online rate and the age of every feed."""
    online = html.Div(
        [
            html.Div([_("Sensors online"), parts.meaning("sensors_online")], className="rate__name"),
            html.Div(parts.live("pct", "percent"), className="rate__value num"),
            html.Span([html.I(className="bullet__fill"), html.I(className="bullet__goal")], className="bullet", **{"data-paint": "online"}),
        ],
        className="rate",
        **{"data-tile": "sensors_online", "data-look": "rate", "data-panel": "online"},
    )
    ages = [
        html.Div(
            [
                html.Div([html.I(className="lamp"), html.Span(words.source(source))], className="rate__name"),
                html.Div(html.Span(parts.UNKNOWN, className="num"), className="rate__value num", **{"data-paint": "source-age"}),
                html.Span(html.I(className="bullet__fill"), className="bullet"),
            ],
            className="rate",
            **{"data-source": source},
        )
        for source in SOURCES[:-1]
    ]
    return html.Div([online, *ages], className="rates", **{"data-panel": "rates"})


def _foot() -> html.Footer:
    chips = [
        html.Span([html.Span(className="glyph", **{"data-glyph": f"alarm-{rank}"}), name, html.B(parts.UNKNOWN, className="chip__n", **{"data-paint": f"alarms-{rank}"})], className=f"chip chip--{rank}")
        for rank, name in (("1", _("Urgent")), ("2", _("High")), ("3", _("Normal")))
    ]
    lamps = [html.Span([html.I(className="lamp"), words.source(source)], className="foot__source", **{"data-source": source}) for source in SOURCES]
    return html.Footer(
        [html.Div(chips, className="foot__alarms"), parts.place("ticker", "ticker"), html.Div(lamps, className="foot__sources")],
        className="foot",
    )
