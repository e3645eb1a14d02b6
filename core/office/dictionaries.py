"""
Dictionaries: words an operator's forms offer, such as reasons. Table dictionary_word.

Which dictionaries there are follows from the forms that use them; their words are the operator's, the first ones come with
the product. A word is ended, never
deleted: it stands in what was done with it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Final, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Language, Lazy, _, _l, current
from core.kit.sql import named

SQL = named("office/dictionaries")

WORDS: Final = Relation(
    SQL["word_rows"],
    key="word_id",
    columns=frozenset({"dictionary", "code", "name", "name_en", "position", "state", "is_built_in"}),
    order=(Order("dictionary"), Order("position"), Order("code")),
)


class Dictionary(StrEnum):
    """What words are for."""

    VOID_REASON = "void_reason"
    AMENDMENT_REASON = "amendment_reason"
    LIST_REASON = "list_reason"
    CLOSING_REASON = "closing_reason"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _LABELS[self]


_LABELS: Final[Mapping[Dictionary, Lazy]] = {
    Dictionary.VOID_REASON: _l("Reasons to void a stay"),
    Dictionary.AMENDMENT_REASON: _l("Reasons to amend a stay"),
    Dictionary.LIST_REASON: _l("Reasons of list entries"),
    Dictionary.CLOSING_REASON: _l("Reasons to close or end"),
}


class Reading(Protocol):
    """Whoever reads, in a transaction."""

    @property
    def tx(self) -> Tx:
        """Return the transaction."""
        ...


class AlreadyThere(Refused):
    """The dictionary has this code already."""


class Draft(BaseModel):
    """A word; smaller positions come first."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    dictionary: Dictionary
    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    name_en: Annotated[str, StringConstraints(max_length=100)] = ""
    position: Annotated[int, Field(ge=0, le=9_999)] = 100


def list_used(tx: Tx, dictionary: Dictionary) -> list[tuple[str, str]]:
    """Return the words in use, code and name in the reader's language, in their order."""
    is_english = current() is Language.EN
    rows = tx.rows(SQL["list_used"], dictionary=dictionary.value)
    return [(row["code"], row["name_en"] if is_english and row["name_en"] else row["name"]) for row in rows]


def offers(dictionary: Dictionary) -> Callable[[Reading], list[str]]:
    """Return who finds the words in use for whoever reads a form."""
    return lambda reader: [name for _code, name in list_used(reader.tx, dictionary)]


CLOSINGS: Final = offers(Dictionary.CLOSING_REASON)
"""Offers reasons to close or end, which most registers ask for."""


def add(tx: Tx, draft: Draft) -> UUID:
    """
    Add a word.

    Raises:
        AlreadyThere: its dictionary has the code.
    """
    word_id = uuid7()
    if not tx.run(SQL["add"], word_id=word_id, **draft.model_dump()):
        raise AlreadyThere(_("This dictionary has the code already."), field="code")
    return word_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int) -> None:
    """
    Change how a word is said and where it stands; its code stays.

    Raises:
        Changed: somebody changed it meanwhile.
    """
    said = draft.model_dump(include={"name", "name_en", "position"})
    if not tx.run(SQL["change"], word_id=key, version=version, **said):
        raise Changed


def end(tx: Tx, keys: Sequence[UUID]) -> int:
    """Offer words no longer; return how many."""
    return tx.run(SQL["set_state"], keys=list(keys), state="ended")


def use_again(tx: Tx, keys: Sequence[UUID]) -> int:
    """Offer words again; return how many."""
    return tx.run(SQL["set_state"], keys=list(keys), state="used")
