"""Berths: the register of berths; rows laid out along a street, signs with codes to print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dash.development.base_component import Component

from core.access.actors import Actor
from core.access.permissions import Permission
from core.kit import clock
from core.kit.db import Tx
from core.kit.locale import _, _l, ngettext
from core.office.dictionaries import CLOSINGS
from core.places import areas, berths, sites, zones
from core.places.berths import Layout, RowDraft
from core.ui import drawer, labels, plans, tones
from core.ui.register import Action, Chips, Choice, Field, Form, Reader, Register, Typed
from core.ui.tables import Column, Look


def _zones(reader: Reader) -> list[tuple[str, str]]:
    return zones.list_choices(reader.tx, sites=reader.sites)


def _lay(tx: Tx, _keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: RowDraft) -> Layout:  # noqa: ARG001  # an action
    return berths.lay(tx, draft, by=by, at=at)


def _layout(laid: Layout) -> list[Component]:
    n, ends = len(laid.berths), f"{laid.berths[0].code} … {laid.berths[-1].code}"
    said = _("Only shown, nothing was added.") if laid.is_trial else _("In service now.")
    counted = ngettext("%(count)s berth", "%(count)s berths", n)
    return [
        drawer.heading(ends, [], f"{laid.site} · {counted} · {said}"),
        plans.plan(laid.lines, [(one.code, one.point) for one in laid.berths]),
    ]


def _print(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Any) -> list[labels.Label]:  # noqa: ARG001  # an action
    rows = berths.list_signs(tx, keys=keys, sites=by.scope.sites(tx))
    return [labels.Label(f"{row['site']}/{row['code']}", row["site_name"], row["site_name_en"], row["code"]) for row in rows]


BERTHS = Register(
    name="places/berths",
    path="/parking/berths",
    group="places",
    order=6,
    title=_l("Berths"),
    one=_l("Berth"),
    note=_l("Places for one vehicle each"),
    view=Permission.PLACES_VIEW,
    relation=berths.BERTHS,
    columns=(
        Column("spot", _l("Berth"), Look.CODE, 140),
        Column("site_name", _l("Site"), Look.TEXT, 180, grows=True, is_sorted=False),
        Column("district", _l("District"), Look.TEXT, 110),
        Column("road", _l("Road"), Look.TEXT, 120),
        Column("zone", _l("Zone"), Look.TEXT, 120),
        Column("class", _l("Class"), Look.TEXT, 110, words=berths.CLASSES),
        Column("device", _l("Device"), Look.CODE, 130),
        Column("state", _l("State"), Look.STATE, 130, words=berths.STATES, tones=tones.LIFE),
        Column("in_service_from", _l("In service since"), Look.MOMENT, 160),
        Column("in_service_to", _l("Out of service since"), Look.MOMENT, 170, hidden=True),
    ),
    filters=(
        Typed("called", _l("Berth or site"), "0239"),
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Choice("site_id", _l("Site"), lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
        Choice("class", _l("Class"), berths.CLASSES),
    ),
    chips=Chips("state", berths.STATES),
    form=Form(berths.Draft, add=berths.register, change=berths.change, needs=Permission.PLACES_MANAGE,
        known_by=("code", "zone_id"), fields=(
        Field("zone_id", _l("Zone"), choices=_zones),
        Field("code", _l("Berth"), hint=_l("As it is painted on the ground. It stays once a vehicle stood there.")),
        Field("space_class", _l("Class"), choices=berths.CLASSES),
        Field("in_service_on", _l("In service since")),
        Field("lon", _l("Longitude"), unit="°"),
        Field("lat", _l("Latitude"), unit="°"),
    ), when=lambda row: row["state"] != "removed",
        load=lambda _reader, row: {"in_service_on": clock.city_date(row["in_service_from"])}),
    actions=(
        Action("lay", _l("Lay out a row"), _lay, Permission.PLACES_MANAGE, is_for_none=True, tell=_layout,
               stays=lambda laid: laid.is_trial, says=_l("Berths one behind the other along the line of a street."),
               form=Form(RowDraft, fields=(
                   Field("zone_id", _l("Zone"), choices=_zones, is_wide=True,
                         hint=_l("A new section needs a zone first: add it under Zones and levels.")),
                   Field("prefix", _l("Before the number"), hint=_l("A- makes A-001")),
                   Field("first", _l("First number")),
                   Field("last", _l("Last number")),
                   Field("step", _l("Every"), hint=_l("2 numbers one side of a street")),
                   Field("digits", _l("Digits")),
                   Field("start_m", _l("Begins after"), unit="m"),
                   Field("spacing_m", _l("Length of a berth"), unit="m"),
                   Field("aside_m", _l("To the right"), unit="m",
                         hint=_l("Of the line's direction; a negative number lies to the left.")),
                   Field("space_class", _l("Class"), choices=berths.CLASSES),
                   Field("in_service_on", _l("In service since")),
                   Field("is_trial", _l("Only show where they would lie")),
               ))),
        Action("print", _l("Print signs"), _print, Permission.PLACES_VIEW, is_for_many=True, tell=labels.sheet,
               when=lambda row: row["state"] != "removed"),
        Action("remove", _l("Take out of service"), berths.remove, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               is_grave=True, says=_l("What happened there stays; the number can be used again."),
               form=Form(berths.Removal, fields=(Field("to_on", _l("From")),)), when=lambda row: row["state"] == "in_service"),
    ),
    has_import=True,
)  # fmt: skip
