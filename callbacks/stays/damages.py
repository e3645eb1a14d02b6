"""Damages: the register of pictures that are lost or altered."""

from typing import Final

from core.access.permissions import Permission
from core.kit.db import Row
from core.kit.locale import _l
from core.stays import damages
from core.ui.register import Action, Between, Chips, Choice, Register, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

KINDS: Final = {"missing": _l("Lost"), "altered": _l("Altered")}
STATES: Final = {
    "open": _l("To be dealt with"),
    "mended": _l("Whole again"),
    "accepted": _l("Accepted"),
    "expired": _l("Served its time"),
}
TONES: Final = {"open": Tone.ACT, "mended": Tone.GOOD, "accepted": Tone.OFF, "expired": Tone.OFF}


def _is_open(row: Row) -> bool:
    return bool(row["state"] == "open")


DAMAGES = Register(
    name="stays/damages",
    path="/system/damages",
    group="settings",
    order=7,
    title=_l("Damaged pictures"),
    one=_l("Damaged picture"),
    note=_l("Found where pictures are compared with their hashes"),
    view=Permission.SETTINGS_MANAGE,
    relation=damages.DAMAGES,
    given=lambda reader: {"sites": reader.sites},
    heading="frame",
    columns=(
        Column("found_at", _l("Found"), Look.MOMENT, 150),
        Column("kind", _l("Finding"), Look.TEXT, 110, words=KINDS),
        Column("state", _l("State"), Look.STATE, 150, words=STATES, tones=TONES),
        Column("site", _l("Site"), Look.TEXT, 200, grows=True, beside="site_name"),
        Column("kept_at", _l("Kept since"), Look.MOMENT, 150),
        Column("kept_bytes", _l("Size"), Look.NUMBER, 100, unit="KB", scale=1_000),
        Column("seen_at", _l("Seen so last"), Look.MOMENT, 150),
        Column("ended_at", _l("Ended at"), Look.MOMENT, 150),
        Column("end_reason", _l("Why it ended"), Look.TEXT, 160, is_sorted=False),
        Column("frame", _l("Hash of what came"), Look.CODE, 200),
        Column("kept", _l("Hash of what is kept"), Look.CODE, 200, is_sorted=False, hidden=True),
    ),
    filters=(Choice("kind", _l("Finding"), KINDS), Between("found_at", _l("Found"))),
    chips=Chips("state", STATES),
    views=(View("open", _l("To be dealt with"), {"state": "open"}),),
    actions=(
        Action("again", _l("Look again"), damages.look_again, Permission.SETTINGS_MANAGE, is_for_many=True, when=_is_open,
               says=_l("The picture is read and compared once more. Where it is whole, this ends.")),
        Action("accept", _l("Accept"), damages.accept, Permission.SETTINGS_MANAGE, is_for_many=True, asks_reason=True,
               is_grave=True, when=_is_open, says=_l("The picture stays lost, and nobody is called any more.")),
    ),
)  # fmt: skip
