"""Data quality: the register of sites and what their data is worth; each day and every refused message in the drawer."""

from datetime import datetime
from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.insight import quality, status
from core.insight.quality import QUALITIES, Sheet, Span
from core.kit.db import Row
from core.kit.locale import Lazy, _, _l
from core.ui import drawer, formats, tables
from core.ui.parts import UNKNOWN
from core.ui.register import Choice, Reader, Register, Typed
from core.ui.tables import Column, Look

SPANS: Final[dict[str, Lazy]] = {span.value: span.label for span in Span}
MS: Final = 1_000


def show_site(reader: Reader, row: Row) -> list[Component]:
    """Tell of a site day by day, and what of it could not be understood."""
    sheet = quality.get_sheet(reader.tx, site=row["site"], at=reader.at)
    strangers = quality.count_strangers(reader.tx, span=Span.WEEK, at=reader.at)
    refused = _("messages refused that name no site of ours: %(n)s", n=f"{strangers:,}")
    return [
        drawer.heading(tables.named(row, "site_name"), [], row["site"]),
        drawer.section(_("Day by day"), _("of the city"), _days(sheet)),
        drawer.section(_("Messages refused"), _("7 days"), _letters(sheet, at=reader.at), tables.hint(refused)),
        *([drawer.section(_("Barriers opened by hand"), _("7 days"), _hands(sheet, at=reader.at))] if sheet.hands else []),
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


QUALITY = Register(
    name="devices/quality",
    path="/devices/quality",
    group="monitoring",
    order=5,
    title=_l("Data quality"),
    one=_l("Site"),
    note=_l("What the figures stand on"),
    view=Permission.DEVICES_VIEW,
    relation=QUALITIES,
    columns=(
        Column("site", _l("Site"), Look.CODE, 200, grows=True, beside="site_name"),
        Column("report_n", _l("Reports"), Look.NUMBER, 100),
        Column("timely_pct", _l("Timely"), Look.SHARE, 150, places=1,
               note=_l("Reports that came within 15 minutes, in their turn.")),
        Column("delay_p50_ms", _l("Delay 50%"), Look.NUMBER, 110, note=_l("Half came within."), unit=_l("s"), scale=MS, places=1),
        Column("delay_p95_ms", _l("Delay 95%"), Look.NUMBER, 110, note=_l("19 of 20 came within."),
               unit=_l("s"), scale=MS, places=1),
        Column("missing_n", _l("Missing"), Look.NUMBER, 100, note=_l("Sequence numbers that never came.")),
        Column("duplicate_n", _l("Sent twice"), Look.NUMBER, 110),
        Column("skewed_n", _l("Clocks off"), Look.NUMBER, 110, note=_l("Devices whose clock is off by 30 seconds or more.")),
        Column("offset_ms", _l("Worst clock"), Look.NUMBER, 120, unit=_l("s"), scale=MS, places=1),
        Column("coverage_pct", _l("Coverage"), Look.SHARE, 150, places=1,
               note=_l("Known berth time of all berth time in service.")),
        Column("dead_letter_n", _l("Refused"), Look.NUMBER, 100, note=_l("Messages that could not be understood.")),
    ),
    filters=(
        Choice("span", _l("Period"), SPANS, is_many=False, is_given=True, default=Span.TODAY.value),
        Choice("district", _l("District"), lambda reader: status.list_districts(reader.tx, sites=reader.sites)),
        Typed("site", _l("Site"), "GL-01"),
    ),
    sheet=show_site,
)  # fmt: skip
