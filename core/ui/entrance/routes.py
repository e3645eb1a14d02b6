"""
The routes of the entrance: signing in and out, proving once more who one is, one's own sessions.

Every transaction of these pages opens here; a comparison of passwords stands between two of them.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit
from uuid import UUID

from flask import Blueprint, Flask, Response, request

from core.access import audit, authenticators, passwords, sessions, signing_in, users
from core.access.actors import NotConfirmed
from core.access.attempts import TooManyAttempts
from core.access.audit import Outcome, Who
from core.access.passwords import WeakPassword
from core.access.roles import NAMES, RoleCode
from core.access.sessions import Ended, Session, Stage
from core.access.signing_in import Browser
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.errors import Refused, Unavailable
from core.kit.live.answers import away
from core.kit.locale import _
from core.kit.secrets import Keys
from core.ui import formats, language
from core.ui.entrance import forms, gate, pages, policies
from core.ui.entrance.cookies import Cookies, new_form_token
from core.ui.entrance.forms import Form
from core.ui.entrance.pages import Line
from core.ui.entrance.walls import Walls

_NEXT_STEP: Final = {Stage.NEW_PASSWORD: "/sign-in/password", Stage.SECOND_FACTOR: "/sign-in/code"}
_LONGEST_NEXT: Final = 2_000

View = Callable[..., Response]


def register(server: Flask, *, database: Database, clock: Clock, cookies: Cookies, keys: Keys) -> None:
    """Add the routes to an application whose gate is in place."""
    doors = _Doors(database, clock, cookies, keys)
    walls = Walls(database, clock, cookies)
    blueprint = Blueprint("entrance", __name__, template_folder="templates")
    for rule, methods, view in (
        ("/sign-in", ["GET"], doors.ask_password),
        ("/sign-in", ["POST"], doors.take_password),
        ("/sign-in/password", ["GET"], doors.ask_new_password),
        ("/sign-in/password", ["POST"], doors.take_new_password),
        ("/sign-in/code", ["GET"], doors.ask_code),
        ("/sign-in/code", ["POST"], doors.take_code),
        ("/sign-out", ["POST"], doors.sign_out),
        ("/confirm", ["GET"], doors.ask_again),
        ("/confirm", ["POST"], doors.confirm),
        ("/account", ["GET"], doors.account),
        ("/account/end", ["POST"], doors.end_session),
        ("/account/password", ["POST"], doors.change_password),
        ("/session", ["GET"], doors.session),
        ("/screen/<link>", ["GET"], walls.bind),
        ("/screen/beat", ["POST"], walls.beat),
        ("/screen/heard", ["POST"], walls.hear),
        ("/screen/scenes", ["GET"], walls.scenes),
    ):
        blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=_speaking(view), methods=methods)
    server.register_blueprint(blueprint)


def safe_next(asked: str) -> str:
    """Return an address of this host to go on to; the first page for everything else."""
    parts = urlsplit(asked.replace("\\", "/"))
    is_own = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    if not is_own or len(asked) > _LONGEST_NEXT or any(ord(letter) <= ord(" ") or letter == "\\" for letter in asked):
        return ""
    return asked


@dataclass(frozen=True, slots=True)
class _Doors:
    """What each route does."""

    database: Database
    clock: Clock
    cookies: Cookies
    keys: Keys

    # name and password

    def ask_password(self) -> Response:
        if gate.actor() is not gate.NOBODY and not request.args.get("lang"):
            return pages.go(self._onward(request.args.get("next", "")))
        over = _("Your session is over. Please sign in again.") if "over" in request.args else ""
        return self._show(forms.password(self._form_token(), next_=_next(), problem=over))

    def take_password(self) -> Response:
        login, password, next_ = (request.form.get(name, "") for name in ("login", "password", "next"))
        browser = _browser()
        with self.database.transaction() as tx:
            prepared = signing_in.prepare(tx, login=login, password=password, browser=browser, at=self.clock.now())
        try:
            is_right = signing_in.compare(prepared, password)
        except TooManyAttempts as refused:
            self._note("access.sign_in", Outcome.DENIED, prepared.user_id, refused.message)
            return self._show(
                forms.password(self._form_token(), next_=safe_next(next_), login=login, problem=refused.message),
                status=HTTPStatus.TOO_MANY_REQUESTS,
            )
        with self.database.transaction() as tx:
            token = signing_in.finish(tx, prepared, is_right=is_right, browser=browser)
            outcome = Outcome.REFUSED if token is None else Outcome.DONE
            audit.add(tx, self._entry("access.sign_in", outcome, prepared.user_id))
        if token is None:
            problem = signing_in.not_signed_in().message
            return self._show(
                forms.password(self._form_token(), next_=safe_next(next_), login=login, problem=problem),
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        return self._go_on(token, next_)

    # a new password

    def ask_new_password(self) -> Response:
        if self._unfinished(Stage.NEW_PASSWORD) is None:
            return pages.go("/sign-in")
        return self._show(forms.new_password(self._form_token(), next_=_next()))

    def take_new_password(self) -> Response:
        session = self._unfinished(Stage.NEW_PASSWORD)
        if session is None:
            return pages.go("/sign-in")
        password, again = request.form.get("password", ""), request.form.get("again", "")
        try:
            if password != again:
                raise WeakPassword(_("The two are not the same."))
            with self.database.transaction() as tx:
                users.judge_password(tx, user_id=session.user_id, password=password)
        except WeakPassword as refused:
            return self._show(
                replace(forms.new_password(self._form_token(), next_=_next()), problem=refused.message),
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        hashed, now = passwords.hashed(password), self.clock.now()
        with self.database.transaction() as tx:
            token = signing_in.choose_password(tx, session=session, password_hash=hashed, browser=_browser(), at=now)
            audit.add(tx, self._entry("access.choose_password", Outcome.DONE, session.user_id))
        return self._go_on(token, request.form.get("next", ""))

    # the second factor

    def ask_code(self) -> Response:
        session = self._unfinished(Stage.SECOND_FACTOR)
        return pages.go("/sign-in") if session is None else self._show(self._code_form(session))

    def take_code(self) -> Response:
        session = self._unfinished(Stage.SECOND_FACTOR)
        if session is None:
            return pages.go("/sign-in")
        with self.database.transaction() as tx:
            is_right = self._gives_code(tx, session)
            token = sessions.advance(tx, session=session, stage=Stage.OPEN, at=self.clock.now()) if is_right else None
            audit.add(tx, self._entry("access.second_factor", Outcome.DONE if is_right else Outcome.REFUSED, session.user_id))
        if token is None:
            said = replace(self._code_form(session), problem=signing_in.not_signed_in().message)
            return self._show(said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return self._go_on(token, request.form.get("next", ""))

    # proving once more who one is

    def ask_again(self) -> Response:
        return self._show(self._confirm_form())

    def confirm(self) -> Response:
        session, browser, now = self._session(), _browser(), self.clock.now()
        assert session is not None  # the policy lets users pass only
        typed = request.form.get("password", "")
        with self.database.transaction() as tx:
            who = users.get_credentials(tx, user_id=session.user_id)
            prepared = signing_in.prepare(tx, login=who.login, password=typed, browser=browser, at=now)
            is_right = (
                who.has_authenticator
                and prepared.attempt is not None
                and signing_in.give_code(tx, session=session, code=typed, keys=self.keys, at=now)
            )
        try:
            is_right = is_right or (not who.has_authenticator and signing_in.compare(prepared, typed))
        except TooManyAttempts as refused:
            return self._show(replace(self._confirm_form(), problem=refused.message), status=HTTPStatus.TOO_MANY_REQUESTS)
        with self.database.transaction() as tx:
            signing_in.settle(tx, prepared, is_right=is_right)
            token = sessions.advance(tx, session=session, stage=Stage.OPEN, at=now) if is_right else None
            audit.add(tx, self._entry("access.confirm", Outcome.DONE if is_right else Outcome.REFUSED, session.user_id))
        if token is None:
            said = replace(self._confirm_form(), problem=signing_in.not_signed_in().message)
            return self._show(said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return self._go_on(token, request.form.get("next", ""))

    # one's own sessions

    def account(self) -> Response:
        who, now = gate.actor(), self.clock.now()
        with self.database.transaction() as tx:
            found = sessions.list_open(tx, user_id=who.id, at=now)
        lines = [_line(session, now=now, is_this=session.session_id == who.session_id) for session in found]
        roles = [str(NAMES[RoleCode(code)]) for code in who.roles if code in set(RoleCode)]
        csrf = self.cookies.form_token(request) or ""
        return pages.account(name=who.name, roles=roles, lines=lines, csrf=csrf, home=policies.home_of(who))

    def end_session(self) -> Response:
        who, asked, now = gate.actor(), request.form.get("session", ""), self.clock.now()
        with self.database.transaction() as tx:
            found = sessions.list_open(tx, user_id=who.id, at=now)
            ended = [
                session.session_id
                for session in found
                if session.session_id != who.session_id and asked in {"others", str(session.session_id)}
            ]
            for session_id in ended:
                sessions.end(tx, session_id=session_id, user_id=who.id, why=Ended.REVOKED, at=now)
            subject = " ".join(str(session_id) for session_id in ended)
            audit.add(tx, gate.entry("access.end_session", Outcome.DONE, subject=subject))
        return pages.go("/account")

    def change_password(self) -> Response:
        """Lead to the form of a new password, once its user proved who he is; every other session ends with it."""
        session, now = self._session(), self.clock.now()
        assert session is not None  # the policy lets users pass only
        try:
            gate.actor().require_confirmed(at=now)
        except NotConfirmed as refused:
            gate.note(gate.entry("access.change_password", Outcome.REFUSED, reason=refused.message))
            return pages.go("/confirm?next=/account")
        with self.database.transaction() as tx:
            token = sessions.advance(tx, session=session, stage=Stage.NEW_PASSWORD, at=now)
            audit.add(tx, gate.entry("access.change_password", Outcome.DONE))
        return self._go_on(token, "/account")

    def sign_out(self) -> Response:
        who, now = gate.actor(), self.clock.now()
        assert who.session_id is not None  # the policy lets users pass only
        with self.database.transaction() as tx:
            sessions.end(tx, session_id=who.session_id, user_id=who.id, why=Ended.SIGNED_OUT, at=now)
            audit.add(tx, gate.entry("access.sign_out", Outcome.DONE))
        response = pages.go("/sign-in")
        self.cookies.drop_session(response)
        response.headers["Clear-Site-Data"] = '"storage"' if request.form.get("forget") else '"cache"'
        return response

    def session(self) -> Response:
        """Answer that somebody is signed in; the gate answers that nobody is."""
        return Response(status=HTTPStatus.NO_CONTENT)

    # what they share

    def _session(self) -> Session | None:
        token = self.cookies.session(request)
        if not token:
            return None
        with self.database.transaction() as tx:
            return sessions.find(tx, token=token, at=self.clock.now())

    def _unfinished(self, stage: Stage) -> Session | None:
        session = self._session()
        return session if session and session.stage is stage else None

    def _gives_code(self, tx: Tx, session: Session) -> bool:
        """Take the code typed, unless there were too many wrong ones."""
        who = users.get_credentials(tx, user_id=session.user_id)
        browser, now = _browser(), self.clock.now()
        prepared = signing_in.prepare(tx, login=who.login, password="", browser=browser, at=now)
        is_right = prepared.attempt is not None and signing_in.give_code(
            tx, session=session, code=request.form.get("code", ""), keys=self.keys, at=now
        )
        signing_in.settle(tx, prepared, is_right=is_right)
        return is_right

    def _go_on(self, token: str, next_: str) -> Response:
        """Keep a token and go to what its session waits for, or where its user wanted to go."""
        now = self.clock.now()
        with self.database.transaction() as tx:
            session = sessions.find(tx, token=token, at=now)
        assert session is not None  # it has just begun
        onward = safe_next(next_)
        if session.stage is Stage.OPEN:
            response = pages.go(onward or "/sign-in")  # which knows the first page of whoever is signed in
        else:
            step = _NEXT_STEP[session.stage]
            response = pages.go(f"{step}?next={quote(onward)}" if onward else step)
        self.cookies.keep_session(response, token)
        return response

    def _onward(self, next_: str) -> str:
        return safe_next(next_) or policies.home_of(gate.actor())

    def _show(self, form: Form, *, status: int = HTTPStatus.OK) -> Response:
        response = pages.form(form, status=status)
        if self.cookies.form_token(request) is None:
            self.cookies.keep_form_token(response, form.csrf)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["Retry-After"] = "900"
        return response

    def _form_token(self) -> str:
        return self.cookies.form_token(request) or new_form_token()

    def _code_form(self, session: Session) -> Form:
        """Return the form of a code; whoever has no authenticator is shown the secret of a new one."""
        with self.database.transaction() as tx:
            who = users.get_credentials(tx, user_id=session.user_id)
            secret = "" if who.has_authenticator else authenticators.offer(tx, session=session, keys=self.keys)
        return forms.code(self._form_token(), next_=_next(), login=who.login, secret=secret)

    def _confirm_form(self) -> Form:
        with self.database.transaction() as tx:
            who = users.get_credentials(tx, user_id=gate.actor().id)
        return forms.confirm(self._form_token(), next_=_next(), by_code=who.has_authenticator)

    def _entry(self, action: str, outcome: Outcome, user_id: UUID | None, reason: str = "") -> audit.Entry:
        kind = Who.NOBODY if user_id is None else Who.USER
        return replace(gate.entry(action, outcome, reason=reason), actor_id=user_id, actor_kind=kind)

    def _note(self, action: str, outcome: Outcome, user_id: UUID | None, reason: str) -> None:
        gate.note(self._entry(action, outcome, user_id, reason))


def _speaking(view: View) -> View:
    """Answer in the reader's language; what the outside world does not give is said, not hidden."""

    @functools.wraps(view)
    def speak(**path: str) -> Response:
        with language.speaking(request.args.get("lang")):
            try:
                return view(**path)
            except Unavailable as error:
                return away(error.message)
            except Refused as error:
                return Response(error.message, status=HTTPStatus.UNPROCESSABLE_ENTITY, mimetype="text/plain")

    return speak


def _next() -> str:
    return safe_next(request.values.get("next", ""))


def _browser() -> Browser:
    return Browser(request.remote_addr or "", request.headers.get("User-Agent", ""))


def _line(session: Session, *, now: datetime, is_this: bool) -> Line:
    return Line(
        number=str(session.session_id),
        browser=pages.browser_name(session.agent),
        address=session.address,
        began=formats.moment(session.started_at, now=now, seconds=False),
        seen=formats.moment(session.last_seen_at, now=now, seconds=False),
        is_this=is_this,
    )
