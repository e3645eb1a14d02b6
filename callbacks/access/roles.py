"""Roles: the register of what each role may do, those of the product and those of one's own."""

from dash import html
from dash.development.base_component import Component

from core.access import roles
from core.access.permissions import NAMES, Permission
from core.kit.db import Row
from core.kit.locale import _, _l
from core.ui import drawer, tables
from core.ui.parts import box, span
from core.ui.register import Action, Chips, Field, Form, Kind, Reader, Register, Typed
from core.ui.tables import Column, Look


def _sheet(_reader: Reader, row: Row) -> list[Component]:
    """Tell every permission there is, and whether the role has it."""
    held = set(row["permissions"])
    lines = [(str(NAMES[each]), _held() if each in held else _not_held()) for each in Permission]
    kind = drawer.Pill(str(roles.KINDS[row["kind"]]), row["kind"])
    return [
        drawer.heading(tables.shown(row, key="role_code")["name"], [kind], row["role_code"]),
        drawer.section(_("May do"), f"{len(held)} / {len(lines)}", tables.plain([_("Permission"), ""], lines, empty="")),
    ]


def _held() -> Component:
    return span("", box("lamp lamp--good", tag=html.I), _("yes"))


def _not_held() -> Component:
    return span("", box("lamp lamp--off", tag=html.I), _("no"))


def _is_own(row: Row) -> bool:
    return bool(row["kind"] == "own")


ROLES = Register(
    name="access/roles",
    path="/system/roles",
    group="people",
    order=4,
    title=_l("Roles"),
    one=_l("Role"),
    note=_l("Sets of permissions"),
    view=Permission.RIGHTS_GRANT,
    relation=roles.ROLES,
    for_all="a role is a word of the product",
    columns=(
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("kind", _l("Kind"), Look.TEXT, 140, words=roles.KINDS),
        Column("permission_n", _l("Permissions"), Look.NUMBER, 120),
        Column("user_n", _l("Users"), Look.NUMBER, 100),
        Column("needs_authenticator", _l("Needs a second factor"), Look.SWITCH, 170),
        Column("role_code", _l("Code"), Look.CODE, 200, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200),
    ),
    filters=(Typed("name", _l("Name")),),
    chips=Chips("kind", roles.KINDS),
    sheet=_sheet,
    form=Form(roles.Draft, add=roles.register, change=roles.change, needs=Permission.RIGHTS_GRANT, is_confirmed=True, when=_is_own,
              fields=(
        Field("name", _l("Name")),
        Field("permissions", _l("May do"), choices={each: NAMES[each] for each in roles.OWN}, is_wide=True),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("remove", _l("Remove"), roles.remove, Permission.RIGHTS_GRANT, asks_reason=True, is_grave=True, is_confirmed=True,
               when=lambda row: _is_own(row) and row["user_n"] == 0),
    ),
)  # fmt: skip
