"""Data quality: a question of the grid in, sites with what their data is worth out; a row in, its days and refused messages out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import edge
from core.access.permissions import Permission
from core.insight import quality
from core.insight.quality import Sheet, Span
from core.kit.db import Row
from core.kit.locale import Lazy, _, ngettext
from core.ui import drawer, formats, language, tables
from core.ui.ids import Ids
from core.ui.parts import UNKNOWN

ids = Ids(__name__)

SPANS: Final[dict[str, Lazy]] = {span.value: span.label for span in Span}


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "getRowsResponse"),
    Output(ids.found, "children"),
    Input(ids.grid, "getRowsRequest"),
    State(ids.span, "value"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def list_qualities(request: Mapping[str, Any] | None, span: str | None) -> tuple[Any, ...]:
    """Answer the grid for the time that was chosen."""
    if not request:
        return no_update, no_update
    question = tables.asked(request).without(SPAN)
    chosen = Span(span) if span in SPANS else Span.TODAY
    with edge.reading() as act:
        rows = quality.list_qualities(act.tx, span=chosen, at=act.at)
        strangers = quality.count_strangers(act.tx, span=chosen, at=act.at)
    page, count = quality.page(rows, question)
    told = ngettext("%(count)s site", "%(count)s sites", count)
    refused = _("messages refused that name no site of ours: %(n)s", n=f"{strangers:,}")
    return tables.block(page, key=quality.KEY, count=count), f"{told} · {refused}"


SPAN: Final = "span"
"""A field that the list does not have: it makes the grid ask again when another time is chosen."""


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "filterModel"),
    Input(ids.district, "value"),
    Input(ids.site, "value"),
    Input(ids.span, "value"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def filter_qualities(district: str | None, site: str | None, span: str | None) -> dict[str, Any]:
    """Give the grid what the filters say."""
    return tables.filtered({"district": district, SPAN: span}, containing={"site": site})


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
    prevent_initial_call=True,
)
@language.spoken
def show_site(rows: Sequence[Mapping[str, Any]] | None) -> list[Component]:
    """Tell of the site that was chosen day by day, and what of it could not be understood."""
    if not rows:
        return [tables.hint(_("Choose a site to see its days."))]
    with edge.reading() as act:
        sheet = quality.get_sheet(act.tx, site=str(rows[0]["id"]), at=act.at)
    name = tables.shown(sheet.days[0], key=quality.KEY)["site_name"] if sheet.days else str(rows[0]["id"])
    return [
        drawer.heading(name, [], str(rows[0]["id"])),
        drawer.section(_("Day by day"), _("of the city"), _days(sheet)),
        drawer.section(_("Messages refused"), _("7 days"), _letters(sheet, at=act.at)),
        *([drawer.section(_("Barriers opened by hand"), _("7 days"), _hands(sheet, at=act.at))] if sheet.hands else []),
    ]


def _days(sheet: Sheet) -> Component:
    titles = [_("Day"), _("Reports"), _("Timely"), _("Delay 95%"), _("Twice"), _("Coverage")]
    return tables.plain(titles, [_day(row) for row in sheet.days], empty=UNKNOWN)


def _day(row: Row) -> tuple[str, ...]:
    delay = UNKNOWN if row["delay_p95_ms"] is None else _("%(s)s s", s=f"{row['delay_p95_ms'] / 1000:.1f}")
    return (
        f"{row['on']:%m-%d}",
        f"{row['report_n']:,}",
        _pct(row["timely_pct"]),
        delay,
        str(row["duplicate_n"]),
        _pct(row["coverage_pct"]),
    )


def _pct(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1f}%"


def _letters(sheet: Sheet, *, at: datetime) -> Component:
    titles = [_("Received at"), _("Reason"), _("Detail")]
    lines = [(formats.moment(one.received_at, now=at), _reason(one.reason), one.detail) for one in sheet.letters]
    return tables.plain(titles, lines, empty=_("Every message was understood."))


def _hands(sheet: Sheet, *, at: datetime) -> Component:
    titles = [_("Hour"), _("Guard"), _("By hand"), _("Nobody passed"), _("Of all")]
    lines = [
        (
            formats.moment(hand.hour, now=at, seconds=False),
            hand.operator or UNKNOWN,
            f"{hand.manual_n:,}",
            f"{hand.idle_n:,}",
            _pct(hand.share_pct),
        )
        for hand in sheet.hands
    ]
    return tables.plain(titles, lines, empty=UNKNOWN)


def _reason(name: str) -> str:
    return {
        "topic": _("unreadable topic"),
        "not_utf8": _("not text"),
        "not_json": _("not JSON"),
        "too_large": _("too large"),
        "schema": _("not as agreed"),
        "unknown_site": _("unknown site"),
        "identity": _("not its own words"),
        "poison": _("set aside"),
    }.get(name, name)
