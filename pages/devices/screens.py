"""/devices/screens: what guidance screens show, against what the platform told them."""

from typing import Final

from dash import register_page
from dash.development.base_component import Component

from callbacks.devices.screens import STATES, ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell, tables
from core.ui.parts import box
from core.ui.tables import Column, Look

PATH: Final = "/devices/screens"
COLUMNS: Final = (
    Column("code", _l("Screen"), Look.CODE, 120),
    Column("site", _l("Stands at"), Look.CODE, 220, grows=True, beside="site_name"),
    Column("target", _l("Shows"), Look.CODE, 220, grows=True, beside="target_name"),
    Column("shown", _l("Number shown"), Look.NUMBER, 130, note=_l("What the screen says it shows; a dash where it shows none.")),
    Column(
        "asked", _l("Number told"), Look.NUMBER, 130, note=_l("What the platform told it to show; a dash where it is not known.")
    ),
    Column("drift", _l("Difference"), Look.NUMBER, 120, note=_l("Shown less told.")),
    Column("state", _l("State"), Look.STATE, 140, words=STATES),
    Column("shown_at", _l("Shown since"), Look.AGE, 130, note=_l("When the screen last said what it shows.")),
    Column("asked_at", _l("Last told"), Look.AGE, 130),
    Column("last_seen_at", _l("Last heard"), Look.AGE, 130),
)


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Guidance screens")


register_page(
    __name__,
    path=PATH,
    title=title,
    needs=Permission.DEVICES_VIEW,
    name="screens",
    label=_l("Guidance screens"),
    group="monitoring",
    order=3,
)


def layout(lang: str | None = None, state: str = "", site: str = "", code: str = "", **_query: str) -> Component:
    """Return the page without a row; the address may name what to begin with."""
    with language.speaking(lang):
        filters = (
            tables.typed(ids.site, _("Site"), "P-01", site),
            tables.typed(ids.code, _("Screen"), "S1", code),
        )
        return shell.page(
            ids,
            area="devices",
            title=_("Guidance screens"),
            path=PATH,
            extra_words=tables.words(),
            children=tables.board(
                _("Guidance screens"),
                _("The number shown beside the number told"),
                filters,
                tables.chips(ids.state, _("State"), state),
                tables.grid(ids.grid, COLUMNS, equal={"state": state}, containing={"target": site, "code": code}),
                box("table__foot num", extra={"id": ids.found, "role": "status"}),
                reload=ids.grid,
            ),
        )
