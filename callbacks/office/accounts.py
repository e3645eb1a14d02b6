"""Accounts with channels of payment: their secrets are written here and shown nowhere."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office import accounts
from core.office.accounts import Channel
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Register, Typed
from core.ui.tables import Column, Look

CHANNELS = {channel.value: channel.label for channel in Channel}
STATES = {"on": _l("Switched on"), "off": _l("Off"), "ended": _l("Ended")}
_KEEPS = _l("Left empty, what is stored stays. It is never shown.")

ACCOUNTS = Register(
    name="office/accounts",
    path="/system/accounts",
    group="settings",
    order=4,
    title=_l("Payment accounts"),
    one=_l("Account"),
    note=_l("Secrets are written, never shown"),
    view=Permission.SECRETS_MANAGE,
    relation=accounts.ACCOUNTS,
    for_all="accounts are those of the company",
    heading="name",
    columns=(
        Column("channel", _l("Channel"), Look.TEXT, 120, words=CHANNELS),
        Column("name", _l("Name"), Look.TEXT, 160, grows=True),
        Column("app_id", _l("App ID"), Look.CODE, 160),
        Column("merchant_id", _l("Merchant number"), Look.CODE, 150),
        Column("certificate_serial", _l("Serial of the certificate"), Look.CODE, 190, hidden=True),
        Column("key_set_at", _l("Key set at"), Look.MOMENT, 140),
        Column("secret_set_at", _l("Secret set at"), Look.MOMENT, 140),
        Column("token_set_at", _l("Token set at"), Look.MOMENT, 140),
        Column("sites_n", _l("Sites"), Look.NUMBER, 90),
        Column("state", _l("State"), Look.STATE, 110, words=STATES, tones=tones.LIFE),
        Column("changed_by_name", _l("Changed by"), Look.TEXT, 130),
        Column("changed_at", _l("Changed"), Look.MOMENT, 140, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 160, hidden=True),
    ),
    filters=(Choice("channel", _l("Channel"), CHANNELS), Typed("name", _l("Name")), Typed("merchant_id", _l("Merchant number"))),
    chips=Chips("state", STATES),
    form=Form(
        accounts.Draft, add=accounts.add, change=accounts.change, needs=Permission.SECRETS_MANAGE, is_confirmed=True,
        when=lambda row: row["state"] != "ended",
        fields=(
            Field("channel", _l("Channel"), choices=CHANNELS, is_fixed=True),
            Field("name", _l("Name")),
            Field("app_id", _l("App ID")),
            Field("merchant_id", _l("Merchant number")),
            Field("certificate_serial", _l("Serial of the certificate")),
            Field("key", _l("Key"), kind=Kind.SECRET, hint=_KEEPS),
            Field("secret", _l("Secret"), kind=Kind.SECRET, hint=_KEEPS),
            Field("token", _l("Token"), kind=Kind.SECRET, hint=_KEEPS),
            Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
        ),
    ),
    actions=(
        Action("turn_on", _l("Use"), accounts.turn_on, Permission.SECRETS_MANAGE, asks_reason=True, is_confirmed=True,
               when=lambda row: row["state"] == "off"),
        Action("turn_off", _l("Turn off"), accounts.turn_off, Permission.SECRETS_MANAGE, asks_reason=True,
               when=lambda row: row["state"] == "on"),
        Action("clear", _l("Forget the secrets"), accounts.clear, Permission.SECRETS_MANAGE, asks_reason=True, is_grave=True,
               is_confirmed=True, when=lambda row: row["state"] != "ended",
               says=_l("The account is off until new ones are set.")),
        Action("end", _l("End"), accounts.end, Permission.SECRETS_MANAGE, asks_reason=True, is_grave=True, is_confirmed=True,
               when=lambda row: row["state"] != "ended", says=_l("It is never used again, and its secrets are forgotten.")),
    ),
)  # fmt: skip
