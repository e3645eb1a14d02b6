"""/billing/calendar: one year, day by day; the callback fills it."""

from dash import dcc, register_page
from dash.development.base_component import Component

from callbacks.billing.calendar import FIRST, LAST, ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell
from core.ui.parts import box
from core.ui.shell import Area
from core.ui.states import waiting

PATH = "/billing/calendar"


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Calendar")


register_page(
    __name__,
    path=PATH,
    title=title,
    name="billing/calendar",
    needs=Permission.TARIFFS_VIEW,
    label=_l("Calendar"),
    group="calendar",
    order=1,
)


def layout(lang: str | None = None, year: str = "", **_query: str) -> Component:
    """Return the page without a day; an address may name a year."""
    with language.speaking(lang) as spoken:
        wanted = int(year) if year.isdecimal() and FIRST <= int(year) <= LAST else None
        asked = dcc.Store(id=ids.asked, data={"year": wanted, "lang": language.SHORT[spoken]})
        board = box("year", waiting(rows=12), extra={"id": ids.year})
        return shell.page(ids, area=Area.BILLING, path=PATH, title=_("Calendar"), children=[asked, board])
