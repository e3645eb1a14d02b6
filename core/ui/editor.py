"""The editor of a thing of many parts: its frame and its words. The page's script draws the form as its parts are described."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.ids import Ids
from core.ui.parts import Child, box, place, span
from core.ui.shell import Key
from core.ui.states import waiting

_BUTTON: Final = {"type": "button"}


def frame(ids: Ids, *pictures: Child, absent: Component, **told: str) -> Component:
    """
    Return the editor without a thing: head, both sides, and the place of the pictures.

    Args:
        ids: the ids of the page; of its stores the script asks by `asked`, `look` and `save`.
        pictures: what stands at the right; callbacks fill it.
        absent: what is shown instead where there is no such thing.
        told: what the script reads.
    """
    body = box(
        "editor__body",
        box("editor__form", waiting(rows=14), paint="form", extra=_panel(ids.form, _("By parts"))),
        box("editor__text", paint="text", extra={**_panel(ids.text, _("Text (YAML)")), "hidden": True}),
        box(
            "editor__pictures",
            place("subject", "editor__subject"),
            *pictures,
            tag=html.Aside,
            extra={"aria-label": _("Pictures of this tariff")},
            paint="pictures",
        ),
    )
    said = box("editor__said", extra={"hidden": True, "role": "status"}, paint="said")
    gone = box("editor__absent", absent, extra={"hidden": True}, paint="absent")
    told |= {"editor": "", "open": ids.asked, "look": ids.look, "save": ids.save}
    return box("editor", _head(), _bar(ids), said, body, gone, extra={f"data-{name}": value for name, value in told.items()})


def _head() -> Component:
    title = box("editor__title", _("Tariff editor"), paint="name", tag=html.H1)
    pill = box("pill", paint="state", tag=html.Span, extra={"hidden": True})
    return box(
        "editor__head",
        title,
        span("editor__code num", paint="code"),
        pill,
        span("register__gap"),
        box("editor__dirty", paint="dirty", tag=html.Span, extra={"role": "status"}),
        box("button button--small editor__faults", _("Loading"), tag=html.Button, extra=_BUTTON, paint="faults", does="faults"),
        _tool("↶", _("Undo"), "undo"),
        _tool("↷", _("Redo"), "redo"),
        _link(_("Verify"), "/billing/verification?tariff="),
        _link(_("In the list"), "/billing/tariffs?row="),
        box("button button--first", _("Save draft"), tag=html.Button, extra=_BUTTON, paint="save", does="save"),
    )


def _tool(sign: str, label: str, does: str) -> Component:
    extra = {**_BUTTON, "aria-label": label, "title": label, "disabled": True}
    return box("button button--sign", sign, tag=html.Button, extra=extra, does=does, paint=does)


def _link(label: str, leads: str) -> Component:
    return box("button", label, tag=html.A, extra={"href": leads, "hidden": True}, leads=leads)


def _bar(ids: Ids) -> Component:
    """Return the choice of the side, and what is said of a draft beside its text."""
    sides = [_side(_("By parts"), "parts", ids.form, is_chosen=True), _side(_("Text (YAML)"), "text", ids.text, is_chosen=False)]
    asked = [place(name, "editor__one", tag=html.Label) for name in ("organisation", "note")]
    tabs = box("tabs editor__tabs", *sides, extra={"role": "tablist", "aria-label": _("Two sides of the same tariff")})
    return box("editor__bar", tabs, span("register__gap"), *asked)


def _panel(own_id: str, label: str) -> dict[str, Any]:
    return {"id": own_id, "role": "tabpanel", "aria-label": label}


def _side(label: str, name: str, controls: str, *, is_chosen: bool) -> Component:
    extra = {**_BUTTON, "role": "tab", "aria-selected": str(is_chosen).lower(), "aria-controls": controls}
    return box("tabs__tab", label, tag=html.Button, extra=extra, does=name, side=name)


def keys() -> tuple[Key, ...]:
    """Return what keys do in the editor."""
    return (
        Key(("Ctrl", "S"), _("Save draft")),
        Key(("Ctrl", "Z"), _("Undo")),
        Key(("Ctrl", "Y"), _("Redo")),
        Key(("Ctrl", "."), _("To what is missing or wrong next")),
    )


def words() -> dict[str, str]:
    """Return the words of the editor by the names its script knows; `%(name)s` marks what the script fills in."""
    return {
        "yuan": _("yuan"),
        "yes": _("Yes"),
        "no": _("No"),
        "name": _("Name"),
        "another": _("Another"),
        "addName": _("Add …"),
        "noneDeclared": _("None is declared yet"),
        "onePrice": _("one price"),
        "byZone": _("by zone"),
        "byVehicle": _("by class"),
        "byBoth": _("by zone and class"),
        "priceBy": _("%(what)s: one or several"),
        "remove": _("Remove: %(what)s"),
        "copy": _("Copy: %(what)s"),
        "up": _("Move up: %(what)s"),
        "down": _("Move down: %(what)s"),
        "earlier": _("Earlier"),
        "odd": _("The text says something here that the form cannot show; change it in the text."),
        "usual": _("As usual"),
        "usualHint": _("Write down what most texts mean; every answer can still be changed."),
        "nothingOpen": _("So far the text leaves nothing open."),
        "unnamed": _("New tariff"),
        "open": _("%(n)s still open"),
        "complete": _("Complete"),
        "first": _("%(n)s things are still open. Your work is kept in this browser until they are settled."),
        "unsaved": _("Not saved"),
        "saved": _("Saved"),
        "isSaved": _("The draft was saved."),
        "notSaved": _("The draft was not saved: the server did not answer. What you wrote is kept here."),
        "noAnswer": _("The server did not answer."),
        "comments": _("A changed part writes the text anew, without its comments; undo brings them back."),
        "unread": _("The text cannot be read yet; settle its fault first."),
        "takeTheirs": _("Take what stands there"),
        "keepMine": _("Write over it"),
        "kept": _("What you had not saved is here again."),
        "forget": _("Forget it"),
        "nextVersion": _("Write the next version"),
        "text": _("The tariff as text"),
        "line": _("Line %(n)s"),
        "pictureOf": _("Drawn for"),
        "vehicle": _("Class of vehicles"),
        "zone": _("Class of zones"),
        "organisation": _("Organisation"),
        "note": _("Note"),
        "noteHint": _("What this version is for, as its approver reads it."),
    }
