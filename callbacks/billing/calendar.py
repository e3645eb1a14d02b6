"""Calendar: one year of the calendar in use, drawn as twelve months, with what was published and by whom."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, TypedDict

from dash import Input, Output, html
from dash.development.base_component import Component

from callbacks import edge
from core.access.permissions import Permission
from core.billing import calendar
from core.billing.calendar import KINDS, Calendar, Day, DayType, Version
from core.kit.clock import city_date
from core.kit.locale import Language, Lazy, _, _l, current
from core.ui import drawer, formats, language
from core.ui.ids import Ids
from core.ui.parts import box, span
from core.ui.states import Blank, blank

ids = Ids(__name__)

FIRST: Final = 2000
LAST: Final = 2099
LETTERS: Final[dict[DayType, Lazy]] = {
    DayType.WEEKEND: _l("We"),
    DayType.SHORT_HOLIDAY: _l("Ho"),
    DayType.LONG_HOLIDAY: _l("Lo"),
    DayType.SWAPPED_WORKING: _l("Sw"),
}
"""What tells a day beside its colour; a plain working day has neither."""
_MONTHS: Final = (
    _l("Jan"), _l("Feb"), _l("Mar"), _l("Apr"), _l("May"), _l("Jun"), _l("Jul"), _l("Aug"), _l("Sep"), _l("Oct"), _l("Nov"),
    _l("Dec"),
)  # fmt: skip
_WEEK: Final = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))


class Asked(TypedDict):
    """A year, or None for the present one."""

    year: int | None
    lang: str


@edge.guarded(Permission.TARIFFS_VIEW, Output(ids.year, "children"), Input(ids.asked, "data"))
def show_year(asked: Asked) -> list[Component]:
    """Return the months of a year, and what was published of it."""
    with language.speaking(asked["lang"]), edge.reading() as act:
        today = city_date(act.at)
        year = asked["year"] or today.year
        first, end = calendar.year_of(year)
        known = calendar.read(act.tx, from_on=first, to_on=end)
        versions = calendar.list_versions(act.tx, year=year)
        may_change = Permission.TARIFFS_MANAGE in edge.actor().permissions
        drawn = box("year__months", *(_month(known, year, month, today=today) for month in range(1, 13)))
        side = box("year__side", *_told(known, versions, year, at=act.at, may_change=may_change), tag=html.Aside)
        return [_head(known, year), box("year__body", drawn, side)]


def _head(known: Calendar, year: int) -> Component:
    name = known.name_en if current() is Language.EN and known.name_en else known.name
    steps = [_step(year - 1, "‹", _("Year before")), span("year__number num", str(year)), _step(year + 1, "›", _("Year after"))]
    note = _("Version %(n)s", n=known.version) if known.version else _("Nothing published yet")
    return box(
        "year__head",
        box("year__title", _("Calendar of %(place)s", place=name), tag=html.H1),
        span("register__note", note),
        span("register__gap"),
        box("year__steps", *steps, tag=html.Nav, extra={"aria-label": _("Year")}),
        html.A(_("Days and import"), href="/billing/days", className="button button--first"),
    )


def _step(year: int, sign: str, label: str) -> Component:
    if not FIRST <= year <= LAST:
        return span("button button--ghost button--sign", sign)
    extra = {"href": f"/billing/calendar?year={year}", "aria-label": label, "title": str(year)}
    return box("button button--ghost button--sign", sign, tag=html.A, extra=extra)


def _month(known: Calendar, year: int, month: int, *, today: date) -> Component:
    """
    Return one month: its name, the names of the days, and the days from Monday on.

    A year of pieces takes a browser's time: a day is one of them, and its letter is drawn by the style.
    """
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    names = [span("month__weekday", str(name)) for name in _WEEK]
    days = [_day(known.days.get(first + timedelta(days=n)), first + timedelta(days=n), today) for n in range((after - first).days)]
    title = str(_MONTHS[month - 1])
    return box("month", box("month__title", title, tag=html.H2), *names, *days, tag=html.Section, extra={"aria-label": title})


def _day(known: Day | None, on: date, today: date) -> Component:
    """Return one day, which leads to its entry; of a day that is not known, to where it can be published."""
    kind = known.day_type.value if known else "unknown"
    letter = str(LETTERS.get(known.day_type, "")) if known else "?"
    weekday = str(_WEEK[on.weekday()])
    words = " · ".join(part for part in (on.isoformat(), str(KINDS[kind]) if known else _("not published"), _named(known)) if part)
    told: dict[str, Any] = {
        "href": f"/billing/days?row={on.isoformat()}" if known else "/billing/days",
        "title": words,
        "aria-label": f"{on.day} {letter} {weekday} {words}",
    }
    if on.day == 1:
        told["style"] = {"gridColumnStart": on.isoweekday()}
    marks = ["day num", f"day--{kind}", *(["day--today"] if on == today else [])]
    return box(" ".join(marks), str(on.day), tag=html.A, extra=told, letter=letter)


def _named(known: Day | None) -> str:
    if known is None:
        return ""
    return known.name_en if current() is Language.EN and known.name_en else known.name


def _told(known: Calendar, versions: Sequence[Version], year: int, *, at: datetime, may_change: bool) -> list[Component]:
    counts = Counter(day.day_type for day in known.days.values())
    first, end = calendar.year_of(year)
    unknown_n = (end - first).days - len(known.days)
    legend = [_counted(kind.value, str(kind.label), str(LETTERS.get(kind, "")), counts[kind]) for kind in DayType]
    legend.append(_counted("unknown", _("Not published"), "?", unknown_n))
    said: list[Component] = []
    if unknown_n:
        note = _("Publish them day by day, or take in a file.") if may_change else ""
        title = _("Nothing can be priced on %(n)s days", n=unknown_n)
        said = [blank(Blank.STALE, title=title, note=note)]
    rows = [(formats.moment(each.published_at, now=at, seconds=False), _version(each)) for each in versions]
    history = drawer.notes(rows) if rows else box("drawer__nothing", _("Nothing was published of this year."))
    return [
        *said,
        drawer.section(_("Kinds of days"), _("days of the year"), box("year__legend", *legend)),
        drawer.section(_("Published"), _("newest first"), history),
    ]


def _counted(kind: str, word: str, letter: str, n: int) -> Component:
    mark = box(f"day day--{kind}", "" if letter else "1", tag=html.Span, extra={"aria-hidden": "true"}, letter=letter)
    return box("year__kind", mark, span("", word), box("num", str(n), tag=html.B))


def _version(one: Version) -> str:
    by = one.published_by or str(calendar.SOURCES.get(one.source, one.source))
    parts = (_("Version %(n)s", n=one.version), _("%(n)s days", n=one.day_n), by, one.reason)
    return " · ".join(part for part in parts if part)
