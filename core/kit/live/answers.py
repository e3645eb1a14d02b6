"""Answers: how the live routes speak, in the reader's language."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Response, request

from core.kit.locale import Language, _, negotiate, use

_SHORT: Final = {"zh": Language.ZH_CN, "en": Language.EN}


def spoken(answer: Callable[[], Response]) -> Callable[[], Response]:
    """Answer in the language asked for by `?lang=`, else in the browser's."""

    def speak() -> Response:
        asked = _SHORT.get(request.args.get("lang", "")) or negotiate(request.headers.get("Accept-Language"))
        with use(asked):
            return answer()

    return speak


def json(body: Any, *, status: int = HTTPStatus.OK) -> Response:  # bytes are JSON already
    """Answer with JSON that nobody keeps."""
    text = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(text, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def refused(sentence: str) -> Response:
    """Answer that the question is wrong, in a sentence."""
    return json({"error": sentence}, status=HTTPStatus.BAD_REQUEST)


def no_entry() -> Response:
    """Answer that who asks may not have this."""
    return json({"error": _("You may not do this.")}, status=HTTPStatus.FORBIDDEN)


def away(sentence: str) -> Response:
    """Answer that the outside world is away; a page tries again."""
    answer = json({"error": sentence}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = "2"
    return answer
