"""Rights: the register of who may do what, and where; for the security administrator."""

from core.access import rights, roles
from core.access.permissions import Permission
from core.kit.locale import _l
from core.places import organisations, sites
from core.ui import tones
from core.ui.register import Action, Chips, Field, Form, Reader, Register, Typed
from core.ui.tables import Column, Look


def _organisations(reader: Reader) -> list[tuple[str, str]]:
    """Who grants need not see the city: he names parts of it for others."""
    return organisations.list_all_choices(reader.tx)


def _sites(reader: Reader) -> list[tuple[str, str]]:
    return sites.list_all_choices(reader.tx)


RIGHTS = Register(
    name="access/rights",
    path="/system/rights",
    group="people",
    order=3,
    title=_l("Rights"),
    one=_l("User's rights"),
    note=_l("Which roles people hold, and what of the city they see"),
    view=Permission.RIGHTS_GRANT,
    relation=rights.RIGHTS,
    for_all="who grants rights grants them to everybody",
    columns=(
        Column("login", _l("User name"), Look.CODE, 160),
        Column("name", _l("Full name"), Look.TEXT, 160),
        Column("state", _l("State"), Look.STATE, 130, words=rights.STATES, tones=tones.LIFE),
        Column("roles", _l("Roles"), Look.TEXT, 240, grows=True),
        Column("scope", _l("Sees"), Look.TEXT, 240, grows=True),
        Column("needs_authenticator", _l("Needs a second factor"), Look.SWITCH, 160),
        Column("has_authenticator", _l("Second factor"), Look.SWITCH, 120),
        Column("granted_at", _l("Granted"), Look.MOMENT, 150),
    ),
    filters=(Typed("name", _l("Full name")), Typed("roles", _l("Roles")), Typed("scope", _l("Sees"))),
    chips=Chips("state", rights.STATES),
    form=Form(rights.Draft, change=rights.change, needs=Permission.RIGHTS_GRANT, is_confirmed=True,
              load=lambda _reader, row: rights.load(row), fields=(
        Field("role_codes", _l("Roles"), choices=lambda reader: roles.list_choices(reader.tx), is_wide=True),
        Field("is_everything", _l("Sees everything")),
        Field("organisation_ids", _l("Sees organisations"), choices=_organisations, hint=_l("With all below them"), is_wide=True),
        Field("site_ids", _l("Sees sections and lots"), choices=_sites, is_wide=True),
    )),
    actions=(
        Action("withdraw", _l("Withdraw all"), rights.withdraw, Permission.RIGHTS_GRANT, is_for_many=True, asks_reason=True,
               is_grave=True, is_confirmed=True, says=_l("No role and no part of the city is left; open sessions end at once."),
               when=lambda row: row["state"] == "active"),
    ),
)  # fmt: skip
