"""Translate messages by the language of the present context."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core.settings import Language, settings

FOLDER = Path(__file__).parent
DOMAIN = "boshu"

_language: ContextVar[Language | None] = ContextVar("language", default=None)


@dataclass(frozen=True, slots=True)
class Lazy:
    """A message that is translated each time it is shown."""

    message: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        """Return the text in the language of this moment."""
        return _(self.message, **dict(self.values))

    def to_plotly_json(self) -> str:
        """Return the text; Dash and Plotly call this when they write JSON."""
        return str(self)


Text = str | Lazy
"""What a person reads, translated already or on being shown."""


def _(message: str, /, **values: object) -> str:
    """Return a message in the reader's language, with `%(name)s` filled; without values a per cent sign is plain."""
    text = _catalogue(current()).gettext(message)
    return text % values if values else text


def _l(message: str, /, **values: object) -> Lazy:
    """Return a message that is translated when it is shown."""
    return Lazy(message, tuple(values.items()))


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a message that fits a number; `%(count)s` is the number itself."""
    return _catalogue(current()).ngettext(one, many, count) % {"count": count, **values}


def current() -> Language:
    """Return the language of this context: the reader's choice, else the operator's setting."""
    return _language.get() or settings().language


@contextmanager
def use(language: Language | str) -> Iterator[None]:
    """
    Speak one language inside the block.

    Raises:
        ValueError: a language the product does not have.
    """
    token = _language.set(Language(language))
    try:
        yield
    finally:
        _language.reset(token)


def negotiate(accept_language: str | None) -> Language:
    """Return the best language for a browser's Accept-Language header; the operator's setting where none fits."""
    asked = parse_accept_header(accept_language, LanguageAccept)
    best = asked.best_match([language.replace("_", "-") for language in Language])
    return Language(best.replace("-", "_")) if best else settings().language


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """Return the catalogue of a language: compiled, or read from its source where that is newer. English is the source."""
    source = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = source.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return gettext.GNUTranslations(BytesIO(compiled.read_bytes()))
    if not source.exists():
        return gettext.NullTranslations()
    with source.open("rb") as po:
        catalogue = read_po(po, locale=language)
    written = BytesIO()
    write_mo(written, catalogue)
    written.seek(0)
    return gettext.GNUTranslations(written)
