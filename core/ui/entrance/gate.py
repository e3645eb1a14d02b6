"""
The gate: every request passes here first, and what no policy opens stays closed.

It finds out who asks, keeps foreign forms out, numbers the request and notes who was denied.
"""

import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask, Response, current_app, g, has_request_context, redirect, request

from core.access import actors, audit, screens, sessions
from core.access.actors import Actor, ActorKind
from core.access.audit import Entry, Outcome, Who
from core.access.scenes import NoSuchScene
from core.access.scopes import EVERYTHING
from core.access.sights import Sight, Sites
from core.kit.clock import Clock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import derived_id, uuid7
from core.kit.live.answers import away
from core.kit.locale import _
from core.ui import language, navigation
from core.ui.entrance import pages, policies
from core.ui.entrance.cookies import Cookies, sent_form_token
from core.ui.entrance.guests import Guest, Guests
from core.ui.entrance.pages import Frame
from core.ui.entrance.policies import Open
from core.ui.entrance.rates import Rates

NOBODY: Final = Actor(derived_id("actor", "nobody"), frozenset())
"""Whoever did not sign in."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_UNGUARDED: Final = frozenset({Open.EVERYBODY, Open.OWN_KEY})
_KEY: Final = "boshu-gate"
_WHOLE_CITY: Final = Sight(EVERYTHING)
_LIVE: Final = "/live/"
_BY_ITSELF: Final = (_LIVE, "/session")
"""What pages ask for although nobody touches them."""
_REMEMBERED: Final = 10_000
_REMEMBERED_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class _World:
    """What the gate of an application works with."""

    database: Database
    clock: Clock
    cookies: Cookies
    memory: "_Memory"
    guests: Guests
    rates: Rates


def register(server: Flask, *, database: Database, clock: Clock, is_https: bool = False) -> Cookies:
    """Put the gate before everything the application answers; return its cookies."""
    cookies = Cookies(is_https=is_https)
    server.extensions[_KEY] = _World(database, clock, cookies, _Memory(), Guests(database, clock), Rates())
    server.before_request(_admit)
    server.after_request(_mark)
    return cookies


def actor() -> Actor:
    """Return who sends this request; NOBODY who may do nothing."""
    return g.get("actor", NOBODY) if has_request_context() else NOBODY


def entry(action: str, outcome: Outcome, *, subject: str = "", reason: str = "") -> Entry:
    """Return an entry of the audit about this request."""
    world: _World = current_app.extensions[_KEY]
    who = actor()
    is_known = who is not NOBODY
    kind = (Who.SCREEN if who.kind is ActorKind.SCREEN else Who.USER) if is_known else Who.NOBODY
    return Entry(
        world.clock.now(),
        action,
        outcome,
        actor_id=who.id if is_known else None,
        actor_kind=kind,
        actor_name=who.name,
        actor_roles=who.roles,
        subject=subject,
        reason=reason,
        address=(request.remote_addr or "") if has_request_context() else "",
        request_id=request_id(),
    )


def note(noted: Entry) -> None:
    """Write an entry in a transaction of its own: of what was not done there is no other."""
    world: _World = current_app.extensions[_KEY]
    with world.database.transaction() as tx:
        audit.add(tx, noted)


def request_id() -> UUID | None:
    """Return the number of this request, which an error page shows and the audit keeps."""
    return g.get("request_id") if has_request_context() else None


def sites(*, is_whole: bool = False) -> Sites | None:
    """
    Return the sites that who sends this request looks at; None for the whole city.

    These are the ones he sees, of which `?scene=` of a live address chooses; `is_whole`: all of them whatever it chooses.

    Raises:
        scenes.NoSuchScene: there is no such scene.
    """
    world: _World = current_app.extensions[_KEY]
    sight = Sight(actor().scope, None if is_whole else _scene_asked())
    if sight == _WHOLE_CITY:
        return None
    with world.database.transaction() as tx:
        found = _seen()[sight] = sight.sites(tx)
    return found


def _seen() -> dict[Sight, Sites | None]:
    """Return what this request looked at, and the sites that were in it; not the whole city, which nothing changes."""
    found: dict[Sight, Sites | None] = g.setdefault("seen", {})
    return found


def _scene_asked() -> UUID | None:
    """Return the scene that a live address names."""
    asked = request.args.get("scene") if has_request_context() and request.path.startswith(_LIVE) else None
    try:
        return UUID(asked) if asked else None
    except ValueError as error:
        raise NoSuchScene(_("There is no such scene.")) from error


def still_let_in() -> Callable[[], bool]:
    """Return what tells, as long as the answer to this request lasts, whether who asked is still let in and sees the same."""
    world: _World = current_app.extensions[_KEY]
    return Guest(world.guests, actor(), dict(_seen()))


def _admit() -> Response | None:
    """Let a request pass, or answer it in its sender's language."""
    g.request_id = uuid7()
    with language.speaking():
        return _judge()


def _judge() -> Response | None:
    if request.url_rule is None:
        return None  # Flask says that there is no such address, or not by this method
    need = policies.ROUTES.get(request.url_rule.rule)
    if need in _UNGUARDED:
        return None
    try:
        g.actor = _who_asks() or NOBODY
    except Unavailable as error:
        return away(error.message)
    if request.method not in _SAFE and not _is_own_form():
        return _denied(_("This form is out of date. Load the page again."))
    who = None if g.actor is NOBODY else g.actor
    page_need = policies.need_of_page(request.path) if need is Open.PAGE else None
    if need is Open.PAGE:
        is_allowed = who is not None and (page_need is None or policies.may(who, page_need))
    else:
        is_allowed = need is not None and policies.may(who, need)
    if is_allowed and need is Open.PAGE and page_need is None:
        return pages.not_found(frame_of_reader())
    if is_allowed:
        return _too_often() if need is Open.CALLBACK else None
    return _to_the_entrance() if who is None else _denied(_("You may not do this."))


def _who_asks() -> Actor | None:
    """
    Return who holds the token that came.

    While the database is away, nobody can be let in or shown out; who was let in within the last minutes still may look.
    """
    world: _World = current_app.extensions[_KEY]
    token, screen = world.cookies.session(request), world.cookies.screen(request)
    if not token and not screen:
        return None
    known = sessions.digest(f"{token} {screen}")
    try:
        with world.database.transaction() as tx:
            at, is_seen = world.clock.now(), not request.path.startswith(_BY_ITSELF)
            found = actors.find_by_token(tx, token=token, at=at, is_seen=is_seen) if token else None
            if found is None and screen:
                found = screens.find_by_token(tx, token=screen)
    except Unavailable:
        remembered = world.memory.recall(known) if request.method in _SAFE else None
        if remembered is None:
            raise
        return remembered
    world.memory.keep(known, found)
    return found


def _is_own_form() -> bool:
    """Tell whether what is sent comes from a page of ours: it knows the token, and its page is on this host."""
    world: _World = current_app.extensions[_KEY]
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return False
    wanted = world.cookies.form_token(request)
    return bool(wanted) and secrets.compare_digest(str(wanted).encode(), sent_form_token(request).encode())


def _to_the_entrance() -> Response:
    """Send a stranger to the sign-in page; a script is told by the status alone."""
    if request.method in {"GET", "HEAD"} and _is_of_a_page():
        asked = request.full_path.rstrip("?")
        return redirect("/sign-in" if asked == "/" else f"/sign-in?{urlencode({'next': asked})}")  # type: ignore[return-value]  # Flask's own Response
    return Response(_("Please sign in."), status=HTTPStatus.UNAUTHORIZED, mimetype="text/plain")


def _too_often() -> Response | None:
    """Let somebody wait who asks too often; a screen asks only for what its own page needs."""
    world: _World = current_app.extensions[_KEY]
    who = actor()
    wait_s = 0.0 if who.kind is ActorKind.SCREEN else world.rates.wait_s(who.id)
    if not wait_s:
        return None
    response = Response(_("That was too fast. Try again in a moment."), HTTPStatus.TOO_MANY_REQUESTS, mimetype="text/plain")
    response.headers["Retry-After"] = str(math.ceil(wait_s))
    return response


def _denied(reason: str) -> Response:
    if actor() is not NOBODY:
        try:
            note(entry(_asked_for(), Outcome.DENIED, subject=request.method, reason=reason))
        except Unavailable as error:
            return away(error.message)
    if request.method in {"GET", "HEAD"} and _is_of_a_page():
        return pages.no_permission(frame_of_reader())
    return Response(reason, status=HTTPStatus.FORBIDDEN, mimetype="text/plain")


def frame_of_reader() -> Frame:
    """Return what stands around a page that says why there is no other: where its reader may go."""
    who = actor()
    areas = [(href, area.label) for area, href in navigation.list_areas(who.permissions)]
    return Frame(who.name, policies.home_of(who) if who is not NOBODY else "/sign-in", areas, str(request_id() or ""))


def wants_a_page() -> bool:
    """Tell whether a browser that signed in asks for a page, and so reads what is answered in a frame."""
    return actor() is not NOBODY and request.method in {"GET", "HEAD"} and _is_of_a_page()


def _asked_for() -> str:
    """Return what was asked for in our own words; what somebody wrote into an address is not for the audit."""
    rule = request.url_rule.rule if request.url_rule else ""
    return policies.page_of(request.path) or "page" if policies.ROUTES.get(rule) is Open.PAGE else rule


def _is_of_a_page() -> bool:
    """Tell whether a browser asks for a page, not a script for something on it."""
    return request.url_rule is not None and policies.ROUTES.get(request.url_rule.rule) in {Open.PAGE, Open.USERS}


def _mark(response: Response) -> Response:
    """Write the number on the answer; let nobody keep what was made for one person."""
    if (number := request_id()) is not None:
        response.headers["X-Request-Id"] = str(number)
    rule = request.url_rule.rule if request.url_rule else ""
    if policies.ROUTES.get(rule) not in _UNGUARDED and not rule.startswith("/_dash-component-suites/"):
        response.headers["Cache-Control"] = "no-store"
    return response


class _Memory:
    """Who was let in lately, by token; for reading while the database is away."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[Actor, float]] = OrderedDict()
        self._lock = Lock()

    def keep(self, token: bytes, who: Actor | None) -> None:
        """Remember somebody, or that nobody is behind this token any more."""
        with self._lock:
            self._known.pop(token, None)
            if who is not None:
                self._known[token] = (who, time.monotonic())
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def recall(self, token: bytes) -> Actor | None:
        """Return whom this token belonged to a few minutes ago."""
        with self._lock:
            who, at = self._known.get(token, (None, 0.0))
        return who if time.monotonic() - at < _REMEMBERED_S else None
