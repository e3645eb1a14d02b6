"""Requests: the log of what devices and partners asked of the HTTPS door; for the audit administrator."""

from core.access import requests
from core.access.permissions import Permission
from core.kit.locale import _l
from core.ui import tones
from core.ui.register import Between, Chips, Register, Typed
from core.ui.tables import Column, Look

REQUESTS = Register(
    name="access/requests",
    path="/system/requests",
    group="logs",
    order=4,
    title=_l("Requests of terminals"),
    one=_l("Request of a terminal"),
    note=_l("What devices and partners asked of the HTTPS door, without what they sent; kept for 72 hours"),
    view=Permission.AUDIT_READ,
    relation=requests.REQUESTS,
    for_all="the log of terminals is read by auditors of the whole house",
    columns=(
        Column("received_at", _l("When"), Look.MOMENT, 170),
        Column("key_id", _l("Signing key"), Look.CODE, 180),
        Column("device", _l("Device"), Look.CODE, 150),
        Column("site", _l("Site"), Look.CODE, 130),
        Column("state", _l("Outcome"), Look.STATE, 120, words=requests.STATES, tones=tones.OUTCOMES),
        Column("status", _l("Status"), Look.NUMBER, 90),
        Column("message_n", _l("Messages"), Look.NUMBER, 110),
        Column("results", _l("Results"), Look.CODE, 180),
        Column("message", _l("Answer"), Look.TEXT, 260, grows=True),
        Column("nonce", _l("Nonce"), Look.CODE, 200, hidden=True),
    ),
    filters=(
        Between("received_at", _l("When")),
        Typed("key_id", _l("Signing key")),
        Typed("device", _l("Device")),
        Typed("site", _l("Site")),
    ),
    chips=Chips("state", requests.STATES),
    heading="key_id",
)
