"""
The routes of the live stream, for one Flask application.

`/live/stream?topics=wall,berths,events` is the one stream of a browser (`headline`: what concerns it of all it may see, while
`&scene=` shows it a part), `/live/wall` the same with the wall alone.
`/live/wall.json` answers once (the newest picture, or with `?at=` that of a past moment), `/live/places.json` and
`/live/kpis.json` tell what stands still. `/healthz` says that the process works.
The routes of the map stand in `core.kit.live.maps`.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Protocol

from flask import Blueprint, Flask, Response, request

from core.kit import clock
from core.kit.errors import Refused, Unavailable
from core.kit.live import frames, topics
from core.kit.live.answers import away, json, no_entry, refused, spoken
from core.kit.live.feed import Feed
from core.kit.live.hub import Hub
from core.kit.live.lives import Live, Lives
from core.kit.live.source import Picture
from core.kit.live.topics import Guest, Topic
from core.kit.locale import _

WALL: Final = "wall"
HEADLINE: Final = "headline"
_FIRST_S: Final = 3.0
_PAST_AT_ONCE: Final = 2
"""Past pictures drawn at the same time in one process; each takes a database connection and a tenth of a second."""

Reading = Callable[[], Any]
Still = Callable[[], Callable[[], bool]]


class Mine(Protocol):
    """Finds the live picture of who asks."""

    def __call__(self, *, is_whole: bool = False) -> Live:
        """Return that of what he asked for, `is_whole`: that of all he sees."""


@dataclass(frozen=True, slots=True)
class Views:
    """Where the answers that are not part of the stream come from; each may raise Unavailable."""

    past: Callable[[datetime], Picture]
    places: Reading
    kpis: Reading


class BadMoment(Refused):
    """The moment asked for cannot be read or lies in the future."""


def register(server: Flask, *, lives: Lives, mine: Mine, views: Views, may: Callable[[str], bool], still: Still) -> None:
    """
    Add the routes to an application; the city's live picture starts with the first request.

    Args:
        server: the application.
        lives: the live pictures.
        mine: returns that of who asks.
        views: what answers once.
        may: tells whether who asks may have a topic.
        still: returns what tells, as long as a stream lasts, whether who asked for it is still let in.
    """
    turn = threading.BoundedSemaphore(_PAST_AT_ONCE)
    server.register_blueprint(_blueprint(_Answers(lives, mine, views, may, still, turn)))


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

    lives: Lives
    mine: Mine
    views: Views
    may: Callable[[str], bool]
    still: Still
    turn: threading.BoundedSemaphore

    def start(self) -> None:
        """Let the city's picture be read, in the process that serves."""
        self.lives.city.start()

    def stream(self) -> Response:
        asked = [name for name in request.args.get("topics", WALL).split(",") if name]
        if not asked or not set(asked) <= {WALL, HEADLINE, *self.lives.city.feed.topics}:
            return json({"error": _("There is no such stream.")}, status=HTTPStatus.BAD_REQUEST)
        return self._streamed(asked)

    def wall_stream(self) -> Response:
        return self._streamed([WALL])

    def _streamed(self, asked: list[str]) -> Response:
        if not all(self.may(name) for name in asked):
            return no_entry()
        try:
            live = self.mine()
            whole = self.mine(is_whole=True) if HEADLINE in asked else live
        except Refused as error:
            return refused(error.message)
        except Unavailable as error:
            return away(error.message)
        topics_of: Mapping[str, Topic] = {WALL: live.hub.topic, HEADLINE: whole.hub.headline, **live.feed.topics}
        told = [topics_of[name] for name in dict.fromkeys(asked)]
        parts: list[Hub | Feed] = [live.hub, whole.hub, *([] if set(asked) <= {WALL, HEADLINE} else [live.feed])]
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        is_let_in = self.still()
        aside = is_let_in.told if isinstance(is_let_in, Guest) else bytes
        frames_of = topics.stream(told, is_over=lambda: not is_let_in() or any(part.is_over for part in parts), aside=aside)
        return Response(frames_of, mimetype="text/event-stream", headers=headers)

    def wall(self) -> Response:
        if not self.may(WALL):
            return no_entry()
        if "at" in request.args:
            return self._past(request.args["at"])
        try:
            body = self.mine().hub.whole(wait_s=_FIRST_S)
        except Refused as error:
            return refused(error.message)
        except Unavailable as error:
            return away(error.message)
        return json(body) if body else away(_("The live stream has not begun."))

    def _past(self, text: str) -> Response:
        try:
            at = moment(text, now=clock.utc_now())
        except BadMoment as error:
            return json({"error": error.message}, status=HTTPStatus.BAD_REQUEST)
        if not self.turn.acquire(timeout=_FIRST_S):
            return away(_("Too many past moments are asked for at once."))
        try:
            return _read(lambda: frames.written(self.views.past(at), seq=0, version=self.lives.city.hub.version))
        finally:
            self.turn.release()

    def places(self) -> Response:
        return _read(self.views.places)

    def kpis(self) -> Response:
        return _read(self.views.kpis)

    def health(self) -> Response:
        return json({"status": "ok"}) if self.lives.city.hub.is_alive else away(_("The live stream has stopped."))


def _blueprint(answers: _Answers) -> Blueprint:
    routes = Blueprint("live", __name__)
    routes.before_app_request(answers.start)
    for rule, answer in {
        "/live/stream": answers.stream,
        "/live/wall": answers.wall_stream,
        "/live/wall.json": answers.wall,
        "/live/places.json": answers.places,
        "/live/kpis.json": answers.kpis,
        "/healthz": answers.health,
    }.items():
        routes.add_url_rule(rule, endpoint=answer.__name__, view_func=spoken(answer))
    return routes


def _read(view: Reading) -> Response:
    try:
        return json(view())
    except Refused as error:
        return refused(error.message)
    except Unavailable as error:
        return away(error.message)
