"""
Registers: what happens on the page of every managed thing. One set of callbacks serves all; the ids name the register.

The grid asks for rows; the page's script asks for the rest (`ask`) and is told (`told`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from callbacks import edge
from callbacks.edge import Act, Place
from callbacks.registers import answers
from core.kit.db import Row
from core.kit.errors import Refused
from core.kit.listing import Asked, Measure
from core.kit.locale import _
from core.ui import formats, language, tables
from core.ui.parts import UNKNOWN, box, span
from core.ui.register import asking, counting, doing, forming, printing, showing
from core.ui.register.declaring import Choice, Register, Total, find
from core.ui.register.doing import WrongForm
from core.ui.register.parts import ACTION, need_of
from core.ui.states import Blank, blank
from core.ui.tables import Look


def wire(screens: Dash) -> None:
    """Give an application every callback that was declared, those of registers among them."""
    edge.wire(screens)


def part(name: str, **more: Any) -> dict[str, Any]:
    """Return the pattern of a part on the page of any register."""
    return {"register": MATCH, "part": name, **more}


def needed(place: Place) -> frozenset[Any] | None:
    """Return what a reader needs at a place."""
    return need_of(place.register, place.of)


def register_of(place: Place) -> Register:
    """Return the register of a place, which the gate let pass."""
    register = find(place.register)
    assert register is not None
    return register


@edge.guarded_each(
    needed,
    Output(part("grid"), "getRowsResponse"),
    Output(part("count"), "data"),
    Input(part("grid"), "getRowsRequest"),
    State(part("state"), "data"),
    State(part("count"), "data"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def list_rows(place: Place, request: Mapping[str, Any] | None, state: Any, count: Any) -> tuple[Any, Any]:
    """Answer the grid; rows are counted with the first block, which every new question begins with."""
    if not request:
        return no_update, no_update
    register = register_of(place)
    with edge.reading() as act:
        asked, given = _question(register, act, state, tables.asked(request))
        of = counting.fingerprint(asked, asking.of_page(register, state))
        rows = register.relation.rows(act.tx, replace(asked, after=counting.anchor(asked, of, count)), **given)
        measure = None
        if asked.first == 0 or not isinstance(count, dict):
            measure = _measured(register, act, asked, rows, given)
    kept = counting.kept(asked, of, [row[register.relation.key] for row in rows], count, measure)
    block = {"rowData": [showing.cells(register, row) for row in rows], "rowCount": _last_row(asked, len(rows), kept)}
    return block, kept


@edge.guarded_each(
    needed,
    Output(part("found"), "children"),
    Output(part("sums"), "children"),
    Output(part("chips", field=ALL), "options"),
    Input(part("grid"), "getRowsRequest"),
    State(part("state"), "data"),
    State(part("chips", field=ALL), "id"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def sum_up(place: Place, request: Mapping[str, Any] | None, state: Any, chips: list[Any]) -> tuple[Any, ...]:
    """Tell how many rows were found, what they add up to, and how many have each state; with the first block alone."""
    register = register_of(place)
    if not request or tables.asked(request).first > 0:
        return no_update, no_update, [no_update for _chip in chips]
    with edge.reading() as act:
        asked, given = _question(register, act, state, Asked())
        measure = register.relation.measure(act.tx, asked, [total.field for total in register.totals], **given)
        shown = register.chips
        counts = register.relation.count_some_by(act.tx, shown.field, asked, **given) if shown and measure.is_exact else None
    options = [tables.chip_options(shown.words, counts, tones=register.tones(shown.field))] if shown else []
    return _found(measure), _sums(register, measure), options


@edge.guarded_each(
    needed,
    Output(part("about"), "children"),
    Input(part("grid"), "getRowsRequest"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def tell_about(place: Place, request: Mapping[str, Any] | None) -> Any:
    """Tell what stands above the list, with the first block alone."""
    register = register_of(place)
    if register.about is None or not request or tables.asked(request).first > 0:
        return no_update
    with edge.reading() as act:
        return register.about(answers.reader_of(register, act))


@edge.guarded_each(
    needed,
    Output(part("choice", field=ALL), "options"),
    Input(part("lang"), "data"),
    State(part("choice", field=ALL), "id"),
    State(part("lang"), "data"),
)
@language.spoken
def list_choices(place: Place, _drawn: str, ids: list[dict[str, str]]) -> list[Any]:
    """Fill the filters."""
    register = register_of(place)
    choices = {each.field: each.choices for each in register.filters if isinstance(each, Choice)}
    with edge.reading() as act:
        reader = answers.reader_of(register, act)
        return [tables.options(forming.choices_of(choices[one["field"]], reader)) for one in ids]


@edge.guarded_each(
    needed,
    Output(part("sheet"), "children"),
    Input(part("peek"), "data"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def show_row(place: Place, peek: Any) -> Any:
    """Tell all about the row that was opened, and what its reader may do to it."""
    register = register_of(place)
    key = peek.get("key") if isinstance(peek, dict) else None
    if not isinstance(key, str) or not key:
        return no_update
    try:
        with edge.reading() as act:
            reader = answers.reader_of(register, act)
            row = doing.find_row(register, reader, key)
            sheet = showing.sheet(register, reader, row)
            acts = showing.buttons(register, row, permissions=act.actor.permissions)
    except Refused as error:
        edge.note_refusal(error, subject=f"{register.name} {answers.text(key)}")
        sheet, acts = [blank(Blank.EMPTY, title=error.message)], None
    return [box("register__told", *sheet, asked=str(peek.get("at", ""))), *([acts] if acts else [])]


@edge.guarded_each(
    needed,
    Output(part("print"), "children"),
    Input(part("state"), "data"),
    State(part("lang"), "data"),
)
@language.spoken
def print_rows(place: Place, state: Any) -> list[Component]:
    """Write the list for paper, where it is asked for that."""
    register = register_of(place)
    told = state if isinstance(state, dict) else {}
    with edge.reading() as act:
        asked, given = _question(register, act, state, Asked(orders=printing.order(register, told)))
        reader = answers.reader_of(register, act)
        rows = printing.rows_of(register, reader, asked, given)
        is_all = len(rows) < printing.ROWS_MOST
        measure = Measure(len(rows), is_exact=True) if is_all else register.relation.measure(act.tx, asked, **given)
        return printing.table(register, reader, rows, told, measure)


@edge.guarded_each(
    needed,
    Output(part("told", of=MATCH), "data"),
    Input(part("ask", of=MATCH), "data"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def tell(place: Place, asked: Any) -> dict[str, Any]:
    """Answer what the page's script asks; a refusal is an answer, too."""
    register = register_of(place)
    told: dict[str, Any] = asked if isinstance(asked, dict) else {}
    answer = answers.ANSWERS["action" if place.of.startswith(ACTION) else place.of]
    try:
        return {"asked": told.get("asked"), **answer(register, place.of, told)}
    except Refused as error:
        edge.note_refusal(error, subject=f"{register.name} {answers.text(told.get('key'))}".strip())
        errors = error.errors if isinstance(error, WrongForm) else {error.field: error.message} if error.field else None
        return {"asked": told.get("asked"), "refused": error.message, **({"errors": errors} if errors else {})}


edge.in_browser(
    "told",
    Output(part("heard", of=MATCH), "data"),
    Input(part("told", of=MATCH), "data"),
    prevent_initial_call=True,
)
edge.in_browser(
    "chosen",
    Output(part("tick"), "data"),
    Input(part("choice", field=ALL), "value"),
    Input(part("chips", field=ALL), "value"),
    prevent_initial_call=True,
)
edge.in_browser(
    "labelled",
    Output(part("labels"), "data"),
    Input(part("choice", field=ALL), "options"),
    prevent_initial_call=True,
)


def _question(register: Register, act: Act, state: Any, asked: Asked) -> tuple[Asked, dict[str, Any]]:
    reader = answers.reader_of(register, act)
    question = asking.of_page(register, state)
    conditions = asking.conditions(register, question)
    return Asked(asked.first, asked.most, asked.orders, conditions), asking.given(register, reader, question)


def _measured(register: Register, act: Act, asked: Asked, rows: Sequence[Row], given: Mapping[str, Any]) -> Measure:
    """Return how many rows there are: all of them were read where the first block has room left."""
    if asked.first == 0 and len(rows) < asked.most:
        return Measure(len(rows), is_exact=True)
    return register.relation.measure(act.tx, asked, **given)


def _last_row(asked: Asked, got: int, count: Mapping[str, Any]) -> int | None:
    """Return how many rows there are, as far as that is known: the grid asks on while it is not."""
    if count.get("exact"):
        return int(count["n"])
    return asked.first + got if got < asked.most else None


def _found(measure: Measure) -> list[Component | str]:
    return [box("register__n", counting.words(measure), tag=html.B), " ", _("found")]


def _sums(register: Register, measure: Measure) -> list[Component]:
    if not register.totals:
        return []
    if not measure.is_exact and any(measure.totals.get(total.field) is None for total in register.totals):
        return [span("register__withheld", _("Too many rows to add up: filter first."))]
    head = span("register__sum-head", _("Total of %(n)s", n=f"{measure.count:,}"))
    return [head, *(_sum(total, measure.totals.get(total.field)) for total in register.totals)]


def _sum(total: Total, value: int | None) -> Component:
    written = UNKNOWN if value is None else formats.money(value) if total.look is Look.MONEY else f"{value:,} {total.unit}".strip()
    return span("register__sum", str(total.title), box("num", written, tag=html.B))
