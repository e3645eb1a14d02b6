"""/billing/verification: what a stay costs by a tariff, and why; the page's script draws the form, callbacks price it."""

import json

from dash import dcc, html, register_page
from dash.development.base_component import Component

from callbacks.billing.verification import ids
from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import language, shell
from core.ui.parts import box, span
from core.ui.register import saying
from core.ui.shell import Area, Key
from core.ui.states import waiting

PATH = "/billing/verification"
STORES = ("told", "save", "saved", "heard")
MOST = 200
"""Letters of one answer in an address."""


def title(**_path: str) -> str:
    """Return the title of the browser's tab."""
    with language.speaking():
        return _("Price verification")


register_page(
    __name__,
    path=PATH,
    title=title,
    name="billing/verification",
    needs=Permission.TARIFFS_VIEW,
    label=_l("Price verification"),
    group="tariffs",
    order=4,
)


def layout(lang: str | None = None, version: str = "", **query: str) -> Component:
    """Return the page without a price; an address holds answers by the names of their fields."""
    with language.speaking(lang) as spoken:
        answers = {name: str(value)[:MOST] for name, value in {"tariff": version, **query}.items() if value}
        first = {"asked": 0, "lang": language.SHORT[spoken], "values": answers}
        board = box(
            "verification",
            _form(),
            _result(),
            verification=ids.page.removesuffix("-page"),
            answers=json.dumps(answers),
        )
        return shell.page(
            ids,
            area=Area.BILLING,
            path=PATH,
            title=_("Price verification"),
            children=[dcc.Store(id=ids.asked, data=first), *(dcc.Store(id=getattr(ids, name)) for name in STORES), board],
            keys=(Key(("Enter",), _("Price the stay")), Key(("c",), _("Save as golden case")), Key(("p",), _("Print"))),
            extra_words={"register": saying.words(), "verification": words()},
        )


def words() -> dict[str, str]:
    """Return the words of the page by the names its script knows."""
    return {
        "save": _("Save as golden case"),
        "name": _("Case"),
        "nameHint": _("What it shows, such as: one minute over the free time"),
        "source": _("Where it stands"),
        "sourceHint": _("The document or the notice."),
        "who": _("Who says so"),
        "says": _("It is tried on every draft and version of this tariff. It holds what is still due, and all that counts for it."),
        "cancel": _("Cancel"),
        "less": _("Take away: %(text)s"),
        "told": _("%(n)s told"),
        "editor": _("Open in the editor"),
    }


def _form() -> Component:
    title = box("verification__title", _("Price verification"), tag=html.H1)
    quick = [
        ("0", _("now")),
        *((str(n), _("%(n)s min", n=n)) for n in (15, 30)),
        *((str(n * 60), _("%(n)s h", n=n)) for n in (1, 2, 8, 24)),
        (str(3 * 1440), _("%(n)s d", n=3)),
    ]
    return box(
        "verification__form",
        title,
        box("verification__group", waiting(rows=6), paint="what"),
        box("verification__group", paint="when"),
        box(
            "verification__quick",
            *(_button(word, "length", minutes=minutes) for minutes, word in quick),
            extra={"role": "group", "aria-label": _("Length of the stay")},
        ),
        _more(),
        tag=html.Form,
        extra={"id": ids.form, "noValidate": True, "aria-label": _("The stay")},
    )


def _more() -> Component:
    """Return the folded part: what else counts, as far as the tariff lets it; the script fills it, and opens what was told."""
    inside = [
        html.Summary([span("", _("What else counts")), span("verification__told", paint="told")]),
        box("verification__group", paint="more"),
        box("verification__group", paint="beside"),
        box("verification__quick", paint="several"),
        box("verification__silent", paint="silent"),
    ]
    return html.Details(inside, id=ids.more, className="verification__more")


def _button(word: str, does: str, **told: str) -> Component:
    return box("button button--small", word, tag=html.Button, extra={"type": "button"}, does=does, **told)


def _result() -> Component:
    case = {"type": "button", "hidden": True, "id": ids.case}
    tools = box(
        "verification__tools",
        span("verification__note", _("Nothing is charged or stored here")),
        span("register__gap"),
        box("button", _("Print"), tag=html.Button, extra={"type": "button"}, does="print"),
        box("button button--first", _("Save as golden case"), tag=html.Button, extra=case, does="case", paint="case"),
    )
    bill = box("verification__bill", waiting(rows=10), extra={"id": ids.result, "aria-live": "polite"})
    return box("verification__result", tools, bill, tag=html.Section, extra={"aria-label": _("Price")})
