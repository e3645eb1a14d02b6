"""The reader's language: what the address asks for, else what was chosen before, else what the browser prefers."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import has_request_context, request

from core.kit.locale import Language, negotiate, use

R = TypeVar("R")

COOKIE = "boshu-lang"
"""Remembers the choice of a browser; the page writes it when its address names a language."""

SHORT = {Language.ZH_CN: "zh", Language.EN: "en"}
"""How a language is written in an address."""

TAG = {Language.ZH_CN: "zh-CN", Language.EN: "en"}
"""How a language is written in the `lang` attribute."""


def chosen(asked: str | None = None) -> Language:
    """Return the language of this request; `asked` is the `lang` of the page's address, which wins when it is known."""
    if language := _named(asked):
        return language
    if not has_request_context():
        return negotiate(None)
    remembered = _named(request.args.get("lang")) or _named(request.cookies.get(COOKIE))
    return remembered or negotiate(request.headers.get("Accept-Language"))


@contextmanager
def speaking(asked: str | None = None) -> Iterator[Language]:
    """Speak the reader's language inside the block and say which it is."""
    language = chosen(asked)
    with use(language):
        yield language


def spoken(function: Callable[..., R]) -> Callable[..., R]:
    """Let a callback speak the language of the page it answers: its last argument, which the function itself does not take."""

    @functools.wraps(function)
    def speak(*given: object) -> R:
        *own, lang = given
        with speaking(lang if isinstance(lang, str) else None):
            return function(*own)

    return speak


def _named(short: str | None) -> Language | None:
    return next((language for language, name in SHORT.items() if name == short), None)
