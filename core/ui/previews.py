"""
Previews of prices: a day as bands, a price over the length of a stay as steps, samples as a table.

They are drawn from what the tariffs' domain works out; nothing is decided here. A band is told by letter, name and ground.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.parts import Child, box, span

_DAY_MIN: Final = 1440
_TICK_MIN: Final = 180
_GROUNDS: Final = 6
_ROOM_PCT: Final = 7.0
"""A part of the day narrower than this shows its letter alone."""
_MOST_RISES: Final = 120
_OVERLAP_PX: Final = 0.5
"""Steps reach a little under the next one, so that no gap shines through between them."""
Mark = tuple[int, str]
Span = tuple[int, int]


class Band(Protocol):
    """A part of a day, minutes after midnight; `look` is charged, free, forbidden, gap or twice."""

    @property
    def from_min(self) -> int:
        """Return where it begins."""

    @property
    def to_min(self) -> int:
        """Return where it ends."""

    @property
    def name(self) -> str:
        """Return what the tariff calls it."""

    @property
    def letter(self) -> str:
        """Return the letter that tells it from others."""

    @property
    def look(self) -> str:
        """Return what it is."""

    @property
    def prices(self) -> tuple[str, ...]:
        """Return its prices in words."""


class Strip(Protocol):
    """The bands of some days."""

    @property
    def title(self) -> str:
        """Return which days."""

    @property
    def plan(self) -> str:
        """Return the plan that prices them."""

    @property
    def bands(self) -> Sequence[Band]:
        """Return the bands in order."""

    @property
    def notes(self) -> Sequence[str]:
        """Return what limits their prices."""


class Point(Protocol):
    """What is due from a length of a stay on, above what was paid of it."""

    @property
    def after_ms(self) -> int:
        """Return the length."""

    @property
    def fen(self) -> int | None:
        """Return what is due; None where there is no price."""

    @property
    def paid_fen(self) -> int:
        """Return what was paid of the price."""

    @property
    def price(self) -> str:
        """Return what is due in words."""

    @property
    def paid(self) -> str:
        """Return what was paid in words; empty where nothing was."""


class Curve(Protocol):
    """What is due over the length of a stay."""

    @property
    def until_ms(self) -> int:
        """Return how far it goes."""

    @property
    def points(self) -> Sequence[Point]:
        """Return where it changes, in order."""

    @property
    def lengths(self) -> Sequence[Mark]:
        """Return what stands below."""

    @property
    def amounts(self) -> Sequence[Mark]:
        """Return what stands at the side."""

    @property
    def payments(self) -> Sequence[Mark]:
        """Return at which lengths something was paid."""

    @property
    def is_exact(self) -> bool:
        """Tell whether every change is a point."""

    @property
    def why(self) -> str:
        """Return why some lengths have no price."""


class Cell(Protocol):
    """A sample."""

    @property
    def price(self) -> str:
        """Return the price in words."""

    @property
    def why(self) -> str:
        """Return why there is none."""


class Samples(Protocol):
    """Samples by length and arrival."""

    @property
    def heads(self) -> Sequence[str]:
        """Return the arrivals."""

    @property
    def rows(self) -> Sequence[tuple[str, Sequence[Cell]]]:
        """Return the lengths with their prices."""


# Days


def days(strips: Sequence[Strip]) -> Component:
    """Return days as bands, one above the other, and below them what each band costs."""
    plans = {strip.plan for strip in strips}
    rows = [strip_of(strip.title, strip.bands, note=strip.plan if len(plans) > 1 else "") for strip in strips]
    notes = list(dict.fromkeys(note for strip in strips for note in strip.notes))
    said = [box("bands__notes", *(html.Li(note) for note in notes), tag=html.Ul)] if notes else []
    return box("bands", *rows, axis(), legend([band for strip in strips for band in strip.bands]), *said)


def strip_of(title: str, bands: Sequence[Band], *, note: str = "", stay: Span | None = None, told: str = "") -> Component:
    """
    Return one day as bands.

    Args:
        title: which day it is.
        bands: its bands in order.
        note: what stands below the title.
        stay: which minutes of it a stay takes up, [from, to).
        told: what is read of the stay.
    """
    parts: list[Component] = [_part(band) for band in bands]
    if stay is not None:
        parts.append(html.I(className="bands__stay", title=told, style=_across(*stay)))
    heard = "; ".join(f"{_clock(band.from_min)}–{_clock(band.to_min)} {_name(band)} {', '.join(band.prices)}" for band in bands)
    drawn = box("bands__track", *parts, extra={"role": "img", "aria-label": f"{title}: {heard}"})
    small = [box("bands__of", note, tag=html.Small)] if note else []
    return box("bands__row", box("bands__title", span("", title), *small), drawn)


def axis() -> Component:
    """Return the hours below days."""
    ticks = [
        html.Span(f"{minute // 60:02}", className="bands__tick num", style={"left": _pct(minute, _DAY_MIN)})
        for minute in range(0, _DAY_MIN + 1, _TICK_MIN)
    ]
    hours = box("bands__hours", *ticks)
    return box("bands__row bands__row--axis", span("bands__title"), hours, extra={"aria-hidden": "true"})


def legend(bands: Sequence[Band]) -> Component:
    """Return what each band is called and costs, each once, in the order of their letters."""
    found = {(band.letter, band.look): band for band in bands}
    rows: list[Component] = []
    for _key, band in sorted(found.items()):
        prices = [html.Li(price) for price in band.prices]
        name = span("bands__name", _name(band))
        rows.append(box("bands__one", _swatch(band), name, box("bands__prices", *prices, tag=html.Ul), tag=html.Li))
    return box("bands__legend", *rows, tag=html.Ul, extra={"aria-label": _("Bands of the day")})


def _part(band: Band) -> Component:
    wide = 100 * (band.to_min - band.from_min) / _DAY_MIN
    inside: list[Child] = [span("bands__letter", band.letter or "?")]
    if wide >= _ROOM_PCT:
        inside.append(
            span("bands__words", span("bands__called", _name(band)), span("bands__price num", next(iter(band.prices), "")))
        )
    told = f"{_clock(band.from_min)}–{_clock(band.to_min)} · {_name(band)}\n" + "\n".join(band.prices)
    extra = {"title": told, "style": _across(band.from_min, band.to_min)}
    return box(f"bands__part {_ground(band)}", *inside, extra=extra)


def _swatch(band: Band) -> Component:
    return box(f"bands__swatch {_ground(band)}", band.letter or "?", tag=html.Span, extra={"aria-hidden": "true"})


def _ground(band: Band) -> str:
    if band.look != "charged":
        return f"bands__ground--{band.look}"
    number = ord(band.letter) - ord("A") if len(band.letter) == 1 and band.letter.isalpha() else int(band.letter or 0)
    return f"bands__ground--{number % _GROUNDS + 1}"


def _name(band: Band) -> str:
    if band.look == "gap":
        return _("No rule")
    return _("Two rules") if band.look == "twice" else band.name


def _across(from_min: int, to_min: int) -> dict[str, str]:
    return {"left": _pct(from_min, _DAY_MIN), "width": _pct(to_min - from_min, _DAY_MIN)}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _pct(part: int, whole: int) -> str:
    return f"{100 * part / whole:.4f}%" if whole else "0%"


# Steps


def steps(curve: Curve, *, name: str, here_ms: int | None = None) -> Component:
    """
    Return a price over the length of a stay; below it the same as a list.

    Args:
        curve: the price.
        name: what screen readers hear.
        here_ms: the length of one stay, which is marked.
    """
    top = max((value for value, _word in curve.amounts), default=0)
    is_here = here_ms is not None and here_ms <= curve.until_ms
    here = [html.I(className="steps__here", style={"left": _pct(here_ms or 0, curve.until_ms)})] if is_here else []
    heard = "; ".join([name, *(f"{_length(at_ms)} {word}" for at_ms, word in curve.payments)])
    inside = [*_grid(curve, top), *_columns(curve, top), *_payments(curve), *here]
    drawn = box("steps__room", *inside, extra={"role": "img", "aria-label": heard})
    below = [
        html.Span(word, className="steps__length num", style={"left": _pct(at_ms, curve.until_ms)}) for at_ms, word in curve.lengths
    ]
    said = [box("steps__why", curve.why, extra={"role": "note"})] if curve.why else []
    lengths = box("steps__lengths", *below, extra={"aria-hidden": "true"})
    return box("steps", drawn, lengths, *said, _listed(curve))


def _grid(curve: Curve, top: int) -> list[Component]:
    lines = [html.I(className="steps__line", style={"bottom": _pct(value, top)}) for value, _word in curve.amounts]
    words = [html.Span(word, className="steps__amount num", style={"bottom": _pct(value, top)}) for value, word in curve.amounts]
    return [*lines, *words]


def _columns(curve: Curve, top: int) -> list[Component]:
    ends = [*(point.after_ms for point in curve.points[1:]), curve.until_ms]
    drawn: list[Component] = []
    for point, ends_ms in zip(curve.points, ends, strict=True):
        long = _pct(ends_ms - point.after_ms, curve.until_ms)
        place = {"left": _pct(point.after_ms, curve.until_ms), "width": f"calc({long} + {_OVERLAP_PX}px)"}
        told = f"{_length(point.after_ms)}–{_length(ends_ms)}: {point.price}"
        if point.fen is None:
            drawn.append(html.I(className="steps__none", title=told, style=place))
            continue
        drawn.append(html.I(className="steps__step", title=told, style={**place, "height": _pct(point.fen, top)}))
        if point.paid_fen:
            said = f"{told} · {_('paid %(money)s', money=point.paid)}"
            above = {**place, "bottom": _pct(point.fen, top), "height": _pct(point.paid_fen, top)}
            drawn.append(html.I(className="steps__paid", title=said, style=above))
    if curve.is_exact and len(curve.points) <= _MOST_RISES:
        drawn += [_rise(one, other, curve.until_ms, top) for one, other in pairwise(curve.points)]
    return drawn


def _rise(one: Point, other: Point, until_ms: int, top: int) -> Component:
    low, high = sorted((one.fen or 0, other.fen or 0))
    place = {"left": _pct(other.after_ms, until_ms), "bottom": _pct(low, top), "height": _pct(high - low, top)}
    return html.I(className="steps__rise", style=place)


def _payments(curve: Curve) -> list[Component]:
    """Return a mark at each payment; it says which one where there is room at its side."""
    drawn: list[Component] = []
    for at_ms, word in curve.payments:
        side = " steps__payment--left" if 2 * at_ms > curve.until_ms else ""
        place = {"left": _pct(at_ms, curve.until_ms)}
        drawn.append(html.I(html.Span(word, className="num"), className=f"steps__payment{side}", title=word, style=place))
    return drawn


def _listed(curve: Curve) -> Component:
    title = _("%(n)s steps", n=len(curve.points)) if curve.is_exact else _("The price moves all the time; drawn at even distances")
    titles = (_("Longer than"), _("Paid"), _("Due")) if curve.payments else (_("Longer than"), _("Costs"))
    rows = [_row(_length(point.after_ms), *([point.paid] if curve.payments else []), point.price) for point in curve.points]
    head = html.Thead(html.Tr([html.Th(word, scope="col") for word in titles]))
    table = box("steps__table", head, html.Tbody(rows), tag=html.Table)
    folded = box("steps__scroll", table, extra={"tabIndex": 0, "role": "region", "aria-label": title})
    return html.Details([html.Summary(title), folded], className="steps__list")


def _row(length: str, *amounts: str) -> Component:
    return html.Tr([html.Td(length), *(html.Td(word, className="num") for word in amounts)])


def _length(ms: int) -> str:
    """Return a length as hours and minutes, with seconds where it has some."""
    minutes, rest_ms = divmod(ms, 60_000)
    seconds = f":{rest_ms // 1_000:02}" if rest_ms >= 1_000 else ""  # the millisecond behind a full unit is that unit
    return f"{minutes // 60}:{minutes % 60:02}{seconds}"


# Samples


def table(samples: Samples) -> Component:
    """Return samples as a table; a dash where there is no price, and below it why."""
    head = html.Tr([html.Th(_("Stay"), scope="col"), *(html.Th(word, scope="col", className="num") for word in samples.heads)])
    rows = [html.Tr([html.Th(length, scope="row"), *map(_cell, cells)]) for length, cells in samples.rows]
    reasons = list(dict.fromkeys(cell.why for _length_of, cells in samples.rows for cell in cells if cell.why))
    said = [box("samples__why", *(html.Li(why) for why in reasons), tag=html.Ul)] if reasons else []
    return box("samples", box("samples__table", html.Thead(head), html.Tbody(rows), tag=html.Table), *said)


def _cell(cell: Cell) -> Component:
    return html.Td(cell.price, className="num samples__none" if cell.why else "num", title=cell.why or None)


# Coverage


def covered(classes: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Component:
    """Return whether each kind of day is covered for each class: by a word, and by the hole that is named."""
    head = html.Tr([html.Th(_("Kind of day"), scope="col"), *(html.Th(word, scope="col") for word in classes)])
    drawn = [html.Tr([html.Th(kind, scope="row"), *map(_hole, holes)]) for kind, holes in rows]
    return html.Table([html.Thead(head), html.Tbody(drawn)], className="covered")


def _hole(hole: str) -> Component:
    if hole:
        return html.Td(_("no rule: %(hole)s", hole=hole), className="covered__hole")
    return html.Td(_("✓ 24 h"))
