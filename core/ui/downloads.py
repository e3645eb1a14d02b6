"""Downloads: addresses of files that are one person's alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from flask import Flask, Response, current_app, send_file

from core.access import audit, exports
from core.access.actors import NotAllowed
from core.access.audit import Outcome
from core.access.exports import Shape
from core.kit.clock import Clock, SystemClock
from core.kit.db import Database, Row, Tx
from core.kit.errors import Refused, Unavailable
from core.kit.live.answers import away
from core.kit.locale import _
from core.kit.secrets import keys
from core.ui import language
from core.ui import register as registers
from core.ui.entrance import gate

_KEY: Final = "boshu-downloads"

TYPES: Final = {
    Shape.CSV: "text/csv",
    Shape.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Shape.PDF: "application/pdf",
}


class LinkOver(Refused):
    """The address of a picture has lasted long enough."""


LINK: Final = timedelta(minutes=30)
"""How long the address of a picture lasts."""
_PLACE: Final = "a picture for "

Picture = Callable[[Tx, UUID, bytes, list[UUID]], bytes]
"""Finds the bytes of a frame of a site for somebody who sees some sites; raises `Refused` where there are none."""


def register(server: Flask, *, database: Database, folder: Path, picture: Picture, clock: Clock | None = None) -> None:
    """
    Give an application the addresses of exports and of pictures.

    `/exports/<id>/file` is a file, `/exports/news.json` how far one's own are, `/exports/<id>/cancel` ends one, and
    `/pictures/<link>` is a picture.
    """
    now = clock or SystemClock()
    doors = _Doors(database, folder.resolve(), picture, now)
    server.extensions[_KEY] = now
    for rule, view in (
        ("/exports/<uuid:export_id>/file", doors.export),
        ("/exports/news.json", doors.news),
        ("/pictures/<link>", doors.picture),
    ):
        server.add_url_rule(rule, view.__name__, _answering(view))
    server.add_url_rule("/exports/<uuid:export_id>/cancel", "cancel_export", _answering(doors.cancel), methods=["POST"])


def picture(site_id: UUID, frame: str) -> str:
    """Return the address of a picture for who sends this request, and for nobody else; it lasts `LINK`."""
    clock: Clock = current_app.extensions[_KEY]
    told = orjson.dumps([str(site_id), frame, (clock.now() + LINK).timestamp()]).decode()
    return f"/pictures/{keys().seal(told, place=_PLACE + str(gate.actor().id))}"


def _answering(view: Callable[..., Response]) -> Callable[..., Response]:
    """Speak the reader's language, and turn refusals into answers that say no more than they must."""

    @wraps(view)
    def answer(**path: Any) -> Response:  # as the address has them
        with language.speaking():
            try:
                return view(**path)
            except NotAllowed as refused:
                return Response(refused.message, status=HTTPStatus.FORBIDDEN, mimetype="text/plain")
            except Refused as refused:
                return Response(refused.message, status=HTTPStatus.NOT_FOUND, mimetype="text/plain")
            except Unavailable as error:
                return away(error.message)

    return answer


@dataclass(frozen=True, slots=True)
class _Doors:
    """The addresses over one database."""

    database: Database
    folder: Path
    find_picture: Picture
    clock: Clock

    def export(self, export_id: UUID) -> Response:
        """Answer with a file to its owner; to everybody else it is not there."""
        with self.database.transaction() as tx:
            filed = exports.fetch(tx, export_id=export_id, folder=self.folder, by=gate.actor(), at=self.clock.now())
        answer = send_file(filed.path, mimetype=TYPES[filed.shape], as_attachment=True, download_name=filed.name, etag=False)
        return _as_it_is(answer)

    def news(self) -> Response:
        """Tell how far the exports are that the reader asked for last."""
        with self.database.transaction() as tx:
            told = [_told(row) for row in exports.list_newest(tx, by=gate.actor())]
        return Response(orjson.dumps(told), mimetype="application/json")

    def cancel(self, export_id: UUID) -> Response:
        """End an export of the reader's own that is not done."""
        subject = f"export {export_id}"
        try:
            with self.database.transaction() as tx:
                exports.cancel(tx, [export_id], by=gate.actor(), at=self.clock.now())
                audit.add(tx, gate.entry("exports.cancel", Outcome.DONE, subject=subject))
        except Refused as refused:
            gate.note(gate.entry("exports.cancel", Outcome.REFUSED, subject=subject, reason=refused.message))
            raise
        return Response(status=HTTPStatus.NO_CONTENT)

    def picture(self, link: str) -> Response:
        """Answer with a picture to whom its address was given, while it lasts and while he sees the site."""
        who = gate.actor()
        site_id, frame, ends_at = orjson.loads(keys().open(link, place=_PLACE + str(who.id)))
        if self.clock.now().timestamp() >= ends_at:
            raise LinkOver(_("This address is out of date. Load the page again."))
        with self.database.transaction() as tx:
            raw = self.find_picture(tx, UUID(site_id), bytes.fromhex(frame), who.scope.sites(tx))
        answer = send_file(BytesIO(raw), mimetype="image/jpeg", download_name=f"{frame[:12]}.jpg", etag=False)
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return _as_it_is(answer)


def _told(row: Row) -> dict[str, Any]:
    """Return what a page's script is told of an export; what only its register tells stays there."""
    listed = registers.find(row["register"])
    kept = ("state", "shape", "row_n", "row_total", "done_pct", "detail")
    return {"id": str(row["export_id"]), "title": str(listed.title) if listed else "", **{name: row[name] for name in kept}}


def _as_it_is(answer: Response) -> Response:
    """Let no browser guess what else it could be."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
