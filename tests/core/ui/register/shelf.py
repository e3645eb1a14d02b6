"""A register of books: small, of every kind of field, and of nothing the product has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scopes import EVERYTHING
from core.kit.clock import utc_now
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.masks import Mask
from core.ui import register as kit
from core.ui.register import Action, Between, Chips, Choice, Form, Kind, Reader, Register, Total, Typed, View, declaring
from core.ui.tables import Column, Look

TABLE = """
create temporary table book (
    book_id uuid primary key, title text not null unique, price_fen integer, printed_on date, bought_at timestamptz,
    state text not null default 'here', borrower text, is_old boolean not null default false, version integer not null default 1
) on commit drop
"""
ROWS = "select book_id, title, price_fen, printed_on, bought_at, state, borrower, is_old, version from book"


class Genre(StrEnum):
    """What a book is."""

    NOVEL = "novel"
    ATLAS = "atlas"


class Draft(BaseModel):
    """A book as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    price_fen: Annotated[int | None, Field(default=None, ge=0)]
    printed_on: date | None = None
    bought_at: datetime | None = None
    genre: Genre = Genre.NOVEL
    is_old: bool = False


class Lent(BaseModel):
    """To whom a book is lent."""

    borrower: Annotated[str, StringConstraints(min_length=1)]


class NoSuchTitle(Refused):
    """A book must not be called so."""


def add(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """Add a book."""
    if draft.title == "Forbidden":
        raise NoSuchTitle("This title is forbidden.", field="title")
    key = uuid7()
    tx.run(
        "insert into book (book_id, title, price_fen, printed_on, bought_at, is_old) "
        "values (%(k)s, %(t)s, %(p)s, %(d)s, %(b)s, %(o)s)",
        k=key, t=draft.title, p=draft.price_fen, d=draft.printed_on, b=draft.bought_at, o=draft.is_old,
    )  # fmt: skip
    return key


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """Change a book."""
    done = tx.run(
        "update book set price_fen = %(p)s, is_old = %(o)s, version = version + 1 where book_id = %(k)s and version = %(v)s",
        k=key, p=draft.price_fen, o=draft.is_old, v=version,
    )  # fmt: skip
    if not done:
        raise Changed


def lend(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Any) -> int:
    """Lend books."""
    return tx.run("update book set state = 'lent', borrower = %(b)s where book_id = any(%(k)s)", b=draft.borrower, k=list(keys))


def books() -> Register:
    """Return the register, known to nobody else."""
    register = Register(
        name="library/books",
        path="/library/books",
        title="Books",
        one="Book",
        view=Permission.PLACES_VIEW,
        relation=Relation(
            ROWS,
            key="book_id",
            columns=frozenset({"title", "price_fen", "printed_on", "bought_at", "state", "borrower", "is_old"}),
            order=(Order("title"),),
        ),
        columns=(
            Column("title", "Title"),
            Column("price_fen", "Price", Look.MONEY),
            Column("state", "State", Look.STATE, words={"here": "Here", "lent": "Lent"}),
            Column("borrower", "Borrower", personal=Mask.NAME),
        ),
        filters=(
            Choice("title", "Title", {}),
            Typed("borrower", "Borrower"),
            Between("price_fen", "Price", Kind.MONEY),
            Between("printed_on", "Printed", Kind.DATE),
            Between("bought_at", "Bought", Kind.DATE),
        ),
        chips=Chips("state", {"here": "Here", "lent": "Lent"}),
        totals=(Total("price_fen", "Worth", Look.MONEY),),
        views=(View("dear", "Dear", {"price_fen": "10.."}, "-price_fen"),),
        for_all="books stand in no site",
        form=Form(
            Draft,
            add=add,
            change=change,
            needs=Permission.PLACES_MANAGE,
            known_by=("title",),
            fields=(
                kit.Field("title", "Title", is_fixed=True),
                kit.Field("price_fen", "Price", kind=Kind.MONEY),
                kit.Field("printed_on", "Printed"),
                kit.Field("bought_at", "Bought"),
                kit.Field("genre", "Genre", choices={"novel": "Novel", "atlas": "Atlas"}),
                kit.Field("is_old", "Old"),
            ),
        ),
        actions=(
            Action(
                "lend", "Lend", lend, Permission.PLACES_MANAGE, asks_reason=True, is_for_many=True,
                when=lambda row: row["state"] == "here", form=Form(Lent, fields=(kit.Field("borrower", "Borrower"),)),
            ),
        ),
    )  # fmt: skip
    return _unknown(register)


def changed(register: Register, **how: Any) -> Register:
    """Return the register declared otherwise, known to nobody else either."""
    return _unknown(replace(register, **how))


def form_of(register: Register) -> Form:
    """Return its form."""
    assert register.form is not None
    return register.form


def _unknown(register: Register) -> Register:
    declaring._known.pop(register.name)
    return register


def reader(tx: Tx) -> Reader:
    """Return somebody who may all."""
    return Reader(tx, Actor(uuid7(), frozenset(Permission), scope=EVERYTHING), utc_now())
