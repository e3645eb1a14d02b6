"""Keep the catalogues: extract messages from the source, merge, compile and check them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.kit.locale.words import DOMAIN, FOLDER
from core.settings import Language

PROJECT = Path(__file__).resolve().parents[3]
ROOMS = ("pages", "callbacks", "core", "ingest")
TRANSLATED = (Language.ZH_CN,)
"""English is the language of the message ids and has no catalogue."""

_KEYWORDS = {"_": None, "_l": None, "ngettext": (1, 2)}
_HOLE = re.compile(r"%\((\w+)\)[^a-zA-Z]*[a-zA-Z]")
_WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""A constant, so that catalogues differ only where words differ."""


def extract(project: Path = PROJECT) -> Catalog:
    """Return every message of the source with the files it stands in."""
    found = Catalog(project="Boshu", domain=DOMAIN, creation_date=_WRITTEN_AT, charset="utf-8")
    for file, message in sorted(_messages(project), key=lambda pair: (str(pair[1]), pair[0])):
        found.add(message, locations=[(file, 0)])
    return found


def update(language: Language, found: Catalog, folder: Path = FOLDER) -> int:
    """Bring the catalogue of a language up to the source; return how many messages still lack a translation."""
    file = source_of(language, folder)
    catalogue = _read(language, file)
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.header_comment = f"# Boshu in {language}. Made by `python -m core.kit.locale update`; translate here."
    catalogue.fuzzy = False
    catalogue.obsolete.clear()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as po:
        write_po(po, catalogue, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True, omit_header=False)
    return sum(not _is_translated(message) for message in catalogue if message.id)


def compile_(language: Language, folder: Path = FOLDER) -> int:
    """Write the compiled catalogue of a language; return how many messages it holds."""
    file = source_of(language, folder)
    catalogue = _read(language, file)
    with file.with_suffix(".mo").open("wb") as mo:
        write_mo(mo, catalogue)
    return len(catalogue)


def complaints(language: Language, found: Catalog, folder: Path = FOLDER) -> list[str]:
    """Return a sentence for every message that is missing, untranslated, fuzzy, no longer used, or has other holes."""
    catalogue = _read(language, source_of(language, folder))
    said = []
    for message in (message for message in found if message.id):
        kept = catalogue.get(message.id)
        if kept is None:
            said.append(f"{language}: missing: {_one(message)!r}")
        elif not _is_translated(kept):
            said.append(f"{language}: not translated: {_one(message)!r}")
        elif not _has_same_holes(kept):
            said.append(f"{language}: other placeholders: {_one(message)!r}")
    said += [f"{language}: no longer used: {_one(message)!r}" for message in catalogue if message.id and message.id not in found]
    return said


def source_of(language: Language, folder: Path = FOLDER) -> Path:
    """Return the file a translator edits."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _messages(project: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield the file and the message id, or ids, of every call in the rooms and in `app.py`."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, _options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel types most of itself
    for room in ROOMS:
        for file, _line, message, _comments, _context in extract_from_dir(project / room, methods, keywords=_KEYWORDS):
            yield f"{room}/{file}", message
    if (app := project / "app.py").exists():
        for _line, message, _comments, _context in extract_from_file("python", app, keywords=_KEYWORDS):
            yield app.name, message


def _read(language: Language, file: Path) -> Catalog:
    if not file.exists():
        return Catalog(
            locale=language,
            domain=DOMAIN,
            project="Boshu",
            version="1",
            last_translator="the Boshu project",
            language_team=language,
            msgid_bugs_address="none",
            creation_date=_WRITTEN_AT,
            revision_date=_WRITTEN_AT,
            charset="utf-8",
            fuzzy=False,
        )
    with file.open("rb") as po:
        return read_po(po, locale=language, domain=DOMAIN)


def _is_translated(message: Message) -> bool:
    return all(_forms(message)) and not message.fuzzy


def _has_same_holes(message: Message) -> bool:
    """Tell whether every form of the translation fills exactly the placeholders of the message."""
    asked = message.id if isinstance(message.id, str) else message.id[-1]
    wanted = set(_HOLE.findall(asked))
    return all(set(_HOLE.findall(text)) == wanted for text in _forms(message))


def _forms(message: Message) -> list[str]:
    """Return the translation in all its plural forms; an empty text where there is none."""
    said = message.string
    return [said or ""] if isinstance(said, str) or said is None else [form or "" for form in said]


def _one(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
