"""
The routes of the live stream, for one Flask application.

`/live/wall` streams, `/live/wall.json` answers once (the newest picture, or with `?at=` that of a past moment),
`/live/places.json` and `/live/kpis.json` tell what stands still. `/healthz` says that the process works, `/readyz` that the
database answers, too.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Blueprint, Flask, Response, request

from core.kit import clock
from core.kit.errors import Refused, Unavailable
from core.kit.live import frames
from core.kit.live.hub import Hub
from core.kit.live.source import Picture
from core.kit.locale import Language, _, negotiate, use

READY_S: Final = 5.0
_FIRST_S: Final = 3.0
_PAST_AT_ONCE: Final = 2
"""Past pictures drawn at the same time in one process; each takes a database connection and a tenth of a second."""
_SHORT: Final = {"zh": Language.ZH_CN, "en": Language.EN}

Reading = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Views:
    """Where the answers that are not part of the stream come from; each may raise Unavailable."""

    past: Callable[[datetime], Picture]
    places: Reading
    kpis: Reading


class BadMoment(Refused):
    """The moment asked for cannot be read or lies in the future."""


def register(server: Flask, *, hub: Hub, views: Views) -> None:
    """Add the routes to an application; the hub starts with the first request."""
    server.register_blueprint(_blueprint(_Answers(hub, views, threading.BoundedSemaphore(_PAST_AT_ONCE))))


def moment(text: str, *, now: datetime) -> datetime:
    """
    Read a moment of the past from an address: ISO 8601; without a zone it is the city's.

    Raises:
        BadMoment: no such moment, or one that has not come yet.
    """
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+"))  # a plus sign that was not escaped arrives as a blank
        at = (at if at.tzinfo else at.replace(tzinfo=clock.city_zone())).astimezone(now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise BadMoment(_("Write the moment as 2026-11-20T14:32:00+08:00.")) from error
    if at > now:
        raise BadMoment(_("This moment has not come yet."))
    return at


@dataclass(frozen=True, slots=True)
class _Answers:
    """What each route answers."""

    hub: Hub
    views: Views
    turn: threading.BoundedSemaphore

    def stream(self) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(self.hub.stream(), mimetype="text/event-stream", headers=headers)

    def wall(self) -> Response:
        if "at" in request.args:
            return self._past(request.args["at"])
        body = self.hub.whole(wait_s=_FIRST_S)
        return _json(body) if body else _away(_("The live stream has not begun."))

    def _past(self, text: str) -> Response:
        try:
            at = moment(text, now=clock.utc_now())
        except BadMoment as error:
            return _json({"error": error.message}, status=HTTPStatus.BAD_REQUEST)
        if not self.turn.acquire(timeout=_FIRST_S):
            return _away(_("Too many past moments are asked for at once."))
        try:
            return _read(lambda: frames.written(self.views.past(at), seq=0, version=self.hub.version))
        finally:
            self.turn.release()

    def places(self) -> Response:
        return _read(self.views.places)

    def kpis(self) -> Response:
        return _read(self.views.kpis)

    def health(self) -> Response:
        return _json({"status": "ok"}) if self.hub.is_alive else _away(_("The live stream has stopped."))

    def ready(self) -> Response:
        return _json({"status": "ready"}) if self.hub.has_read_within(READY_S) else _away(_("The database does not answer."))


def _blueprint(answers: _Answers) -> Blueprint:
    routes = Blueprint("live", __name__)
    routes.before_app_request(answers.hub.start)
    for rule, answer in {
        "/live/wall": answers.stream,
        "/live/wall.json": answers.wall,
        "/live/places.json": answers.places,
        "/live/kpis.json": answers.kpis,
        "/healthz": answers.health,
        "/readyz": answers.ready,
    }.items():
        routes.add_url_rule(rule, endpoint=answer.__name__, view_func=_spoken(answer))
    return routes


def _spoken(answer: Callable[[], Response]) -> Callable[[], Response]:
    """Answer in the language asked for by `?lang=`, else in the browser's."""

    def speak() -> Response:
        asked = _SHORT.get(request.args.get("lang", "")) or negotiate(request.headers.get("Accept-Language"))
        with use(asked):
            return answer()

    return speak


def _read(view: Reading) -> Response:
    try:
        return _json(view())
    except Unavailable as error:
        return _away(error.message)


def _json(body: Any, *, status: int = HTTPStatus.OK) -> Response:  # bytes are JSON already
    text = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(text, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _away(sentence: str) -> Response:
    """Answer that the outside world is away; a page tries again."""
    answer = _json({"error": sentence}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = "2"
    return answer
