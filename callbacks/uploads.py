"""
The way pictures come in from a desk, `POST /uploads?register=…&of=…`: the picture itself as the body, its id as the answer.

It is let in where the form of that purpose has a field for pictures and who sends it may fill the form in. A size that a
request may have, the token of our own forms and a session are asked for before (`core.kit.live.headers`, `core.ui.entrance`).
"""

import hashlib
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks import edge
from core.kit import pictures
from core.kit.errors import Refused, Unavailable
from core.kit.live import answers
from core.kit.locale import _
from core.stays import uploads
from core.stays.pictures import own_store
from core.ui import language
from core.ui.register.parts import need_of, takes_pictures

PATH: Final = "/uploads"
TYPES: Final = ("image/jpeg", "image/png")
_LONGEST: Final = 80


class NotTaken(Refused):
    """Nothing takes pictures here, or not from this person."""


def register(server: Flask) -> None:
    """Add the route to an application."""
    server.add_url_rule(PATH, "uploads", answer, methods=["POST"])


def answer() -> Response:
    """Take one picture; what is refused is answered with its sentence."""
    with language.speaking(request.args.get("lang")):
        try:
            return take(request.args.get("register", "")[:_LONGEST], request.args.get("of", "")[:_LONGEST])
        except NotTaken as refused:
            edge.note_refusal(refused)
            return _said(refused.message, HTTPStatus.NOT_FOUND)
        except Refused as refused:
            edge.note_refusal(refused)
            return _said(refused.message, HTTPStatus.UNPROCESSABLE_ENTITY)
        except Unavailable as error:
            return answers.away(error.message)


def take(register_name: str, purpose: str) -> Response:
    """
    Keep the picture of this request until its form is sent.

    Raises:
        NotTaken: no form of this purpose takes pictures from who asks.
        NoPicture: it is none.
        TooManyPictures: he brought as many as he may.
        Unavailable: the store does not take it.
    """
    needed = need_of(register_name, purpose)
    if needed is None or not needed <= edge.actor().permissions or not takes_pictures(register_name, purpose):
        raise NotTaken(_("No picture is asked for here."))
    raw = _body()
    with edge.reading() as act:
        uploads.require_room(act.tx, by=act.actor.id, at=act.at)
    picture = pictures.clean(raw)
    with edge.action() as act:
        upload_id = uploads.keep(
            act.tx, picture, frame_sha256=hashlib.sha256(raw).digest(), into=own_store(), by=act.actor.id, at=act.at
        )
        act.tell(f"{register_name} picture {upload_id}", after={"sha256": picture.sha256.hex(), "bytes_n": len(picture.raw)})
    return answers.json({"key": str(upload_id), "width": picture.width, "height": picture.height})


def _body() -> bytes:
    """Return the bytes that came, where they say that they are a picture; how they begin is looked at later."""
    if request.mimetype not in TYPES:
        raise pictures.NoPicture(_("A picture is a JPEG or a PNG."))
    too_large = pictures.NoPicture(_("A picture may have %(n)s MB.", n=pictures.MOST_BYTES // 1024 // 1024))
    if (request.content_length or 0) > pictures.MOST_BYTES:
        raise too_large
    request.max_content_length = pictures.MOST_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise too_large from error


def _said(sentence: str, status: HTTPStatus) -> Response:
    return Response(sentence, status=status, mimetype="text/plain")
