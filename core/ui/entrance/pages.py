"""Pages of the entrance, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, redirect, render_template

from core.kit.locale import Language, _, current
from core.ui import language
from core.ui.entrance.forms import Form

OTHER = {Language.EN: (Language.ZH_CN, "中文"), Language.ZH_CN: (Language.EN, "English")}


@dataclass(frozen=True, slots=True)
class Line:
    """One session as its user sees it."""

    number: str
    browser: str
    address: str
    began: str
    seen: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page of somebody who signed in: his name, his first page, the areas he may see, the request's number."""

    name: str
    home: str
    areas: Sequence[tuple[str, str]]
    number: str


def form(drawn: Form, *, status: int = HTTPStatus.OK) -> Response:
    """Return the page of a form."""
    return _page("form.html", status=status, title=drawn.title, form=drawn)


def account(*, name: str, roles: Sequence[str], lines: Sequence[Line], csrf: str, home: str) -> Response:
    """Return the page on which somebody sees where he is signed in."""
    said = {
        "name_label": _("Signed in as"),
        "sessions": _("Where you are signed in"),
        "note": _("End what you do not know, then choose a new password."),
        "this": _("this browser"),
        "browser": _("Browser"),
        "address": _("Address"),
        "began": _("Since"),
        "seen": _("Last seen"),
        "end": _("End"),
        "end_others": _("End all others"),
        "sign_out": _("Sign out"),
        "change": _("Change password"),
        "back": _("Back"),
    }
    return _page("account.html", title=_("Your account"), name=name, roles=roles, lines=lines, csrf=csrf, home=home, said=said)


def no_permission(frame: Frame) -> Response:
    """Return the page that says that its reader may not see what he asked for."""
    note = _("Your roles do not include it. Ask the security administrator if you need it.")
    return _framed(frame, _("You may not see this page"), note, sign="forbidden", status=HTTPStatus.FORBIDDEN)


def not_found(frame: Frame) -> Response:
    """Return the page that says that there is none of this address."""
    note = _("It may have moved. The areas above lead on.") if frame.areas else _("It may have moved.")
    return _framed(frame, _("There is no such page"), note, sign="empty", status=HTTPStatus.NOT_FOUND)


def failed(frame: Frame, sentence: str, *, status: int) -> Response:
    """Return the page that says that something went wrong, and its number."""
    note = _("Try again in a moment. If it stays, tell this number to who looks after the system.")
    return _framed(frame, sentence, note, sign="failed", status=status, number=frame.number)


def link_used() -> Response:
    """Return the page that says that a screen's link was used before."""
    return _message(
        _("This link is used up"),
        _("A link binds one screen, once, within a day. Ask for a new one."),
        _("Sign in"),
        "/sign-in",
        status=HTTPStatus.GONE,
    )


def _message(title: str, note: str, action: str, href: str, *, status: int) -> Response:
    return _page("message.html", status=status, title=title, note=note, action=action, href=href)


def _framed(frame: Frame, title: str, note: str, *, sign: str, status: int, number: str = "") -> Response:
    said = {"back": _("Back"), "number": _("Request number"), "areas": _("Areas"), "account": _("Your account")}
    return _page("state.html", status=status, title=title, note=note, sign=sign, frame=frame, number=number, said=said)


def _page(template: str, *, title: str, status: int = HTTPStatus.OK, **words: object) -> Response:
    spoken = current()
    other, other_name = OTHER[spoken]
    body = render_template(
        template,
        title=title,
        product=_("Parking command center"),
        lang=language.TAG[spoken],
        short=language.SHORT[spoken],
        language_cookie=language.COOKIE,
        other=language.SHORT[other],
        other_tag=language.TAG[other],
        other_name=other_name,
        theme=_("Light or dark"),
        **words,
    )
    return Response(body, status=status, mimetype="text/html")


def go(path: str) -> Response:
    """Send the browser to a page of this host, asking for it anew."""
    return redirect(path, code=HTTPStatus.SEE_OTHER)  # type: ignore[return-value]  # Flask's own Response


def browser_name(agent: str) -> str:
    """Return what people call a browser; its own words are long and name three others."""
    names = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    found = next((name for name in names if f"{name}/" in agent), None)
    return {"Edg": "Edge", "OPR": "Opera", None: _("Another")}.get(found, found or "")
