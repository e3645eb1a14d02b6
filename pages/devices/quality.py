"""/devices/quality: what the data of each site is worth: timely, complete, once, by a right clock, covering its berths."""

from typing import Final

from dash import register_page
from dash.development.base_component import Component

from callbacks.devices.quality import SPAN, SPANS, ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell, tables
from core.ui.parts import box
from core.ui.tables import Column, Look

PATH: Final = "/devices/quality"
MS: Final = 1_000
COLUMNS: Final = (
    Column("site", _l("Site"), Look.CODE, 200, grows=True, beside="site_name"),
    Column("report_n", _l("Reports"), Look.NUMBER, 100),
    Column("timely_pct", _l("Timely"), Look.SHARE, 150, places=1, note=_l("Reports that came within 15 minutes, in their turn.")),
    Column("delay_p50_ms", _l("Delay 50%"), Look.NUMBER, 110, note=_l("Half came within."), unit="s", scale=MS, places=1),
    Column("delay_p95_ms", _l("Delay 95%"), Look.NUMBER, 110, note=_l("19 of 20 came within."), unit="s", scale=MS, places=1),
    Column("missing_n", _l("Missing"), Look.NUMBER, 100, note=_l("Sequence numbers that never came.")),
    Column("duplicate_n", _l("Sent twice"), Look.NUMBER, 110),
    Column("skewed_n", _l("Clocks off"), Look.NUMBER, 110, note=_l("Devices whose clock is off by 30 seconds or more.")),
    Column("offset_ms", _l("Worst clock"), Look.NUMBER, 120, unit="s", scale=MS, places=1),
    Column("coverage_pct", _l("Coverage"), Look.SHARE, 150, places=1, note=_l("Known berth time of all berth time in service.")),
    Column("dead_letter_n", _l("Refused"), Look.NUMBER, 100, note=_l("Messages that could not be understood.")),
)  # fmt: skip


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Data quality")


register_page(
    __name__,
    path=PATH,
    title=title,
    needs=Permission.DEVICES_VIEW,
    name="quality",
    label=_l("Data quality"),
    group="monitoring",
    order=5,
)


def layout(lang: str | None = None, district: str = "", site: str = "", span: str = "today", **_query: str) -> Component:
    """Return the page without a row; the address may name what to begin with."""
    with language.speaking(lang):
        filters = (
            tables.choice(ids.district, _("District"), district or None),
            tables.typed(ids.site, _("Site"), "GL-01", site),
        )
        return shell.page(
            ids,
            area="devices",
            title=_("Data quality"),
            path=PATH,
            extra_words=tables.words(),
            drawer=tables.drawer(ids, _("Choose a site to see its days.")),
            children=tables.board(
                _("Data quality"),
                _("What the figures stand on"),
                filters,
                tables.chips(ids.span, _("Period"), span, words=SPANS),
                tables.grid(
                    ids.grid,
                    COLUMNS,
                    hidden=("district", SPAN),
                    equal={"district": district, SPAN: span},
                    containing={"site": site},
                ),
                box("table__foot num", extra={"id": ids.found, "role": "status"}),
                reload=ids.grid,
            ),
        )
