"""Log of collectors: who was planned where, who came and who went."""

from typing import Final

from core.access.permissions import Permission
from core.kit.locale import _l
from core.kit.masks import Mask
from core.staff import shifts
from core.ui.register import Between, Chips, Choice, Register, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

TONES: Final = {
    "here": Tone.GOOD, "missing": Tone.WATCH, "absent": Tone.ACT, "planned": Tone.INFO, "over": Tone.OFF,
}  # fmt: skip

SHIFTS = Register(
    name="staff/shifts",
    path="/system/collectors",
    group="logs",
    order=5,
    title=_l("Log of collectors"),
    one=_l("Shift"),
    note=_l("Signed in, signed out, never came"),
    view=Permission.DISPATCH_VIEW,
    relation=shifts.SHIFTS,
    heading="staff_no",
    columns=(
        Column("planned_from", _l("Planned from"), Look.MOMENT, 150),
        Column("planned_to", _l("Planned to"), Look.MOMENT, 150, hidden=True),
        Column("site", _l("Site"), Look.TEXT, 220, grows=True, beside="site_name"),
        Column("district", _l("District"), Look.TEXT, 130),
        Column("staff_no", _l("Staff number"), Look.CODE, 130),
        Column("person", _l("Full name"), Look.TEXT, 130, personal=Mask.NAME),
        Column("signed_in_at", _l("Signed in"), Look.MOMENT, 150),
        Column("signed_out_at", _l("Signed out"), Look.MOMENT, 150),
        Column("late_s", _l("Late by"), Look.NUMBER, 100, unit=_l("min"), scale=60,
               note=_l("After the planned beginning; below zero: early.")),
        Column("state", _l("State"), Look.STATE, 130, words=shifts.STATES, tones=TONES),
    ),
    filters=(
        Between("planned_from", _l("Planned from")),
        Choice("area_id", _l("District"), lambda reader: shifts.list_districts(reader.tx, sites=reader.sites)),
        Typed("site", _l("Site"), "S0001"),
        Typed("staff_no", _l("Staff number")),
    ),
    chips=Chips("state", shifts.STATES),
    views=(View("now", _l("Now"), {"state": "here"}), View("missing", _l("Missing from duty"), {"state": "missing"})),
)  # fmt: skip
