"""Handhelds: the register of who holds which, and whether both are at work."""

from collections.abc import Sequence
from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.kit.db import Row
from core.kit.locale import _, _l
from core.kit.masks import Mask, masked
from core.staff import handhelds
from core.ui import drawer, formats, tables
from core.ui.drawer import Fact
from core.ui.parts import UNKNOWN
from core.ui.register import Action, Chips, Field, Form, Reader, Register, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone


def show_handheld(reader: Reader, row: Row) -> list[Component]:
    """Return who holds a handheld, and who held it before."""
    facts = [
        Fact(_("Last heard"), formats.ago(row["last_seen_at"], now=reader.at)),
        Fact(_("Battery"), UNKNOWN if row["battery_mv"] is None else f"{row['battery_mv'] / 1000:.2f} V"),
        Fact(_("Signed in"), formats.moment(row["signed_in_at"], now=reader.at)),
        Fact(_("Serial number"), row["serial_no"]),
    ]
    before = handhelds.list_history(reader.tx, device_id=row["device_id"])
    lines: list[Sequence[str]] = [
        (one["staff_no"], masked(one["person"], Mask.NAME) or UNKNOWN, formats.moment(one["held_from"], now=reader.at),
         formats.moment(one["held_to"], now=reader.at), one["reason"])
        for one in before
    ]  # fmt: skip
    titles = [_("Staff number"), _("Full name"), _("From"), _("To"), _("Reason")]
    return [
        drawer.section(_("Handheld"), row["site_name"], drawer.facts(facts)),
        drawer.section(_("Held by"), _("newest first"), tables.plain(titles, lines, empty=_("Held by nobody so far."))),
    ]


TONES: Final = {"at_work": Tone.GOOD, "silent": Tone.ACT, "off_duty": Tone.INFO, "free": Tone.OFF}

HANDHELDS = Register(
    name="staff/handhelds",
    path="/devices/handhelds",
    group="inventory",
    order=5,
    title=_l("Handhelds and collectors"),
    one=_l("Handheld"),
    note=_l("Who holds which, and whether both are at work"),
    view=Permission.DEVICES_VIEW,
    relation=handhelds.HANDHELDS,
    sheet=show_handheld,
    is_live=True,
    columns=(
        Column("code", _l("Device"), Look.CODE, 130),
        Column("site", _l("Site"), Look.TEXT, 220, grows=True, beside="site_name"),
        Column("state", _l("State"), Look.STATE, 170, words=handhelds.STATES, tones=TONES),
        Column("staff_no", _l("Staff number"), Look.CODE, 130),
        Column("person", _l("Full name"), Look.TEXT, 120, personal=Mask.NAME),
        Column("held_from", _l("Held since"), Look.MOMENT, 150),
        Column("signed_in_at", _l("Signed in"), Look.MOMENT, 150),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
        Column("serial_no", _l("Serial number"), Look.CODE, 150, hidden=True),
    ),
    filters=(Typed("code", _l("Device")), Typed("site", _l("Site")), Typed("staff_no", _l("Staff number"))),
    chips=Chips("state", handhelds.STATES),
    views=(View("silent", _l("Signed in, not heard"), {"state": "silent"}), View("free", _l("Held by nobody"), {"state": "free"})),
    actions=(
        Action("hand_out", _l("Hand out"), handhelds.hand_out, Permission.DEVICES_MANAGE, when=lambda row: row["state"] == "free",
               form=Form(handhelds.Draft, fields=(
                   Field("staff_no", _l("Collector"), choices=lambda reader: handhelds.list_collectors(reader.tx)),
               ))),
        Action("take_back", _l("Take back"), handhelds.take_back, Permission.DEVICES_MANAGE, asks_reason=True, is_for_many=True,
               when=lambda row: row["state"] != "free"),
    ),
)  # fmt: skip
