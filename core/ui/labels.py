"""Labels: sheets of signs with QR codes to print, for berths and lanes. Black on white, whatever the theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from core.kit.locale import Language, _, current
from core.ui import codes
from core.ui.parts import box, span


@dataclass(frozen=True, slots=True)
class Label:
    """One sign: the text in its code, the name of the site it belongs to, and what it says in large letters."""

    text: str
    name: str
    name_en: str
    caption: str


def sheet(labels: Sequence[Label]) -> list[Component]:
    """Return a sheet of signs, and the button that prints nothing else."""
    if not labels:
        return [box("labels__none", _("Nothing here"))]
    again = html.Button(_("Print"), className="button button--first labels__print", type="button")
    return [box("labels__sheet", again, box("labels", *(_drawn(label) for label in labels)))]


def _drawn(label: Label) -> Component:
    name = label.name_en if current() is Language.EN and label.name_en else label.name
    code = html.Img(src=codes.address(label.text), className="labels__code", alt=label.text)
    caption = box("labels__caption num", label.caption, tag=html.Strong)
    return box("labels__one", code, caption, span("labels__name", name), span("labels__text num", label.text))
