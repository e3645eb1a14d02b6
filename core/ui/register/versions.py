"""
Versions: which declaration of a list a file was made by.

Two files of one list with the same version may be laid side by side: their columns mean the same, and their rows were chosen
by the same statement. Whoever changes either gets another version without doing anything.
"""

import hashlib
import inspect
from typing import Final

import orjson

from core.kit.listing import AtHand
from core.kit.locale import Language, use
from core.ui.register.declaring import Register
from core.ui.tables import Column

_DIGITS: Final = 12


def version_of(register: Register) -> str:
    """Return a list's name and the hash of what its columns mean and of where its rows come from, the same in each language."""
    with use(Language.EN):
        told = [register.name, register.relation.key, _source(register), *(_meaning(column) for column in register.columns)]
    return f"{register.name} {hashlib.sha256(orjson.dumps(told)).hexdigest()[:_DIGITS]}"


def _source(register: Register) -> str:
    """Return the statement of the rows, or the module that puts them together."""
    relation = register.relation
    if isinstance(relation, AtHand):
        return inspect.getsource(inspect.getmodule(relation.all_rows) or relation.all_rows)
    return relation.statement


def _meaning(column: Column) -> list[object]:
    words = [] if column.words is None else [[str(value), str(word)] for value, word in column.words.items()]
    return [column.field, str(column.title), str(column.note), column.look, str(column.unit), column.scale, column.places, words]
