"""
Failures: what a request that went wrong is answered, in a frame and in the reader's language.

A bug is logged with its trace under the number of its request; who asked sees the number and a calm sentence, and nothing else:
no trace, no statement, no path of a file, no version. The number is also in the header `X-Request-Id` of every answer.
"""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from core.kit.errors import Unavailable
from core.kit.live import answers
from core.kit.locale import _
from core.kit.log import get_logger
from core.ui import language
from core.ui.entrance import gate, pages

_log = get_logger(__name__)
_OF_MACHINES: Final = ("/api/", "/live/")
_SENT_ALONG: Final = frozenset({"Allow", "Retry-After"})


def register(server: Flask) -> None:
    """Let an application answer every failure itself."""
    server.register_error_handler(Unavailable, _away)
    server.register_error_handler(HTTPException, _refused)
    server.register_error_handler(Exception, _bug)


def _bug(error: Exception) -> Response:
    """Log what nobody foresaw and say its number; a test sees the bug itself."""
    if current_app.testing:
        raise error
    route = request.url_rule.rule if request.url_rule else ""
    _log.error("A request failed.", number=gate.request_id(), method=request.method, route=route, exc_info=error)
    with language.speaking():
        return _said(_("Something went wrong here. It was noted."), HTTPStatus.INTERNAL_SERVER_ERROR)


def _away(error: Unavailable) -> Response:
    with language.speaking():
        return answers.away(error.message)


def _refused(error: HTTPException) -> Response:
    """Say in our own words what the framework refuses: its own name versions and what was asked."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # Flask's own Response
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    with language.speaking():
        answer = _said(_sentence(status), status)
    answer.headers.extend({name: value for name, value in error.get_headers() if name in _SENT_ALONG})
    return answer


def _said(sentence: str, status: HTTPStatus) -> Response:
    if gate.wants_a_page():
        frame = gate.frame_of_reader()
        return pages.not_found(frame) if status is HTTPStatus.NOT_FOUND else pages.failed(frame, sentence, status=status)
    if request.path.startswith(_OF_MACHINES):
        return answers.json({"error": sentence, "number": str(gate.request_id() or "")}, status=status)
    return Response(sentence, status=status, mimetype="text/plain")


def _sentence(status: HTTPStatus) -> str:
    return {
        HTTPStatus.NOT_FOUND: _("There is nothing at this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This address does not take that."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("This is too large."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too much at once. Please wait a moment."),
    }.get(
        status, _("This request cannot be read.") if status < HTTPStatus.INTERNAL_SERVER_ERROR else _("Something went wrong here.")
    )
