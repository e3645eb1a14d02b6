"""
Read named SQL statements from `sql/queries`.

A file holds blocks that begin with `-- name: <statement>`. Values are written `%(name)s`, a literal per cent sign
is doubled. Comments may say anything: they are cut off before a statement is used.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2] / "sql"
"""The folder `sql` of the project."""

_NAME = re.compile(r"^--[ \t]*name:[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<dollar>\$(?:[A-Za-z_]\w*)?\$).*?(?P=dollar)"
    r"|(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'"
    r"|'(?:[^']|'')*'"
    r'|"[^"]*"'
    r"|(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<end>;)",
    re.DOTALL,
)


def named(path: str) -> Mapping[str, str]:
    """
    Return the statements of `sql/queries/<path>.sql` by name, each without comments and closing semicolon.

    Raises:
        ValueError: text before the first name, a name that is used twice or is no identifier, or an empty statement.
    """
    return _named(ROOT / "queries" / f"{path}.sql")


@cache
def _named(file: Path) -> Mapping[str, str]:
    """Read one file once; statements do not change while a process runs."""
    before, *blocks = _NAME.split(file.read_text("utf-8"))
    if without_comments(before).strip():
        raise ValueError(f"{file.name}: text before the first '-- name:'")
    found: dict[str, str] = {}
    for name, body in zip(blocks[::2], blocks[1::2], strict=True):
        statement = without_comments(body).strip().removesuffix(";").strip()
        if name in found or not name.isidentifier() or not statement:
            raise ValueError(f"{file.name}: '-- name: {name}' is used twice, is no identifier or has no statement")
        found[name] = statement
    return MappingProxyType(found)


def without_comments(sql: str) -> str:
    """Return SQL without its comments; strings, quoted names and dollar quotes stay as they are."""
    return _TOKEN.sub(lambda token: " " if token["comment"] else token[0], sql)


def statements(sql: str) -> Iterator[str]:
    """
    Yield the statements of a script one at a time, without comments and semicolons.

    Bodies of functions must be quoted (`as $$ … $$`): the form `begin atomic … end` is not understood.
    """
    script, begin = without_comments(sql), 0
    for token in _TOKEN.finditer(script):
        if token["end"]:
            yield from _not_blank(script[begin : token.start()])
            begin = token.end()
    yield from _not_blank(script[begin:])


def _not_blank(statement: str) -> Iterator[str]:
    if statement.strip():
        yield statement.strip()
