"""Guidance screens: a question of the grid in, the numbers that screens show out."""

from collections.abc import Mapping
from typing import Any, Final

from dash import Input, Output, State, no_update

from callbacks import edge
from core.access.permissions import Permission
from core.insight import screens
from core.insight.screens import NUMBERS, Agreement
from core.kit.locale import Lazy, _
from core.ui import language, tables
from core.ui.ids import Ids

ids = Ids(__name__)

STATES: Final[dict[str, Lazy]] = {state.value: state.label for state in Agreement}


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "getRowsResponse"),
    Output(ids.state, "options"),
    Output(ids.found, "children"),
    Input(ids.grid, "getRowsRequest"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def list_numbers(request: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Answer the grid, and count the states."""
    if not request:
        return no_update, no_update, no_update
    question = tables.asked(request)
    with edge.reading() as act:
        rows, count = screens.list_numbers(act.tx, question, at=act.at)
        states = screens.count_states(act.tx, question, at=act.at)
    answer = tables.block(rows, key=NUMBERS.key, count=count)
    return answer, tables.chip_options(STATES, states), _("%(n)s numbers on screens", n=f"{count:,}")


@edge.guarded(
    Permission.DEVICES_VIEW,
    Output(ids.grid, "filterModel"),
    Input(ids.state, "value"),
    Input(ids.site, "value"),
    Input(ids.code, "value"),
    State(ids.page, "data-lang"),
    prevent_initial_call=True,
)
@language.spoken
def filter_numbers(state: str | None, site: str | None, code: str | None) -> dict[str, Any]:
    """Give the grid what the filters say."""
    return tables.filtered({"state": state}, containing={"target": site, "code": code})
