"""
Records: how a row of the registry is written by people. Tables of places; table registry_version.

Each row has a version; who changes it names the one he read, and is told where it is no longer the current one. Ingest reads
the registry anew when its number rises, in the same transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg

from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.locale import Language, Text, _, current
from core.places import deployments


class Taken(Refused):
    """Another one has this code, or this time, already."""


class Gone(Refused):
    """There is no such thing."""


def add(tx: Tx, statement: str, *, taken: Mapping[str, tuple[str, Text]], **values: object) -> None:
    """
    Add a row; `taken` says, by constraint, at which field what stands in the way.

    Raises:
        Taken: one of these constraints holds against it.
        Gone: it refers to something that does not exist.
    """
    _write(tx, statement, taken, values)
    deployments.registry_changed(tx)


def change(tx: Tx, statement: str, *, taken: Mapping[str, tuple[str, Text]] | None = None, **values: object) -> None:
    """
    Change the row of a version.

    Raises:
        Changed: it has another version by now.
        Taken, Gone: as in `add`.
    """
    _put(tx, statement, taken or {}, values)
    deployments.registry_changed(tx)


def each(tx: Tx, keys: Sequence[UUID], statement: str, decide: Callable[[UUID], Mapping[str, object]]) -> int:
    """
    Change rows one by one, each to the values that are decided for its key; return how many. The registry changes once.

    Raises:
        Changed: one of them has another version by now.
    """
    for key in sorted(set(keys)):  # in one order, whoever else does the same
        _put(tx, statement, {}, decide(key))
    deployments.registry_changed(tx)
    return len(set(keys))


def _put(tx: Tx, statement: str, taken: Mapping[str, tuple[str, Text]], values: Mapping[str, Any]) -> None:
    if not _write(tx, statement, taken, values):
        raise Changed


def _write(tx: Tx, statement: str, taken: Mapping[str, tuple[str, Text]], values: Mapping[str, Any]) -> int:
    try:
        with tx.savepoint():
            return tx.run(statement, **values)
    except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation) as error:
        name = error.diag.constraint_name or ""
        if name not in taken:
            raise
        field, said = taken[name]
        raise Taken(str(said), field=field) from error
    except psycopg.errors.ForeignKeyViolation as error:
        raise Gone(_("What was chosen does not exist any more.")) from error


def choices(rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return what a form offers, from key, name and English name, in the reader's language."""
    is_english = current() is Language.EN
    return [(key, name_en if is_english and name_en else name) for key, name, name_en in rows]
