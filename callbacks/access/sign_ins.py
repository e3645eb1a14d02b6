"""Sign-ins: the log of who tried to sign in; for the audit administrator."""

from core.access import sign_ins
from core.access.permissions import Permission
from core.kit.locale import _l
from core.ui import tones
from core.ui.register import Between, Chips, Register, Typed, View
from core.ui.tables import Column, Look

SIGN_INS = Register(
    name="access/sign_ins",
    path="/system/sign-ins",
    group="logs",
    order=3,
    title=_l("Sign-ins"),
    one=_l("Try to sign in"),
    note=_l("Kept for half a year; names that belong to nobody are not kept"),
    view=Permission.AUDIT_READ,
    relation=sign_ins.SIGN_INS,
    for_all="the log of sign-ins is read by auditors of the whole house",
    columns=(
        Column("tried_at", _l("When"), Look.MOMENT, 170),
        Column("login", _l("User name"), Look.CODE, 180),
        Column("name", _l("Full name"), Look.TEXT, 200, grows=True),
        Column("address", _l("Address"), Look.CODE, 180),
        Column("outcome", _l("Outcome"), Look.STATE, 160, words=sign_ins.OUTCOMES, tones=tones.OUTCOMES),
    ),
    filters=(Between("tried_at", _l("When")), Typed("login", _l("User name")), Typed("address", _l("Address"))),
    chips=Chips("outcome", sign_ins.OUTCOMES),
    views=(View("guessing", _l("Guessing"), {"outcome": "turned-away"}, "-tried_at"),),
    heading="tried_at",
)
