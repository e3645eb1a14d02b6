"""Forms of the entrance, in the reader's language. Each carries the token that shows that it is ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from core.access import authenticators, passwords
from core.kit.locale import _
from core.ui import codes

_GROUP = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type."""

    name: str
    label: str
    kind: str = "text"
    autocomplete: str = "off"
    hint: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that says what it wants."""

    title: str
    note: str
    fields: Sequence[Field]
    submit: str
    csrf: str
    next: str = ""
    problem: str = ""
    secret: str = ""
    """What an authenticator takes over, shown in groups of four letters."""
    secret_address: str = ""
    secret_picture: Markup | str = ""


def password(csrf: str, *, next_: str, login: str = "", problem: str = "") -> Form:
    """Return the form on which people sign in."""
    fields = (
        Field("login", _("User name"), autocomplete="username", value=login[:64]),
        Field("password", _("Password or one-time code"), kind="password", autocomplete="current-password"),
    )
    return Form(_("Sign in"), "", fields, _("Sign in"), csrf, next=next_, problem=problem)


def new_password(csrf: str, *, next_: str) -> Form:
    """Return the form on which somebody chooses his password."""
    hint = _("At least %(n)s characters. Several words that do not belong together are best.", n=passwords.FEWEST)
    fields = (
        Field("password", _("New password"), kind="password", autocomplete="new-password", hint=hint),
        Field("again", _("Once more"), kind="password", autocomplete="new-password"),
    )
    return Form(_("Choose a password"), _("Only you will know it: nobody can read it here."), fields, _("Go on"), csrf, next=next_)


def code(csrf: str, *, next_: str, login: str, secret: str) -> Form:
    """Return the form of a second factor; with a secret, the one on which an authenticator is set up."""
    title, note = _("Second factor"), _("Your authenticator shows it for half a minute.")
    if secret:
        title = _("Set up an authenticator")
        note = _("Your roles need an authenticator. Let its program see this code, then type the six digits it shows.")
    fields = (Field("code", _("Six digits"), autocomplete="one-time-code"),)
    shown = " ".join(secret[n : n + _GROUP] for n in range(0, len(secret), _GROUP))
    address = authenticators.address(secret, login=login) if secret else ""
    picture = codes.drawn(address, label=_("Code for an authenticator")) if secret else ""
    return Form(title, note, fields, _("Go on"), csrf, next=next_, secret=shown, secret_address=address, secret_picture=picture)


def confirm(csrf: str, *, next_: str, by_code: bool) -> Form:
    """Return the form on which somebody proves once more who he is."""
    digits = Field("password", _("Six digits"), autocomplete="one-time-code")
    typed = Field("password", _("Password"), kind="password", autocomplete="current-password")
    note = _("What you are about to do is sensitive. Please prove once more who you are.")
    return Form(_("Is it you?"), note, (digits if by_code else typed,), _("Go on"), csrf, next=next_)
