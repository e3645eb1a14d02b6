"""/devices/detectors: every sensor, lock, loop and gateway, how it fares, and what it reported."""

from typing import Final

from dash import register_page
from dash.development.base_component import Component

from callbacks.devices.detectors import KINDS, STATES, ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell, tables
from core.ui.parts import box
from core.ui.tables import Column, Look

PATH: Final = "/devices/detectors"
COLUMNS: Final = (
    Column("code", _l("Device"), Look.CODE, 110),
    Column("kind", _l("Kind"), Look.TEXT, 120, words=KINDS),
    Column("site", _l("Site"), Look.TEXT, 190, grows=True, beside="site_name"),
    Column("spaces", _l("Berth"), Look.CODE, 90),
    Column("state", _l("State"), Look.STATE, 120, words=STATES),
    Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
    Column("battery_mv", _l("Battery"), Look.LEVEL, 110, beside="battery", unit="V", scale=1000, places=2),
    Column("rssi_dbm", _l("Signal"), Look.LEVEL, 110, beside="signal", unit="dBm"),
    Column("missed_n", _l("Missed"), Look.NUMBER, 100, note=_l("Reports the interval promises that did not come, 24 whole hours.")),
    Column("duplicate_n", _l("Sent twice"), Look.NUMBER, 110, note=_l("Messages that came more than once, 24 hours.")),
    Column("boot_n", _l("Restarts"), Look.NUMBER, 100, note=_l("Restarts of the device, 24 hours.")),
)  # fmt: skip


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Detectors")


register_page(
    __name__,
    path=PATH,
    title=title,
    needs=Permission.DEVICES_VIEW,
    name="detectors",
    label=_l("Detectors"),
    group="monitoring",
    order=1,
)


def layout(
    lang: str | None = None, district: str = "", site: str = "", kind: str = "", state: str = "", code: str = "", **_query: str
) -> Component:
    """Return the page without a row; the address may name what to begin with."""
    with language.speaking(lang):
        chosen = {"district": district, "site": site, "kind": kind, "state": state}
        filters = (
            tables.choice(ids.district, _("District"), district or None),
            tables.choice(ids.site, _("Site"), site or None),
            tables.choice(ids.kind, _("Kind"), kind or None),
            tables.choice(ids.battery, _("Battery")),
            tables.typed(ids.code, _("Device"), "M0217", code),
        )
        return shell.page(
            ids,
            area="devices",
            title=_("Detectors"),
            path=PATH,
            extra_words=tables.words(),
            drawer=tables.drawer(ids, _("Choose a device to see its reports.")),
            children=tables.board(
                _("Detectors"),
                _("Sensors, locks, loops and gateways"),
                filters,
                tables.chips(ids.state, _("State"), state),
                tables.grid(ids.grid, COLUMNS, hidden=("district", "battery"), equal=chosen, containing={"code": code}),
                box("table__foot num", extra={"id": ids.found, "role": "status"}),
                reload=ids.grid,
            ),
        )
