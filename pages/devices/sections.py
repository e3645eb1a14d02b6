"""/devices/sections: sections and lots by district, how full they are, who came and went, and their berths."""

from typing import Final

from dash import register_page
from dash.development.base_component import Component

from callbacks.devices.sections import KINDS, ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell, tables
from core.ui.parts import box
from core.ui.tables import Column, Look

PATH: Final = "/devices/sections"
COLUMNS: Final = (
    Column("site", _l("Site"), Look.CODE, 240, grows=True, beside="site_name"),
    Column("district", _l("District"), Look.TEXT, 130, beside="district_name"),
    Column("kind", _l("Kind"), Look.TEXT, 100, words=KINDS),
    Column("spaces", _l("Places"), Look.NUMBER, 100, note=_l("Berths in service; of a lot, what it holds.")),
    Column("occupied", _l("Occupied"), Look.NUMBER, 100),
    Column("free", _l("Free"), Look.NUMBER, 100),
    Column("unknown", _l("Unknown"), Look.NUMBER, 110, note=_l("Berths whose state nobody knows: silent, faulty, never heard.")),
    Column(
        "load_pct", _l("Load"), Look.SHARE, 170, places=1, note=_l("Occupied of those known; of a lot, vehicles of its places.")
    ),
    Column("entry_n", _l("In, last hour"), Look.NUMBER, 130),
    Column("exit_n", _l("Out, last hour"), Look.NUMBER, 130),
    Column("last_event_at", _l("Last event"), Look.AGE, 130, note=_l("The last that a vehicle did, within a day.")),
)


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Sections and lots")


register_page(
    __name__,
    path=PATH,
    title=title,
    needs=Permission.DEVICES_VIEW,
    name="sections",
    label=_l("Sections and lots"),
    group="monitoring",
    order=4,
)


def layout(lang: str | None = None, district: str = "", kind: str = "", site: str = "", **_query: str) -> Component:
    """Return the page without a row; the address may name what to begin with."""
    with language.speaking(lang):
        filters = (
            tables.choice(ids.district, _("District"), district or None),
            tables.typed(ids.site, _("Site"), "GL-01", site),
        )
        return shell.page(
            ids,
            area="devices",
            title=_("Sections and lots"),
            path=PATH,
            extra_words=tables.words(),
            drawer=tables.drawer(ids, _("Choose a section to see its berths.")),
            children=tables.board(
                _("Sections and lots"),
                _("By district, as the wall counts them"),
                filters,
                tables.chips(ids.kind, _("Kind"), kind),
                tables.grid(ids.grid, COLUMNS, equal={"district": district, "kind": kind}, containing={"site": site}),
                box("table__foot num", extra={"id": ids.found, "role": "status"}),
                reload=ids.grid,
            ),
        )
