"""Reviews: the register of cases that wait for a person's decision, and the sheet of one."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.customers.lists import COLOURS
from core.finance import corrections, reviews
from core.finance.reviews import OPEN, Outcome
from core.insight import stays
from core.insight.dispatch import words
from core.kit.db import Row
from core.kit.locale import _, _l
from core.kit.masks import Mask
from core.office import dictionaries
from core.office.dictionaries import Dictionary
from core.places import areas
from core.ui import drawer, evidence, formats, tables
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Reader, Register, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

TONES: Final = {
    OPEN: Tone.ACT,
    Outcome.CONFIRMED: Tone.GOOD,
    Outcome.CORRECTED: Tone.GOOD,
    Outcome.VOIDED: Tone.OFF,
    Outcome.DISMISSED: Tone.OFF,
}
BERTHS: Final = {"occupied": _l("occupied"), "free": _l("free"), "unknown": _l("unknown")}
_READ: Final = frozenset({"low_confidence_read", "sensor_order_mismatch", "clone_suspect", "shown_again", "evasion"})
"""Of these the plate may be wrong."""
_TIMED: Final = frozenset(
    {"missing_in", "missing_out", "late_event", "suspect_clock", "snapshot_mismatch", "sensor_order_mismatch"}
)
"""Of these a time may be."""


def show(reader: Reader, row: Row) -> list[Component]:
    """Return the sheet of a case: what it says, what it knows, what was photographed, and what was decided."""
    shown = tables.shown(row, key=reviews.REVIEWS.key)
    place = " · ".join(part for part in (shown["site_name"], row["place"]) if part)
    frames = stays.frames_of(reader.tx, row["site_id"], reviews.list_frames(reader.tx, row))
    state: Any = row["state"]  # a value of STATES
    return [
        drawer.heading(row["plate"] or row["place"] or row["site"], [Pill(str(reviews.STATES[state]), TONES[state])], place),
        drawer.section(_("Case"), "", drawer.notes([(formats.moment(row["opened_at"], now=reader.at), words.case(row["kind"]))])),
        *_known(row, reader),
        evidence.section(reader, row["site_id"], frames=frames, brought=()),
        *_decision(row, reader),
    ]  # fmt: skip


def _known(row: Row, reader: Reader) -> list[Component]:
    """Return what the case itself knows, and the stay it speaks of; nothing where it knows nothing."""
    told = [Fact(str(name), draw(row["detail"][key])) for key, (name, draw) in _DETAILS.items() if key in row["detail"]]
    stay = [
        Fact(_("Entered"), formats.moment(row["started_at"], now=reader.at) if row["started_at"] else UNKNOWN),
        Fact(_("Left"), formats.moment(row["ended_at"], now=reader.at) if row["ended_at"] else UNKNOWN),
        Fact(_("Stay"), str(stays.STAY_STATES[row["stay_state"]]) if row["stay_state"] else UNKNOWN),
    ]
    facts = told + (stay if row["stay_id"] else [])
    return [drawer.section(_("What is known"), "", drawer.facts(facts))] if facts else []


_DETAILS: Final[Mapping[str, tuple[Any, Callable[[Any], str]]]] = {  # names are lazy, values as the case holds them
    "operator": (_l("Opened by"), str),
    "known": (_l("We knew"), lambda state: str(BERTHS.get(state, state))),
    "shown": (_l("The picture shows"), lambda state: str(BERTHS.get(state, state))),
    "stands_fen": (_l("Amount that stands"), formats.money),
    "reported_fen": (_l("Amount reported again"), formats.money),
    "trade_no": (_l("Trade number"), str),
}


def _decision(row: Row, reader: Reader) -> list[Component]:
    if row["decided_at"] is None:
        return []
    who = " · ".join((row["decided_by_name"] or UNKNOWN, row["reason"]))
    return [drawer.section(_("Decision"), "", drawer.notes([(formats.moment(row["decided_at"], now=reader.at), who)]))]


def _is_open(row: Row) -> bool:
    return bool(row["state"] == OPEN)


def _has_stay(row: Row) -> bool:
    """Tell whether its stay may be corrected: it follows from messages and is not void."""
    return _is_open(row) and bool(row["stay_id"]) and row["origin"] == "live" and row["stay_state"] != "void"


def _of(kinds: Collection[str]) -> Callable[[Row], bool]:
    return lambda row: _has_stay(row) and row["kind"] in kinds


REVIEWS = Register(
    name="finance/reviews",
    path="/parking/reviews",
    group="stays",
    order=3,
    title=_l("Cases to review"),
    one=_l("Case"),
    note=_l("Where sources contradict each other, a person decides"),
    view=Permission.STAYS_VIEW,
    relation=reviews.REVIEWS,
    sheet=show,
    heading="kind",
    columns=(
        Column("opened_at", _l("Happened"), Look.MOMENT, 130),
        Column("kind", _l("What is doubtful"), Look.TEXT, 260, words=words.CASES, grows=True),
        Column("state", _l("Decision"), Look.STATE, 130, words=reviews.STATES, tones=TONES),
        Column("age_s", _l("Age"), Look.NUMBER, 90, unit=_l("h"), scale=3_600, places=1,
               note=_l("Until it was decided, or until now.")),
        Column("site", _l("Site"), Look.TEXT, 180, grows=True, beside="site_name"),
        Column("place", _l("Berth or lane"), Look.CODE, 110),
        Column("plate", _l("Plate"), Look.PLATE, 120, beside="plate_colour", personal=Mask.PLATE),
        Column("started_at", _l("Entered"), Look.MOMENT, 130, is_sorted=False),
        Column("ended_at", _l("Left"), Look.MOMENT, 130, is_sorted=False, hidden=True),
        Column("decided_by_name", _l("Decision by"), Look.TEXT, 120),
        Column("decided_at", _l("Decision at"), Look.MOMENT, 130, hidden=True),
        Column("reason", _l("Reason"), Look.TEXT, 160, hidden=True),
    ),
    filters=(
        Choice("kind", _l("What is doubtful"), words.CASES),
        Between("opened_at", _l("Happened"), Kind.DATE),
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Choice("site", _l("Site"), lambda reader: stays.list_sites(reader.tx, sites=reader.sites)),
        Typed("plate", _l("Plate"), "江A12"),
        Typed("place", _l("Berth or lane"), "0239"),
        Typed("decided_by_name", _l("Decision by"), is_rare=True),
    ),
    chips=Chips("state", reviews.STATES),
    views=(
        View("waiting", _l("To be decided"), {"state": OPEN}, "opened_at"),
        View("plates", _l("Doubtful plates"), {"state": OPEN, "kind": sorted(_READ)}),
        View("barriers", _l("Barriers"), {"state": OPEN, "kind": ["idle_opening", "manual_open", "tailgating"]}),
        View("money", _l("Money"), {"state": OPEN, "kind": ["no_tariff", "trade_conflict", "unmatched_payment"]}),
    ),
    actions=(
        Action("confirm", _l("Confirm"), reviews.confirm, Permission.STAYS_AMEND, asks_reason=True, is_for_many=True,
               when=_is_open, says=_l("It was as suspected. Nothing else changes.")),
        Action("dismiss", _l("Dismiss"), reviews.dismiss, Permission.STAYS_AMEND, asks_reason=True, is_for_many=True,
               when=_is_open, says=_l("There was nothing in it.")),
        Action("plate", _l("Correct the plate"), reviews.correct_plate, Permission.STAYS_AMEND,
               asks_reason=True, offers=dictionaries.offers(Dictionary.AMENDMENT_REASON), when=_of(_READ),
               says=_l("Claim and payments find each other anew."),
               form=Form(corrections.PlateDraft, fields=(
                   Field("plate", _l("Plate")),
                   Field("plate_colour", _l("Colour of the plate"), choices=COLOURS),
                   evidence.FIELD))),
        Action("times", _l("Correct the times"), reviews.correct_times, Permission.STAYS_AMEND,
               asks_reason=True, offers=dictionaries.offers(Dictionary.AMENDMENT_REASON), when=_of(_TIMED),
               says=_l("It is priced anew, and the difference booked. A vehicle that is inside counts as gone."),
               form=Form(corrections.TimeDraft, fields=(
                   Field("came_at", _l("Really came")), Field("gone_at", _l("Really left")), evidence.FIELD))),
        Action("void", _l("Declare the stay void"), reviews.void, Permission.STAYS_AMEND,
               asks_reason=True, offers=dictionaries.offers(Dictionary.VOID_REASON), is_for_many=True, is_grave=True,
               when=_has_stay, says=_l("It is not counted and costs nothing; what was paid for it waits for a person."),
               form=Form(corrections.VoidDraft, fields=(evidence.FIELD,))),
    ),
)  # fmt: skip
