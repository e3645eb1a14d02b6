"""Headers of every answer: what a browser may load and run, and from whom requests are taken."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request

from core.kit.locale import _

LOOPBACK_NAMES: Final = ["127.0.0.1", "localhost", "[::1]"]
"""Until sign-in exists nobody else may ask. The name asked for is checked, too: a foreign page could point its own name here."""

_POLICY: Final = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Dash and Plotly set style attributes
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "worker-src": "'self' blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def register(server: Flask, *, script_hashes: Callable[[], Iterable[str]]) -> None:
    """
    Put the headers on every answer; refuse requests that name another host or come from another site's page.

    `script_hashes` returns the hashes of the inline scripts the page framework writes ('sha256-…', quoted); there is no
    eval and no other inline script.
    """
    server.config["TRUSTED_HOSTS"] = LOOPBACK_NAMES

    @server.before_request
    def keep_foreign_pages_out() -> Response | None:
        """Refuse what another site's page sends in a visitor's name; devices and programs send no such header."""
        if request.method in _SAFE or request.headers.get("Sec-Fetch-Site", "none") in _OWN:
            return None
        return Response(_("Another site's page may not do this."), status=HTTPStatus.FORBIDDEN, mimetype="text/plain")

    @server.after_request
    def secure(response: Response) -> Response:
        scripts = " ".join([_POLICY["script-src"], *script_hashes()])
        policy = {**_POLICY, "script-src": scripts}
        response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        return response
