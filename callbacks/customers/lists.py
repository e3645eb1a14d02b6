"""Lists: the register of plates that are let in for nothing, stopped or watched."""

from core.access.permissions import Permission
from core.customers import lists
from core.customers.approvals import State
from core.customers.lists import COLOURS, REACHES, ListKind
from core.kit.db import Row
from core.kit.locale import Language, _l, current
from core.kit.masks import Mask
from core.office import dictionaries
from core.office.dictionaries import CLOSINGS, Dictionary
from core.ui import tones
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Reader, Register, Typed, View
from core.ui.tables import Column, Look

KINDS = {kind.value: kind.label for kind in ListKind}
STATES = {state.value: state.label for state in State}


def _places(kind: str, reader: Reader) -> list[tuple[str, str]]:
    """Return the places of a kind that an entry may name, in the reader's language."""
    is_english = current() is Language.EN
    found = lists.list_places(reader.tx, sites=reader.sites, kind=kind)
    return [(place, name_en if is_english and name_en else name) for place, name, name_en in found]


def _waits(row: Row) -> bool:
    return bool(row["state"] == State.ASKED)


def _holds(row: Row) -> bool:
    return row["state"] in {State.ACTIVE, State.DUE}


LISTS = Register(
    name="customers/lists",
    path="/parking/lists",
    group="vehicles",
    order=2,
    title=_l("Allow, block and watch lists"),
    one=_l("Entry"),
    note=_l("One person asks, another approves"),
    view=Permission.VEHICLES_VIEW,
    relation=lists.ENTRIES,
    columns=(
        Column("plate", _l("Plate"), Look.PLATE, 140, beside="plate_colour", personal=Mask.PLATE),
        Column("kind", _l("List"), Look.TEXT, 120, words=KINDS),
        Column("state", _l("State"), Look.STATE, 150, words=STATES, tones=tones.LIFE),
        Column("reason", _l("Reason"), Look.TEXT, 180, grows=True),
        Column("starts_at", _l("From"), Look.MOMENT, 140),
        Column("ends_at", _l("To"), Look.MOMENT, 140),
        Column("reach", _l("Reach"), Look.TEXT, 120, words=REACHES),
        Column("place", _l("Place"), Look.TEXT, 150),
        Column("overlapping_n", _l("Overlapping"), Look.NUMBER, 100, note=_l("Other entries of the same plate in the same time.")),
        Column("asked_by_name", _l("Requested by"), Look.TEXT, 120),
        Column("asked_at", _l("Requested at"), Look.MOMENT, 140),
        Column("decided_by_name", _l("Decided by"), Look.TEXT, 120),
        Column("decided_at", _l("Decided at"), Look.MOMENT, 140, hidden=True),
        Column("end_reason", _l("Why it ended"), Look.TEXT, 160, hidden=True),
    ),
    filters=(
        Typed("plate", _l("Plate"), "江A12"),
        Choice("kind", _l("List"), KINDS),
        Choice("reach", _l("Reach"), REACHES),
        Between("starts_at", _l("From"), Kind.DATE),
        Between("ends_at", _l("To"), Kind.DATE),
        Typed("asked_by_name", _l("Requested by")),
    ),
    chips=Chips("state", STATES),
    views=(
        View("waiting", _l("To be approved"), {"state": "asked"}),
        View("allow", _l("Allow list"), {"kind": "allow", "state": "active"}),
        View("block", _l("Block list"), {"kind": "block", "state": "active"}),
        View("watch", _l("Watch list"), {"kind": "watch", "state": "active"}),
    ),
    form=Form(lists.Draft, add=lists.add, change=lists.change, needs=Permission.LISTS_MANAGE, fields=(
        Field("kind", _l("List"), choices=KINDS),
        Field("plate", _l("Plate")),
        Field("plate_colour", _l("Colour of the plate"), choices=COLOURS, hint=_l("Nothing chosen: any colour.")),
        Field("starts_at", _l("From"), kind=Kind.MOMENT, starts=lambda reader: reader.at),
        Field("ends_at", _l("To"), kind=Kind.MOMENT, hint=_l("Nothing said: until it is ended.")),
        Field("site_id", _l("Site"), choices=lambda reader: _places("site", reader),
              hint=_l("Neither site nor organisation: the whole city.")),
        Field("organisation_id", _l("Organisation"), choices=lambda reader: _places("organisation", reader)),
        Field("reason", _l("Reason"), is_wide=True, offers=dictionaries.offers(Dictionary.LIST_REASON)),
    ), when=_waits),
    actions=(
        Action("approve", _l("Approve"), lists.approve, Permission.LISTS_APPROVE, is_for_many=True, when=_waits,
               says=_l("It holds from now on, or from its start. Stays that began before keep their price.")),
        Action("refuse", _l("Refuse"), lists.refuse, Permission.LISTS_APPROVE, asks_reason=True, is_for_many=True, when=_waits),
        Action("end", _l("End"), lists.end, Permission.LISTS_MANAGE,
               asks_reason=True, offers=CLOSINGS,
               is_for_many=True, is_grave=True, when=_holds,
               says=_l("It holds no longer. Stays that began before keep what held then.")),
    ),
    has_import=True,
)  # fmt: skip
