"""Cookies: what a browser keeps of a session or a screen, and the token that shows that a form is ours."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from flask import Request, Response

from core.ui.language import COOKIE as LANGUAGE

_SESSION: Final = "boshu-session"
_SCREEN: Final = "boshu-screen"
_FORM: Final = "_csrf_token"
"""The page framework sends the value of a cookie of this name with everything, as the header below."""
_FORM_HEADER: Final = "X-CSRFToken"
_FORM_FIELD: Final = "csrf"
IS_SCREEN: Final = "boshu-is-screen"
"""Tells the page's script that it runs on a wall screen."""
SET: Final = "boshu-screen-set"
"""What people set on a screen, in the words of an address, for the page's script."""
_YEARS_S: Final = 10 * 365 * 24 * 3600


class Cookies:
    """The cookies of one application; over https their names bind them to this host alone."""

    def __init__(self, *, is_https: bool) -> None:
        """Choose the names."""
        self._is_https = is_https
        self._prefix = "__Host-" if is_https else ""

    def session(self, request: Request) -> str | None:
        """Return the token of a session."""
        return request.cookies.get(self._prefix + _SESSION)

    def screen(self, request: Request) -> str | None:
        """Return the token of a wall screen."""
        return request.cookies.get(self._prefix + _SCREEN)

    def keep_session(self, response: Response, token: str) -> None:
        """Let a browser keep the token of a session until it is closed, and the token of its forms."""
        self._set(response, _SESSION, token)
        self._set_readable(response, _FORM, form_token_of(token))

    def drop_session(self, response: Response) -> None:
        """Let a browser forget its session."""
        response.delete_cookie(self._prefix + _SESSION, secure=self._is_https, httponly=True, samesite="Lax")
        response.delete_cookie(_FORM, secure=self._is_https, samesite="Lax")

    def keep_screen(self, response: Response, token: str) -> None:
        """Let a browser keep the token of a wall screen."""
        self._set(response, _SCREEN, token, max_age=_YEARS_S)
        self._set_readable(response, _FORM, form_token_of(token), max_age=_YEARS_S)
        self._set_readable(response, IS_SCREEN, "1", max_age=_YEARS_S)

    def keep_settings(self, response: Response, settings: Mapping[str, str]) -> None:
        """Let a screen's browser keep what was set on it."""
        self._set_readable(response, SET, quote(urlencode(settings)), max_age=_YEARS_S)
        if language := settings.get("lang"):
            self._set_readable(response, LANGUAGE, language, max_age=_YEARS_S)

    def form_token(self, request: Request) -> str | None:
        """Return what a form of this browser must send: of a session or screen what follows from it, else what it was given."""
        token = self.session(request) or self.screen(request)
        return form_token_of(token) if token else request.cookies.get(_FORM)

    def keep_form_token(self, response: Response, token: str) -> None:
        """Let a stranger's browser keep the token of our form."""
        self._set_readable(response, _FORM, token)

    def _set(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        response.set_cookie(
            self._prefix + name, value, max_age=max_age, secure=self._is_https, httponly=True, samesite="Lax", path="/"
        )

    def _set_readable(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        response.set_cookie(name, value, max_age=max_age, secure=self._is_https, samesite="Lax", path="/")


def form_token_of(token: str) -> str:
    """Return the token of the forms of a session: it follows from the session's, not the other way round."""
    return hashlib.sha256(b"form " + token.encode("utf-8", "surrogatepass")).hexdigest()


def new_form_token() -> str:
    """Return a token for the form of a stranger."""
    return secrets.token_hex(32)


def sent_form_token(request: Request) -> str:
    """Return the token that came with a request, as a header or in a form."""
    return request.headers.get(_FORM_HEADER) or request.form.get(_FORM_FIELD, "")
