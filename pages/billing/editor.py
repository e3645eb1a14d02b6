"""/billing/editor: one tariff by parts and as text, with its pictures; the page's script draws it, callbacks look at it."""

from dash import dcc, html, register_page
from dash.development.base_component import Component

from callbacks.billing.editor import ids
from core.access.permissions import Permission
from core.kit.locale import _
from core.ui import editor, language, shell
from core.ui.parts import box
from core.ui.shell import Area
from core.ui.states import Blank, blank, waiting

PATH = "/billing/editor"
LIST = "/billing/tariffs"
"""Where its tariffs are listed: the way here leads over it."""
STORES = ("asked", "opened", "look", "looked", "save", "saved", "heard")


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Tariff editor")


register_page(
    __name__,
    path=PATH,
    title=title,
    name="billing/editor",
    needs=Permission.TARIFFS_VIEW,
)


def layout(lang: str | None = None, tariff: str = "", copy: str = "", **_query: str) -> Component:
    """Return the editor without a tariff; an address names an edition, or one whose next version is written."""
    with language.speaking(lang) as spoken:
        stores = [dcc.Store(id=getattr(ids, name)) for name in STORES]
        pictures = box("editor__drawn", waiting(rows=10), extra={"id": ids.pictures})
        board = editor.frame(ids, pictures, absent=_absent(), tariff=tariff, copy=copy, lang=language.SHORT[spoken])
        return shell.page(
            ids,
            area=Area.BILLING,
            path=LIST,
            title=_("Tariff editor"),
            children=[*stores, board],
            keys=editor.keys(),
            extra_words={"editor": editor.words()},
        )


def _absent() -> Component:
    leads = html.A(_("Tariffs"), href=LIST, className="button")
    note = _("It was thrown away, or became a version that stands in the list.")
    return blank(Blank.EMPTY, title=_("There is no such tariff any more."), note=note, action=leads)
