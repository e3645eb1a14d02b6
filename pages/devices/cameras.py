"""/devices/cameras: every video device, whether it is heard, how many plates it reads, and what it saw last."""

from typing import Final

from dash import register_page
from dash.development.base_component import Component

from callbacks.devices.cameras import KINDS, STATES, ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell, tables
from core.ui.parts import box
from core.ui.tables import Column, Look

PATH: Final = "/devices/cameras"
COLUMNS: Final = (
    Column("code", _l("Camera"), Look.CODE, 110),
    Column("kind", _l("Kind"), Look.TEXT, 130, words=KINDS),
    Column("site", _l("Site"), Look.CODE, 190, grows=True, beside="site_name"),
    Column("spaces", _l("Berths"), Look.CODE, 160, grows=True),
    Column("state", _l("State"), Look.STATE, 120, words=STATES),
    Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
    Column(
        "read_pct",
        _l("Read rate"),
        Look.SHARE,
        170,
        places=1,
        is_sorted=False,
        note=_l("Vehicles whose plate was read, of all that came in 24 hours; a dash where none came."),
    ),
    Column("visit_n", _l("Vehicles"), Look.NUMBER, 110, is_sorted=False),
    Column("low_n", _l("Weak"), Look.NUMBER, 90, is_sorted=False, note=_l("Read too weakly to name anybody.")),
    Column("none_n", _l("Not read"), Look.NUMBER, 100, is_sorted=False),
    Column("last_read_at", _l("Last read"), Look.AGE, 120, is_sorted=False),
)


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Cameras")


register_page(
    __name__,
    path=PATH,
    title=title,
    needs=Permission.DEVICES_VIEW,
    name="cameras",
    label=_l("Cameras"),
    group="monitoring",
    order=2,
)


def layout(
    lang: str | None = None, district: str = "", site: str = "", kind: str = "", state: str = "", **_query: str
) -> Component:
    """Return the page without a row; the address may name what to begin with."""
    with language.speaking(lang):
        chosen = {"district": district, "site": site, "kind": kind, "state": state}
        filters = (
            tables.choice(ids.district, _("District"), district or None),
            tables.choice(ids.site, _("Site"), site or None),
            tables.choice(ids.kind, _("Kind"), kind or None),
        )
        return shell.page(
            ids,
            area="devices",
            title=_("Cameras"),
            path=PATH,
            extra_words=tables.words(),
            drawer=tables.drawer(ids, _("Choose a camera to see its last reads.")),
            children=tables.board(
                _("Cameras"),
                _("Poles, bollards, lanes and patrol vehicles"),
                filters,
                tables.chips(ids.state, _("State"), state),
                tables.grid(ids.grid, COLUMNS, hidden=("district",), equal=chosen),
                box("table__foot num", extra={"id": ids.found, "role": "status"}),
                reload=ids.grid,
            ),
        )
