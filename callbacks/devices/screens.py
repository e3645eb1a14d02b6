"""Guidance screens: the register of what they show, against what the platform told them."""

from core.access.permissions import Permission
from core.insight import screens
from core.insight.screens import NUMBERS, Agreement
from core.kit.locale import _l
from core.ui.register import Chips, Register, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

STATES = {state.value: state.label for state in Agreement}
TONES = {
    "agreed": Tone.GOOD, "waiting": Tone.INFO, "drift": Tone.ACT, "silent": Tone.WATCH, "untold": Tone.OFF, "unheard": Tone.OFF,
}  # fmt: skip

SCREENS = Register(
    name="devices/screens",
    path="/devices/screens",
    group="monitoring",
    order=3,
    title=_l("Guidance screens"),
    one=_l("Number on a screen"),
    note=_l("The number shown beside the number told"),
    view=Permission.DEVICES_VIEW,
    relation=NUMBERS,
    columns=(
        Column("code", _l("Screen"), Look.CODE, 120),
        Column("site", _l("Stands at"), Look.CODE, 220, grows=True, beside="site_name"),
        Column("target", _l("Shows"), Look.CODE, 220, grows=True, beside="target_name"),
        Column("shown", _l("Number shown"), Look.NUMBER, 130,
               note=_l("What the screen says it shows; a dash where it shows none.")),
        Column("asked", _l("Number told"), Look.NUMBER, 130,
               note=_l("What the platform told it to show; a dash where it is not known.")),
        Column("drift", _l("Difference"), Look.NUMBER, 120, note=_l("Shown less told.")),
        Column("state", _l("State"), Look.STATE, 140, words=STATES, tones=TONES),
        Column("shown_at", _l("Shown since"), Look.AGE, 130, note=_l("When the screen last said what it shows.")),
        Column("asked_at", _l("Last told"), Look.AGE, 130),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 130),
    ),
    filters=(Typed("target", _l("Site"), "P-01"), Typed("code", _l("Screen"), "S1")),
    chips=Chips("state", STATES),
    views=(View("differs", _l("Differs"), {"state": "drift"}),),
    given=lambda reader: screens.given(at=reader.at, sites=reader.sites),
    is_live=True,
)  # fmt: skip
