"""Sessions: the register of who is signed in now."""

from core.access import sessions
from core.access.permissions import Permission
from core.kit.locale import _l
from core.ui.register import Action, Between, Register, Typed
from core.ui.tables import Column, Look

SESSIONS = Register(
    name="access/sessions",
    path="/system/sessions",
    group="people",
    order=2,
    title=_l("Sessions"),
    one=_l("Session"),
    note=_l("Who is signed in now, and from where"),
    view=Permission.USERS_MANAGE,
    relation=sessions.SESSIONS,
    for_all="who secures the house sees every session",
    given=lambda reader: dict(sessions.bounds(reader.at)),
    columns=(
        Column("login", _l("User name"), Look.CODE, 160),
        Column("name", _l("Full name"), Look.TEXT, 180),
        Column("address", _l("Address"), Look.CODE, 150),
        Column("browser", _l("Browser"), Look.TEXT, 160, words={"Edg": "Edge", "OPR": "Opera"}, grows=True),
        Column("started_at", _l("Since"), Look.MOMENT, 150),
        Column("last_seen_at", _l("Last seen"), Look.AGE, 130),
        Column("agent", _l("What the browser says of itself"), Look.TEXT, 240, hidden=True),
        Column("confirmed_at", _l("Proved who he is"), Look.AGE, 150, hidden=True),
    ),
    filters=(Typed("name", _l("Full name")), Typed("address", _l("Address")), Between("started_at", _l("Since"))),
    actions=(
        Action("end", _l("End"), sessions.revoke, Permission.USERS_MANAGE, is_for_many=True, asks_reason=True, is_grave=True,
               says=_l("Whoever works there must sign in again.")),
    ),
)  # fmt: skip
