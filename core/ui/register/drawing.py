"""The page of a register: title, views, filters, list, foot and drawer. A skeleton; callbacks fill it."""

from collections.abc import Callable
from typing import Final

import dash
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui import language, shell, tables
from core.ui.ids import Ids
from core.ui.parts import box
from core.ui.register.declaring import Register

Id = dict[str, str]
PART: Final = "part"


def part(register: Register, name: str, **more: str) -> Id:
    """Return the id of one part of a register's page; the gate reads it."""
    return {"register": register.name, PART: name, **more}


def page(module: str, register: Register) -> Callable[..., Component]:
    """Give a register its page: register it, and return what draws it."""

    def title(**_path: str) -> str:
        with language.speaking():
            return str(register.title)

    def layout(lang: str | None = None, **query: str) -> Component:
        """Return the page without a row; the address says what to begin with."""
        with language.speaking(lang):
            return _drawn(module, register, query)

    dash.register_page(
        module,
        path=register.path,
        title=title,
        name=register.name,
        layout=layout,
        needs=register.view,
        label=register.title,
        group=register.group,
        order=register.order,
        register=register.name,
    )
    return layout


def _drawn(module: str, register: Register, _query: dict[str, str]) -> Component:
    ids = Ids(module)
    area = register.path.split("/")[1]
    return shell.page(
        ids,
        area=area,
        title=str(register.title),
        tabs=tables.tabs(register.path),
        children=box("register", tables.hint(_("Loading"))),
    )
