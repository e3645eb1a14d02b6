"""Passages: the register of entries and exits, and the sheet of one."""

from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.insight import detectors, passages, stays
from core.kit.db import Row
from core.kit.locale import _, _l
from core.kit.masks import Mask
from core.places import areas, sites
from core.stays import evidence as pictures
from core.ui import drawer, evidence, formats, tables
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN
from core.ui.register import Action, Between, Chips, Choice, Form, Kind, Reader, Register, Typed
from core.ui.tables import Column, Look
from core.ui.tones import Tone


def show(reader: Reader, row: Row) -> list[Component]:
    """Return the sheet of a passage: who saw it and when, and what was photographed."""
    shown = tables.shown(row, key=passages.PASSAGES.key)
    place = " · ".join(part for part in (shown["site_name"], row["space"] or row["lane"]) if part)
    way = row["direction"]
    facts = [
        Fact(_("Happened"), formats.moment(row["at"], now=reader.at)),
        Fact(_("Received at"), formats.moment(row["received_at"], now=reader.at)),
        Fact(_("Time"), str(passages.QUALITIES[row["time_quality"]])),
        Fact(_("Device"), " ".join(part for part in (_device(row), row["device"]) if part) or UNKNOWN),
        Fact(_("Sure"), UNKNOWN if row["conf_pct"] is None else f"{row['conf_pct']}%"),
        Fact(_("Reads"), UNKNOWN if row["vote_n"] is None else str(row["vote_n"])),
    ]
    return [
        drawer.heading(row["plate"] or _("Plate not read"), [Pill(str(passages.DIRECTIONS[way]), TONES[way])], place),
        drawer.section(_("Passage"), _("came late") if row["is_late"] else "", drawer.facts(facts)),
        evidence.section(
            reader, row["site_id"], frames=passages.list_frames(reader.tx, row), brought=passages.list_brought(reader.tx, row)
        ),
    ]


def _device(row: Row) -> str:
    return str(detectors.KIND_LABELS[row["device_kind"]]) if row["device_kind"] else ""


TONES: Final = {"in": Tone.GOOD, "out": Tone.OFF}

PASSAGES = Register(
    name="insight/passages",
    path="/parking/passages",
    group="stays",
    order=2,
    title=_l("Passages"),
    one=_l("Passage"),
    note=_l("Entries and exits as they were seen"),
    view=Permission.STAYS_VIEW,
    relation=passages.PASSAGES,
    given=lambda reader: {**stays.given(at=reader.at, sites=reader.sites), "period": passages.PERIOD},
    sheet=show,
    heading="plate",
    columns=(
        Column("at", _l("Happened"), Look.MOMENT, 140),
        Column("direction", _l("Direction"), Look.STATE, 100, words=passages.DIRECTIONS, tones=TONES),
        Column("plate", _l("Plate"), Look.PLATE, 120, beside="plate_colour", personal=Mask.PLATE),
        Column("site", _l("Site"), Look.TEXT, 180, grows=True, beside="site_name"),
        Column("space", _l("Berth"), Look.CODE, 90),
        Column("lane", _l("Lane"), Look.CODE, 90),
        Column("conf_pct", _l("Sure"), Look.NUMBER, 90, unit="%", note=_l("The least sure character of the plate.")),
        Column("device_kind", _l("Seen by"), Look.TEXT, 130, words=detectors.KIND_LABELS),
        Column("device", _l("Device"), Look.CODE, 110),
        Column("has_picture", _l("Picture"), Look.SWITCH, 90, is_sorted=False),
        Column("time_quality", _l("Clock quality"), Look.TEXT, 110, words=passages.QUALITIES),
        Column("received_at", _l("Received at"), Look.MOMENT, 140, hidden=True),
        Column("is_late", _l("Late"), Look.SWITCH, 80, hidden=True),
    ),
    filters=(
        Choice("period", _l("Happened"), stays.PERIODS, is_many=False, is_given=True, default=passages.PERIOD, widest="all"),
        Between("at", _l("Happened between"), Kind.MOMENT),
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Choice("site", _l("Site"), lambda reader: stays.list_sites(reader.tx, sites=reader.sites)),
        Choice("business", _l("Business"), sites.KINDS, is_rare=True),
        Typed("plate", _l("Plate"), "江A12"),
        Typed("space", _l("Berth"), "0239"),
        Choice("device_kind", _l("Seen by"), detectors.KIND_LABELS, is_rare=True),
        Between("conf_pct", _l("Sure"), Kind.NUMBER, is_rare=True),
    ),
    chips=Chips("direction", passages.DIRECTIONS),
    actions=(
        Action("pictures", _l("Add pictures"), pictures.bring_to_passages, Permission.STAYS_AMEND, asks_reason=True,
               says=_l("They stand beside this passage, with your name and reason."),
               form=Form(pictures.Draft, fields=(evidence.FIELD,))),
    ),
)  # fmt: skip
