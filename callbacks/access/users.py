"""Users: the register of accounts. What they may do is granted by somebody else, in the register of rights."""

from typing import Final

from dash import html
from dash.development.base_component import Component

from core.access import sessions, users
from core.access.permissions import Permission
from core.access.users import Invitation
from core.kit.clock import utc_now
from core.kit.db import Row
from core.kit.locale import _, _l
from core.ui import drawer, formats, tables, tones
from core.ui.drawer import Fact
from core.ui.entrance.pages import browser_name
from core.ui.parts import box
from core.ui.register import Action, Between, Chips, Field, Form, Kind, Reader, Register, Typed
from core.ui.tables import Column, Look
from core.ui.tones import Tone


def _tell(given: Invitation) -> list[Component]:
    """Show a one-time code once."""
    until = formats.moment(given.ends_at, now=utc_now(), seconds=False)
    said = _(
        "Tell %(login)s this code in person. It is good until %(until)s and is not shown again.", login=given.login, until=until
    )
    return [box("once", html.P(said), box("once__text num", given.code, tag=html.Code))]


def _sheet(reader: Reader, row: Row) -> list[Component]:
    """Tell what an account is, and where its user is signed in."""
    found = sessions.list_open(reader.tx, user_id=row["user_id"], at=reader.at)
    shown = tables.shown(row, key="user_id")
    lines = [
        (
            one.address,
            browser_name(one.agent),
            *(formats.moment(at, now=reader.at, seconds=False) for at in (one.started_at, one.last_seen_at)),
        )
        for one in found
    ]
    return [
        drawer.heading(row["name"], [drawer.Pill(str(users.STATES[row["state"]]), TONES[row["state"]])], row["login"]),
        box("register__pairs", drawer.facts([
            Fact(_("Roles"), shown["roles"] or "—"),
            Fact(_("Second factor"), _("yes") if row["has_authenticator"] else _("no")),
            Fact(_("Password since"), formats.moment(row["password_set_at"], now=reader.at, seconds=False)),
            Fact(_("Account since"), formats.moment(row["created_at"], now=reader.at, seconds=False)),
        ])),
        drawer.section(_("Open sessions"), str(len(lines)), tables.plain(
            [_("Address"), _("Browser"), _("Since"), _("Last seen")], lines, empty=_("Nowhere"))),
    ]  # fmt: skip


def _is_active(row: Row) -> bool:
    return bool(row["state"] != "disabled")


TONES: Final = {**tones.LIFE, "invited": Tone.INFO, "waiting": Tone.WATCH}

USERS = Register(
    name="access/users",
    path="/system/users",
    group="people",
    order=1,
    title=_l("Users"),
    one=_l("User"),
    note=_l("Accounts of people; what they may do is granted by the security administrator"),
    view=Permission.USERS_MANAGE,
    relation=users.USERS,
    for_all="who administers people administers all of them",
    given=lambda reader: {"at": reader.at, **sessions.bounds(reader.at)},
    columns=(
        Column("login", _l("User name"), Look.CODE, 160),
        Column("name", _l("Full name"), Look.TEXT, 180, grows=True),
        Column("state", _l("State"), Look.STATE, 180, words=users.STATES, tones=TONES),
        Column("roles", _l("Roles"), Look.TEXT, 220),
        Column("has_authenticator", _l("Second factor"), Look.SWITCH, 120),
        Column("session_n", _l("Sessions"), Look.NUMBER, 100, note=_l("Where he is signed in now")),
        Column("last_seen_at", _l("Last seen"), Look.MOMENT, 150),
        Column("created_at", _l("Account since"), Look.MOMENT, 150, hidden=True),
        Column("is_demo", _l("Of the demo"), Look.SWITCH, 110, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(Typed("name", _l("Full name")), Typed("login", _l("User name")), Between("last_seen_at", _l("Last seen"))),
    chips=Chips("state", users.STATES),
    sheet=_sheet,
    form=Form(users.Draft, add=users.register, change=users.change, needs=Permission.USERS_MANAGE, tell=_tell, fields=(
        Field("login", _l("User name"), hint=_l("Letters, digits, dots and dashes")),
        Field("name", _l("Full name")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("invite", _l("New one-time code"), users.invite, Permission.USERS_MANAGE, asks_reason=True, is_confirmed=True,
               says=_l("Password, second factor and sessions end; with the code a new password is chosen."),
               when=_is_active, tell=_tell),
        Action("end_sessions", _l("End sessions"), users.end_sessions, Permission.USERS_MANAGE, is_for_many=True, asks_reason=True,
               when=lambda row: row["session_n"] > 0),
        Action("disable", _l("Disable"), users.disable_all, Permission.USERS_MANAGE, is_for_many=True, asks_reason=True,
               is_grave=True, says=_l("Nobody signs in with it any more; open sessions end at once."), when=_is_active),
        Action("enable", _l("Enable"), users.enable_all, Permission.USERS_MANAGE, is_for_many=True, asks_reason=True,
               when=lambda row: not _is_active(row)),
    ),
)  # fmt: skip
