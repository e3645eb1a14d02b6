"""Special classes of plates: the register, and the trial run that tells whom a class would free."""

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.customers import special
from core.customers.approvals import State
from core.customers.lists import COLOURS
from core.customers.special import Effect, Trial
from core.kit.db import Row
from core.kit.locale import _, _l
from core.kit.masks import Mask, masked
from core.office.dictionaries import CLOSINGS
from core.ui import drawer, formats, tables, tones
from core.ui.drawer import Fact
from core.ui.parts import UNKNOWN
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Register, Typed, View
from core.ui.tables import Column, Look

EFFECTS = {effect.value: effect.label for effect in Effect}
STATES = {state.value: state.label for state in State}


def _waits(row: Row) -> bool:
    return bool(row["state"] == State.ASKED)


def _holds(row: Row) -> bool:
    return row["state"] in {State.ACTIVE, State.DUE}


def tell_trial(trial: Trial) -> list[Component]:
    """Return what a trial run found: numbers, then the vehicles with most stays, masked."""
    facts = [
        Fact(_("Vehicles seen"), f"{trial.fleet_n:,}"),
        Fact(_("It would free"), f"{trial.vehicle_n:,}"),
        Fact(_("Their stays"), f"{trial.stays_n:,}"),
        Fact(_("Their bills"), formats.money(trial.net_fen)),
        Fact(_("Of it paid"), formats.money(trial.paid_fen)),
    ]
    rows = [
        (masked(one.plate, Mask.PLATE) or UNKNOWN, str(COLOURS.get(one.plate_colour, one.plate_colour)), f"{one.stays_n:,}",
         formats.money(one.net_fen))
        for one in trial.most
    ]  # fmt: skip
    titles = [_("Plate"), _("Colour of the plate"), _("Stays"), _("Bills")]
    return [
        drawer.section(_("Trial run"), _("the last %(n)s days", n=trial.days), drawer.facts(facts)),
        drawer.section(_("Most stays"), "", tables.plain(titles, rows, empty=_("It names no vehicle that was seen."))),
    ]


SPECIAL = Register(
    name="customers/special",
    path="/parking/special",
    group="vehicles",
    order=3,
    title=_l("Special plate classes"),
    one=_l("Class"),
    note=_l("Police, embassies, driving schools: told by a pattern"),
    view=Permission.VEHICLES_VIEW,
    relation=special.CLASSES,
    for_all="a class of plates holds in the whole city, by law",
    columns=(
        Column("name", _l("Name"), Look.TEXT, 160, grows=True),
        Column("pattern", _l("Pattern"), Look.CODE, 220),
        Column("colours", _l("Colour of the plate"), Look.TEXT, 140, words=COLOURS),
        Column("effect", _l("Effect"), Look.TEXT, 150, words=EFFECTS),
        Column("state", _l("State"), Look.STATE, 150, words=STATES, tones=tones.LIFE),
        Column("starts_at", _l("From"), Look.MOMENT, 140),
        Column("ends_at", _l("To"), Look.MOMENT, 140),
        Column("asked_by_name", _l("Requested by"), Look.TEXT, 120),
        Column("decided_by_name", _l("Decided by"), Look.TEXT, 120),
        Column("decided_at", _l("Decided at"), Look.MOMENT, 140),
        Column("note", _l("Note"), Look.TEXT, 180, hidden=True),
        Column("end_reason", _l("Why it ended"), Look.TEXT, 160, hidden=True),
    ),
    filters=(Typed("name", _l("Name")), Typed("pattern", _l("Pattern")), Choice("effect", _l("Effect"), EFFECTS)),
    chips=Chips("state", STATES),
    views=(View("waiting", _l("To be approved"), {"state": "asked"}), View("active", _l("In force"), {"state": "active"})),
    form=Form(special.Draft, add=special.add, change=special.change, needs=Permission.LISTS_MANAGE, fields=(
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("pattern", _l("Pattern"), hint=_l("A regular expression over the whole plate: 江[A-Z]\\d{4}学"), is_wide=True),
        Field("plate_colours", _l("Colours of the plate"), choices=COLOURS, kind=Kind.CHOICES,
              hint=_l("Nothing chosen: any colour.")),
        Field("effect", _l("Effect"), choices=EFFECTS),
        Field("starts_at", _l("From"), kind=Kind.MOMENT, starts=lambda reader: reader.at),
        Field("ends_at", _l("To"), kind=Kind.MOMENT, hint=_l("Nothing said: until it is ended.")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    ), when=_waits),
    actions=(
        Action("trial", _l("Trial run"), special.trial, Permission.LISTS_MANAGE, tell=tell_trial,
               says=_l("Counts the vehicles of the last 30 days that it would free, and their money. Nothing changes.")),
        Action("approve", _l("Approve"), special.approve, Permission.LISTS_APPROVE, when=_waits,
               says=_l("It holds from now on, or from its start. Stays that began before keep their price.")),
        Action("refuse", _l("Refuse"), special.refuse, Permission.LISTS_APPROVE, asks_reason=True, when=_waits),
        Action("end", _l("End"), special.end, Permission.LISTS_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_grave=True, when=_holds,
               says=_l("It holds no longer. Stays that began before keep what held then.")),
    ),
)  # fmt: skip
