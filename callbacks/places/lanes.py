"""Lanes: the register of lanes into and out of lots."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import lanes, sites
from core.places.sites import SiteKind
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Reader, Register, Total, Typed
from core.ui.tables import Column, Look


def _lots(reader: Reader) -> list[tuple[str, str]]:
    return sites.list_choices(reader.tx, sites=reader.sites, kind=SiteKind.OFF_STREET)


LANES = Register(
    name="places/lanes",
    path="/parking/lanes",
    group="places",
    order=7,
    title=_l("Lanes"),
    one=_l("Lane"),
    note=_l("Ways into and out of lots"),
    view=Permission.PLACES_VIEW,
    relation=lanes.LANES,
    columns=(
        Column("spot", _l("Lane"), Look.CODE, 150),
        Column("site_name", _l("Lot"), Look.TEXT, 220, grows=True, is_sorted=False),
        Column("direction", _l("Direction"), Look.TEXT, 120, words=lanes.DIRECTIONS),
        Column("paired", _l("Other way"), Look.CODE, 120, note=_l("The lane through the same gate")),
        Column("device_n", _l("Devices at work"), Look.NUMBER, 100),
        Column("code_n", _l("QR codes"), Look.NUMBER, 110, note=_l("Signs that stand there now")),
        Column("state", _l("State"), Look.STATE, 120, words=lanes.STATES, tones=tones.LIFE),
    ),
    filters=(
        Typed("called", _l("Lot or code"), "P-01"),
        Choice("site_id", _l("Lot"), _lots),
        Choice("direction", _l("Direction"), lanes.DIRECTIONS),
    ),
    chips=Chips("state", lanes.STATES),
    totals=(Total("device_n", _l("Devices at work")), Total("code_n", _l("QR codes"))),
    form=Form(lanes.Draft, add=lanes.register, change=lanes.change, needs=Permission.PLACES_MANAGE,
        known_by=("code", "site_id"), fields=(
        Field("site_id", _l("Lot"), choices=_lots, is_fixed=True),
        Field("code", _l("Code"), hint=_l("Cameras speak of it. It stays once a device watches the lane.")),
        Field("direction", _l("Direction"), choices=lanes.DIRECTIONS),
        Field("paired_lane_id", _l("Other way"), choices=lambda reader: lanes.list_choices(reader.tx, sites=reader.sites)),
    )),
    actions=(
        Action("close", _l("Close"), lanes.close, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] != "closed"),
        Action("hold", _l("Hold open"), lanes.hold_open, Permission.PLACES_MANAGE, asks_reason=True, is_for_many=True,
               says=_l("Vehicles pass unread: counts of the lot cannot be trusted meanwhile."),
               when=lambda row: row["state"] == "open"),
        Action("open", _l("Open"), lanes.open_again, Permission.PLACES_MANAGE, is_for_many=True,
               when=lambda row: row["state"] != "open"),
    ),
    has_import=True,
)  # fmt: skip
