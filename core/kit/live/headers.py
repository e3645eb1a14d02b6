"""Headers of every answer: what a browser may load and run, and from whom requests are taken."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from core.kit.locale import _
from core.kit.shallow import ShallowJSON

LOOPBACK_NAMES: Final = ["127.0.0.1", "localhost", "[::1]"]
"""Names of this machine. The name asked for is checked: a foreign page could point its own name here."""

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
MOST_BYTES: Final = 12 * 1024 * 1024
"""Of one request."""
_HTTPS_ONLY: Final = "max-age=31536000; includeSubDomains"
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


def register(server: Flask, *, script_hashes: Callable[[], Iterable[str]], origin: str | None = None, proxies: int = 0) -> None:
    """
    Put the headers on every answer; refuse requests that name another host or come from another site's page.

    Args:
        server: the application.
        script_hashes: returns the hashes of the inline scripts the page framework writes ('sha256-…', quoted); there is
            no eval and no other inline script.
        origin: the address people open; this machine's own names are always taken.
        proxies: how many proxies stand before us, whose word on address, scheme and host counts.
    """
    own = urlsplit(origin or "")
    server.config["TRUSTED_HOSTS"] = [*LOOPBACK_NAMES, *([own.hostname] if own.hostname else [])]
    server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    server.json = ShallowJSON(server)
    fixed = {**_FIXED, **({"Strict-Transport-Security": _HTTPS_ONLY} if own.scheme == "https" else {})}
    if proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]

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
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        return response
