"""The editor of tariffs: opens an edition, looks at what was typed, saves the draft. Its life goes on in the register."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from dash import Input, Output
from dash.development.base_component import Component
from pydantic import ValidationError

from callbacks import edge
from callbacks.edge import Act
from core.access.permissions import Permission
from core.billing import calendar, tariffs
from core.billing.assignments import VEHICLES
from core.billing.language import NotATariff, Tariff, compile_tariff, sketches
from core.billing.language.describing import describe
from core.billing.language.sketches import Sketch
from core.billing.phrases import DAY_TYPES
from core.billing.previews import preview
from core.billing.rules.day_names import NamedDays
from core.billing.strips import Subject
from core.billing.tariffs import STATES, State
from core.kit.clock import city_date, city_zone
from core.kit.db import Row
from core.kit.errors import Changed, Refused
from core.kit.locale import _
from core.places import organisations
from core.settings import settings
from core.ui import drawer, language, previews
from core.ui.ids import Ids
from core.ui.states import Blank, blank
from core.ui.tones import EDITIONS

ids = Ids(__name__)

Told = dict[str, Any]  # JSON, from and to the page's script
FIXED: Final = ("code",)
"""What a saved draft keeps: by its code it is the draft of its tariff."""
AHEAD_DAYS: Final = 400
"""Days of the calendar among which pictures look for one of each kind."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the editor begins with: a text, and the edition it is of; none of a new tariff."""

    text: str
    row: Row | None = None
    why: str = ""
    """Why it may only be looked at."""


@edge.guarded(Permission.TARIFFS_VIEW, Output(ids.opened, "data"), Input(ids.asked, "data"), prevent_initial_call=True)
def open_edition(asked: Told) -> Told:
    """Return an edition with the description of the form; nothing named begins a new tariff."""
    with language.speaking(asked.get("lang")), edge.reading() as act:
        wanted = str(asked.get("copy") or asked.get("tariff") or "")
        opened = _open(act, wanted, is_copy=bool(asked.get("copy")))
        if opened is None:
            return {"asked": asked.get("asked"), "absent": True}
        return {"asked": asked.get("asked"), **_told(act, opened, is_copy=bool(asked.get("copy")))}


def _open(act: Act, wanted: str, *, is_copy: bool) -> _Opened | None:
    may_write = Permission.TARIFFS_MANAGE in act.actor.permissions
    if not wanted:
        return _Opened(sketches.write(_begun()), why="" if may_write else _("You may look at tariffs, and write none."))
    row = _find(act, wanted)
    if row is None:
        return None
    why = "" if is_copy or row["state"] == State.DRAFT else _("This version is never changed any more.")
    if not row["rules_text"]:
        why = _("This version was delivered with the deployment, in the form that came before the rule language.")
    return _Opened(row["rules_text"], row, why if may_write else why or _("You may look at tariffs, and write none."))


def _find(act: Act, wanted: str) -> Row | None:
    try:
        key = UUID(wanted)
    except ValueError:
        return None
    return next(iter(tariffs.TARIFFS.find(act.tx, [key], at=act.at)), None)


def _begun() -> Sketch:
    """Return what a new tariff begins with: the city's own time and money, and nothing of what it costs."""
    return {"form": 1, "time_zone": str(city_zone()), "currency": settings().currency}


def _told(act: Act, opened: _Opened, *, is_copy: bool) -> Told:
    row = opened.row
    is_own = row is not None and not is_copy
    return {
        "form": describe(),
        "names": {
            of: {name: str(word) for name, word in called.items()}
            for of, called in (("vehicles", VEHICLES), ("day_types", DAY_TYPES))
        },
        "fixed": FIXED,
        "text": opened.text,
        "value": _value(opened.text),
        "key": str(row["edition_id"]) if row and is_own else "",
        "version": row["version"] if row and is_own else 0,
        "state": str(STATES[row["state"]]) if row and is_own else "",
        "tone": EDITIONS[row["state"]].value if row and is_own else "",
        "note": row["note"] if row and is_own else "",
        "readonly": bool(opened.why),
        "why": opened.why,
        "may_write": Permission.TARIFFS_MANAGE in act.actor.permissions,
        "organisations": organisations.list_choices(act.tx, by=act.actor),
        "organisation": str(row["organisation_id"]) if row else "",
    }


def _value(text: str) -> Sketch:
    try:
        return sketches.read(text)
    except NotATariff:
        return {}


@edge.guarded(
    Permission.TARIFFS_VIEW,
    Output(ids.looked, "data"),
    Output(ids.pictures, "children"),
    Input(ids.look, "data"),
    prevent_initial_call=True,
)
def look(asked: Told) -> tuple[Told, list[Component]]:
    """Return what is missing or wrong in what was typed, its other side (text for parts, parts for a text), and its pictures."""
    with language.speaking(asked.get("lang")):
        try:
            text, sketch = _both(asked)
        except NotATariff as refusal:
            told: Told = {"asked": asked.get("asked"), "value": None, "faults": refusal.faults, "lines": {}, "needed": None}
            return told, [_nothing_drawn()]
        seen = sketches.look(sketch)
        told = {"asked": asked.get("asked"), "value": sketch, "text": text, "faults": seen.faults, "needed": seen.needed}
        lines = sketches.lines(text, [fault.path for fault in seen.faults])
        return {**told, "lines": lines}, _pictures(seen.tariff, asked)


def _nothing_drawn() -> Component:
    note = _("They appear as soon as the parts on the left fit together.")
    return blank(Blank.EMPTY, title=_("Nothing can be drawn yet"), note=note)


def _pictures(tariff: Tariff | None, asked: Mapping[str, Any]) -> list[Component]:
    """Return a day as bands, the price over the length of a stay, and what usual stays cost."""
    if tariff is None:
        return [_nothing_drawn()]
    with edge.reading() as act:
        today = city_date(act.at)
        seen = preview(tariff, compile_tariff(tariff), _days(act, tariff, today), _subject(tariff, asked), today)
    parts = [drawer.section(_("A day"), _("which band holds when"), previews.days(seen.strips))] if seen.strips else []
    if seen.curve is not None:
        drawn = previews.steps(seen.curve, name=_("Price over the length of a stay"))
        parts.append(drawer.section(_("Price of a stay"), _("by its length, to 24 hours"), drawn))
    if seen.samples is not None:
        parts.append(drawer.section(_("Usual stays"), _("by arrival and length"), previews.table(seen.samples)))
    why = [blank(Blank.STALE, title=_("This cannot be priced"), note=seen.why)] if seen.why else []
    return [*why, *parts]


def _days(act: Act, tariff: Tariff, today: date) -> NamedDays | None:
    try:
        known = calendar.read(act.tx, from_on=today, to_on=today + timedelta(days=AHEAD_DAYS))
    except calendar.NoCalendar:
        return None
    return NamedDays.of(known, tariff.day_types)


def _subject(tariff: Tariff, asked: Mapping[str, Any]) -> Subject:
    """Return whose price is drawn: the class and the zone that were chosen, as far as the tariff knows them."""
    usual = Subject.of(tariff)
    vehicle, zone = str(asked.get("vehicle") or ""), str(asked.get("zone") or "")
    return replace(
        usual,
        vehicle=vehicle if vehicle in tariff.vehicles else usual.vehicle,
        zone=zone if zone in tariff.zones else usual.zone,
    )


def _both(asked: Mapping[str, Any]) -> tuple[str, Sketch]:
    """
    Return both sides of what was typed.

    Raises:
        NotATariff: the text cannot be read.
    """
    value = asked.get("value")
    if isinstance(value, dict):
        return sketches.write(value), value
    text = str(asked.get("text") or "")
    return text, sketches.read(text)


@edge.guarded(Permission.TARIFFS_MANAGE, Output(ids.saved, "data"), Input(ids.save, "data"), prevent_initial_call=True)
def save(asked: Told) -> Told:
    """Write a draft, or rewrite the one that was opened; return its key and version, or why it was not saved."""
    with language.speaking(asked.get("lang")):
        key = str(asked.get("key") or "")
        try:
            return {"asked": asked.get("asked"), **_saved(asked, key)}
        except Changed as error:
            edge.note_refusal(error, subject=f"billing/tariffs {key}")
            return {"asked": asked.get("asked"), "refused": error.message, **_now(key)}
        except Refused as error:
            edge.note_refusal(error, subject=f"billing/tariffs {key}")
            return {"asked": asked.get("asked"), "refused": error.message}


def _saved(asked: Mapping[str, Any], key: str) -> Told:
    with edge.action() as act:
        draft = _draft(act, asked)
        before = _find(act, key) if key else None
        if key and before is None:
            raise Changed
        if before is not None:
            tariffs.rewrite(act.tx, before["edition_id"], draft, version=int(asked["version"]), by=act.actor, at=act.at)
        made = str(before["edition_id"] if before else tariffs.write(act.tx, draft, by=act.actor, at=act.at))
        after = _find(act, made)
        assert after is not None
        told = {name: after[name] for name in ("code", "rules_text", "note")}
        act.tell(f"billing/tariffs {made}", before={name: before[name] for name in told} if before else None, after=told)
        return {"key": made, "version": after["version"]}


def _draft(act: Act, asked: Mapping[str, Any]) -> tariffs.Draft:
    given = str(asked.get("organisation") or "")
    if given not in {value for value, _label in organisations.list_choices(act.tx, by=act.actor)}:
        raise Refused(_("Say which organisation the tariff belongs to."))
    try:
        return tariffs.Draft(organisation_id=UUID(given), rules_text=str(asked.get("text")), note=str(asked.get("note") or ""))
    except ValidationError as error:
        raise Refused(_("The text is too long for a tariff.")) from error


def _now(key: str) -> Told:
    """Return what stands there now, written by somebody else; nothing where the draft is gone."""
    with edge.reading() as act:
        row = _find(act, key) if key else None
        return {"text": row["rules_text"], "version": row["version"]} if row else {}


edge.in_browser(
    "drafted",
    Output(ids.heard, "data"),
    Input(ids.opened, "data"),
    Input(ids.looked, "data"),
    Input(ids.saved, "data"),
    prevent_initial_call=True,
)
