"""Disclosures: the log of who took data out, or saw in full what is masked; for the audit administrator."""

from typing import Final

from dash import html
from dash.development.base_component import Component

from core.access import disclosures, operations
from core.access.permissions import Permission
from core.kit.db import Row
from core.kit.locale import _, _l
from core.ui import drawer, formats, tables, tones
from core.ui.drawer import Fact
from core.ui.parts import box
from core.ui.register import Between, Chips, Choice, Reader, Register, Typed
from core.ui.register.deeds import Titles
from core.ui.tables import Column, Look

TITLES: Final = Titles()


def _sheet(reader: Reader, row: Row) -> list[Component]:
    """Tell what was taken out: from which list, by which question, how many rows."""
    told = [(name, str(value)[:500]) for name, value in sorted((row["value_after"] or {}).items())]
    outcome = drawer.Pill(str(operations.OUTCOMES[row["outcome"]]), tones.OUTCOMES[row["outcome"]])
    return [
        drawer.heading(str(disclosures.KINDS[row["kind"]]), [outcome], TITLES.get(row["register"], row["register"])),
        box("register__pairs", drawer.facts([
            Fact(_("Who"), row["actor_name"] or "—"),
            Fact(_("When"), formats.moment(row["noted_at"], now=reader.at)),
            Fact(_("Address"), row["address"] or "—"),
        ])),
        drawer.section(_("Reason"), "", html.P(row["reason"] or "—")),
        drawer.section(_("What"), "", tables.plain([_("Field"), _("Value")], told, empty=_("Nothing"))),
    ]  # fmt: skip


DISCLOSURES = Register(
    name="access/disclosures",
    path="/system/data",
    group="logs",
    order=2,
    title=_l("Use of data"),
    one=_l("Use of data"),
    note=_l("Who took lists out of the product, or saw in full what is masked, and why"),
    view=Permission.AUDIT_READ,
    relation=disclosures.DISCLOSURES,
    for_all="the log of disclosures is read by auditors of the whole house",
    columns=(
        Column("noted_at", _l("When"), Look.MOMENT, 160),
        Column("kind", _l("What"), Look.TEXT, 150, words=disclosures.KINDS),
        Column("register", _l("Which list"), Look.TEXT, 170, words=TITLES),
        Column("actor_name", _l("Who"), Look.TEXT, 150),
        Column("actor_roles", _l("Roles"), Look.CODE, 170, hidden=True),
        Column("reason", _l("Reason"), Look.TEXT, 260, grows=True),
        Column("address", _l("Address"), Look.CODE, 140),
        Column("outcome", _l("Outcome"), Look.STATE, 120, words=operations.OUTCOMES, tones=tones.OUTCOMES),
    ),
    filters=(
        Between("noted_at", _l("When")),
        Typed("actor_name", _l("Who")),
        Choice("register", _l("Which list"), TITLES),
        Choice("outcome", _l("Outcome"), operations.OUTCOMES),
    ),
    chips=Chips("kind", disclosures.KINDS),
    sheet=_sheet,
    heading="kind",
)
