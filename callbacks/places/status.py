"""Status: sections and lots as they stand now (M5.8); live, and nothing unknown is told as free."""

from core.access.permissions import Permission
from core.insight import status
from core.kit.locale import _l
from core.places import sites
from core.ui.register import Between, Choice, Kind, Register, Total, Typed, View
from core.ui.tables import Column, Look

STATUS = Register(
    name="places/status",
    path="/parking/status",
    group="places",
    order=1,
    title=_l("Status of sections and lots"),
    one=_l("Section or lot"),
    note=_l("Now, as the wall counts it"),
    view=Permission.PLACES_VIEW,
    relation=status.STATUS,
    is_live=True,
    columns=(
        Column("district", _l("District"), Look.TEXT, 120, beside="district_name"),
        Column("road", _l("Road"), Look.TEXT, 140),
        Column("site", _l("Section or lot"), Look.CODE, 240, grows=True, beside="site_name"),
        Column("kind", _l("Kind"), Look.TEXT, 90, words=sites.KINDS),
        Column("spaces", _l("Total"), Look.NUMBER, 100, note=_l("Berths in service; of a lot, what it holds.")),
        Column("occupied", _l("Occupied"), Look.NUMBER, 100),
        Column("free", _l("Free"), Look.NUMBER, 100),
        Column("unknown", _l("Unknown"), Look.NUMBER, 110,
               note=_l("Berths whose state nobody knows: silent, faulty, never heard.")),
        Column("load_pct", _l("Load"), Look.SHARE, 160, places=1),
        Column("heard_at", _l("Last heard"), Look.AGE, 120, note=_l("The newest word of one of its devices")),
        Column("last_event_at", _l("Last event"), Look.AGE, 120, hidden=True,
               note=_l("The last that a vehicle did, within a day.")),
    ),
    filters=(
        Typed("called", _l("Road, section or lot"), "GL-01"),
        Choice("district", _l("District"), lambda reader: status.list_districts(reader.tx, sites=reader.sites)),
        Choice("kind", _l("Kind"), sites.KINDS),
        Between("load_pct", _l("Load"), Kind.NUMBER),
        Between("unknown", _l("Unknown"), Kind.NUMBER),
    ),
    totals=(
        Total("spaces", _l("Total")), Total("occupied", _l("Occupied")), Total("free", _l("Free")), Total("unknown", _l("Unknown")),
    ),
    views=(
        View("full", _l("Nearly full"), {"load_pct": "85.."}, "-load_pct"),
        View("unknown", _l("With unknown"), {"unknown": "1.."}, "-unknown"),
        View("lots", _l("Lots"), {"kind": "off_street"}),
    ),
)  # fmt: skip
