"""
The routes of the map: what is too much for JSON goes as numbers in a row.

`/live/berths.bin` tells every berth: where it lies and its state now, or with `?at=` at a past moment. `/live/berths.json`
tells the states alone, as the stream does, for those whom streams do not reach. `/live/replay.bin?from=&to=` tells all
changes of a period of at most 24 hours. A body begins with the length of its header (uint32, little-endian) and the header,
JSON padded with blanks to a multiple of four.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, Flask, Response, request

from core.kit import clock
from core.kit.errors import Refused, Unavailable
from core.kit.live.answers import away, json, no_entry, refused, spoken
from core.kit.live.lives import Maps
from core.kit.live.routes import moment
from core.kit.locale import _

LONGEST: Final = timedelta(hours=24)
_AT_ONCE: Final = 2
"""Past moments read at the same time in one process; each takes a database connection and up to a second."""
_WAIT_S: Final = 3.0


class BadPeriod(Refused):
    """The period asked for cannot be shown."""


def register(server: Flask, *, mine: Callable[[], Maps], may: Callable[[], bool]) -> None:
    """Add the routes to an application. `mine`: the answers for who asks; `may`: he may see the map."""
    answers = _Answers(mine, may, threading.BoundedSemaphore(_AT_ONCE))
    routes = Blueprint("maps", __name__)
    for rule, answer in {
        "/live/berths.bin": answers.berths,
        "/live/berths.json": answers.states,
        "/live/replay.bin": answers.replay,
    }.items():
        routes.add_url_rule(rule, endpoint=answer.__name__, view_func=spoken(answers.guarded(answer)))
    server.register_blueprint(routes)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What each route answers."""

    mine: Callable[[], Maps]
    may: Callable[[], bool]
    turn: threading.BoundedSemaphore

    def guarded(self, answer: Callable[[], Response]) -> Callable[[], Response]:
        """Let an answer pass for those who may see it; make its failures sentences."""

        def ask() -> Response:
            if not self.may():
                return no_entry()
            try:
                return answer()
            except Refused as error:
                return refused(error.message)
            except Unavailable as error:
                return away(error.message)

        return ask

    def berths(self) -> Response:
        if "at" not in request.args:
            return _packed(self.mine().now())
        at = moment(request.args["at"], now=clock.utc_now())
        return _packed(self._in_turn(lambda: self.mine().past(at)))

    def states(self) -> Response:
        if "at" not in request.args:
            body = self.mine().states()
        else:
            at = moment(request.args["at"], now=clock.utc_now())
            body = self._in_turn(lambda: self.mine().past_states(at))
        return json(body) if body else away(_("The live stream has not begun."))

    def replay(self) -> Response:
        starts_at, ends_at = _period()
        return _packed(self._in_turn(lambda: self.mine().replay(starts_at, ends_at)))

    def _in_turn(self, read: Callable[[], bytes]) -> bytes:
        """Read a past moment when it is its turn."""
        if not self.turn.acquire(timeout=_WAIT_S):
            raise Unavailable(_("Too many past moments are asked for at once."))
        try:
            return read()
        finally:
            self.turn.release()


def _period() -> tuple[datetime, datetime]:
    """
    Return the period asked for.

    Raises:
        BadPeriod: it is empty or too long; `BadMoment` where an end of it cannot be read.
    """
    now = clock.utc_now()
    starts_at, ends_at = (moment(request.args.get(name, ""), now=now) for name in ("from", "to"))
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise BadPeriod(_("A replay shows at most 24 hours."))
    return starts_at, ends_at


def _packed(body: bytes | None) -> Response:
    """Answer with numbers in a row; a browser that has them is told so."""
    if body is None:
        return away(_("The live stream has not begun."))
    answer = Response(body, mimetype="application/octet-stream", headers={"Cache-Control": "no-cache"})
    answer.add_etag()
    answer.make_conditional(request)
    return answer
