"""Clones: the register of plates that travel faster than a vehicle can, and the sheet of one."""

from typing import Any, Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.insight import stays
from core.kit.db import Row
from core.kit.locale import _, _l
from core.kit.masks import Mask
from core.places import areas
from core.stays import clones
from core.stays.clones import Block, Outcome
from core.ui import drawer, evidence, formats, tables
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Reader, Register, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

TONES: Final = {"open": Tone.ACT, Outcome.CONFIRMED: Tone.WATCH, Outcome.DISMISSED: Tone.OFF}


def show(reader: Reader, row: Row) -> list[Component]:
    """Return the sheet of a plate: the two reads, what lies between them, what was photographed, and what was decided."""
    shown = tables.shown(row, key=clones.CLONES.key)
    state: Any = row["state"]  # a value of STATES
    frames = {site_id: stays.frames_of(reader.tx, site_id, rows) for site_id, rows in clones.list_frames(reader.tx, row).items()}
    reads = [
        (formats.moment(row["from_at"], now=reader.at), f"{shown['from_site_name']} · {row['from_site']}"),
        (formats.moment(row["last_at"], now=reader.at), f"{shown['to_site_name']} · {row['to_site']}"),
    ]
    return [
        drawer.heading(row["plate"], [Pill(str(clones.STATES[state]), TONES[state])], ""),
        drawer.section(_("Last pair of reads"), "", drawer.notes(reads)),
        drawer.section(_("What lies between"), "", drawer.facts(_facts(row, reader))),
        *(evidence.section(reader, site_id, frames=found, brought=()) for site_id, found in frames.items() if found),
        *_decision(row, reader),
    ]


def _facts(row: Row, reader: Reader) -> list[Fact]:
    return [
        Fact(_("Distance"), _("%(km)s km", km=f"{row['distance_m'] / 1_000:.1f}")),
        Fact(_("Time between"), formats.length(row["apart_s"])),
        Fact(_("Implied speed"), _("%(n)s km/h", n=row["speed_kmh"])),
        Fact(_("Times found"), str(row["found_n"])),
        Fact(_("First found"), formats.moment(row["first_at"], now=reader.at)),
        Fact(_("Block list"), _("asked for or in force") if row["is_blocked"] else _("not asked for")),
    ]


def _decision(row: Row, reader: Reader) -> list[Component]:
    if row["ended_at"] is None:
        return []
    who = " · ".join((row["decided_by_name"] or UNKNOWN, row["reason"]))
    return [drawer.section(_("Decision"), "", drawer.notes([(formats.moment(row["ended_at"], now=reader.at), who)]))]


def _is_open(row: Row) -> bool:
    return bool(row["state"] == "open")


def _may_be_blocked(row: Row) -> bool:
    return bool(row["state"] == Outcome.CONFIRMED and not row["is_blocked"])


CLONES = Register(
    name="stays/clones",
    path="/parking/clones",
    group="vehicles",
    order=4,
    title=_l("Copied plates"),
    one=_l("Copied plate"),
    note=_l("Read at two places sooner than a vehicle gets from one to the other"),
    view=Permission.VEHICLES_VIEW,
    relation=clones.CLONES,
    sheet=show,
    columns=(
        Column("plate", _l("Plate"), Look.PLATE, 130, beside="plate_colour", personal=Mask.PLATE),
        Column("state", _l("Decision"), Look.STATE, 130, words=clones.STATES, tones=TONES),
        Column("from_site", _l("Read first"), Look.TEXT, 170, grows=True, beside="from_site_name"),
        Column("from_at", _l("At"), Look.MOMENT, 130),
        Column("to_site", _l("Read then"), Look.TEXT, 170, grows=True, beside="to_site_name"),
        Column("last_at", _l("At"), Look.MOMENT, 130),
        Column("apart_s", _l("Time between"), Look.NUMBER, 100, unit=_l("min"), scale=60, places=1),
        Column("distance_m", _l("Distance"), Look.NUMBER, 100, unit=_l("km"), scale=1_000, places=1,
               note=_l("As the crow flies.")),
        Column("speed_kmh", _l("Implied speed"), Look.NUMBER, 120, unit=_l("km/h"),
               note=_l("A vehicle would have had to go so fast.")),
        Column("found_n", _l("Times found"), Look.NUMBER, 90, note=_l("Pairs of reads that one vehicle cannot have made.")),
        Column("is_blocked", _l("Block list"), Look.SWITCH, 100, note=_l("Asked for, or in force.")),
        Column("first_at", _l("First found"), Look.MOMENT, 130, hidden=True),
        Column("decided_by_name", _l("Decision by"), Look.TEXT, 120, hidden=True),
        Column("ended_at", _l("Decision at"), Look.MOMENT, 130, hidden=True),
        Column("reason", _l("Reason"), Look.TEXT, 160, hidden=True),
    ),
    filters=(
        Typed("plate", _l("Plate"), "江A12"),
        Choice("from_site", _l("Read first"), lambda reader: stays.list_sites(reader.tx, sites=reader.sites)),
        Choice("to_site", _l("Read then"), lambda reader: stays.list_sites(reader.tx, sites=reader.sites)),
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Between("last_at", _l("Read then"), Kind.DATE),
        Between("speed_kmh", _l("Implied speed"), Kind.NUMBER, is_rare=True),
    ),
    chips=Chips("state", clones.STATES),
    views=(
        View("waiting", _l("To be decided"), {"state": "open"}),
        View("copies", _l("Confirmed copies"), {"state": Outcome.CONFIRMED.value}, "-found_n"),
    ),
    actions=(
        Action("confirm", _l("Confirm the copy"), clones.confirm, Permission.LISTS_MANAGE, asks_reason=True, is_for_many=True,
               when=_is_open, says=_l("There are two of this plate. The alarm ends; a new pair of reads calls again.")),
        Action("dismiss", _l("Dismiss"), clones.dismiss, Permission.LISTS_MANAGE, asks_reason=True, is_for_many=True,
               when=_is_open, says=_l("It was misread, or a clock was wrong. The alarm ends; a new pair of reads calls again.")),
        Action("block", _l("Ask for the block list"), clones.ask_for_block, Permission.LISTS_MANAGE, asks_reason=True,
               is_for_many=True, when=_may_be_blocked, says=_l("Somebody else approves it before it holds."),
               form=Form(Block, fields=(
                   Field("ends_at", _l("To"), kind=Kind.MOMENT, hint=_l("Nothing said: until it is ended.")),))),
    ),
)  # fmt: skip
