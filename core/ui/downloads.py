"""Downloads: addresses of files that are one person's alone."""

from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import UUID

from flask import Flask, Response, send_file

from core.access import exports
from core.access.actors import NotAllowed
from core.access.exports import Shape
from core.kit.clock import Clock, SystemClock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.live.answers import away
from core.ui import language
from core.ui.entrance import gate

TYPES: Final = {
    Shape.CSV: "text/csv",
    Shape.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Shape.PDF: "application/pdf",
}


def register(server: Flask, *, database: Database, folder: Path, clock: Clock | None = None) -> None:
    """Give an application the address of exports, `/exports/<id>/file`."""
    now = clock or SystemClock()
    folder = folder.resolve()

    def export(export_id: UUID) -> Response:
        """Answer with a file to its owner; to everybody else it is not there."""
        with language.speaking():
            try:
                with database.transaction() as tx:
                    filed = exports.fetch(tx, export_id=export_id, folder=folder, by=gate.actor(), at=now.now())
            except NotAllowed as refused:
                return Response(refused.message, status=HTTPStatus.FORBIDDEN, mimetype="text/plain")
            except exports.NoSuchExport as refused:
                return Response(refused.message, status=HTTPStatus.NOT_FOUND, mimetype="text/plain")
            except Unavailable as error:
                return away(error.message)
        answer = send_file(filed.path, mimetype=TYPES[filed.shape], as_attachment=True, download_name=filed.name, etag=False)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    server.add_url_rule("/exports/<uuid:export_id>/file", "export", export)
