"""The routes of a wall screen: its link, its signs of life, what it heard that it is called to do, and its scenes."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Response, request

from core.access import audit, scenes, screens
from core.access.actors import ActorKind
from core.access.audit import Outcome, Who
from core.access.beats import Beat, uuid_of
from core.kit.clock import Clock
from core.kit.db import Database
from core.kit.live.answers import json
from core.ui.entrance import gate, pages
from core.ui.entrance.cookies import Cookies


@dataclass(frozen=True, slots=True)
class Walls:
    """What each route does."""

    database: Database
    clock: Clock
    cookies: Cookies

    def bind(self, link: str) -> Response:
        """Make this browser the screen's, if it is the first to come with the link."""
        address, agent = request.remote_addr or "", request.headers.get("User-Agent", "")
        with self.database.transaction() as tx:
            bound = screens.bind(tx, link=link, address=address, agent=agent, at=self.clock.now())
            if bound is not None:
                entry = gate.entry("access.bind_screen", Outcome.DONE, subject=str(bound[0]))
                audit.add(tx, replace(entry, actor_id=bound[0], actor_kind=Who.SCREEN))
            settings = {} if bound is None else screens.settings_of(tx, screen_id=bound[0])
        if bound is None:  # a screen that starts with the link it once used is known by its cookie
            return pages.go("/") if gate.actor().kind is ActorKind.SCREEN else pages.link_used()
        response = pages.go("/")
        self.cookies.keep_screen(response, bound[1])
        self.cookies.keep_settings(response, settings)
        return response

    def beat(self) -> Response:
        """Take a sign of life; answer with what people set on the screen."""
        sent = request.get_json(silent=True)
        told = Beat.of(sent if isinstance(sent, dict) else {})
        with self.database.transaction() as tx:
            screens.beat(tx, screen_id=gate.actor().id, told=told, at=self.clock.now())
            settings = screens.settings_of(tx, screen_id=gate.actor().id)
        answer = Response(status=HTTPStatus.NO_CONTENT)
        self.cookies.keep_settings(answer, settings)
        return answer

    def hear(self) -> Response:
        """Let a screen say that it heard a call; tell it to obey, unless another browser was first, or it is too late."""
        sent = request.get_json(silent=True)
        call_id = uuid_of(sent.get("call")) if isinstance(sent, dict) else None
        if call_id is None:
            return Response(status=HTTPStatus.BAD_REQUEST)
        with self.database.transaction() as tx:
            is_first = screens.hear(tx, screen_id=gate.actor().id, call_id=call_id, at=self.clock.now())
        return json({"obey": is_first})

    def scenes(self) -> Response:
        """Tell what a wall may turn to: a screen its scenes, everybody the one that is asked for."""
        who = gate.actor()
        screen = who if who.kind is ActorKind.SCREEN else None
        with self.database.transaction() as tx:
            return json(scenes.list_shown(tx, screen=screen, scene_id=uuid_of(request.args.get("scene"))))
