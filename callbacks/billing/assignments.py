"""Assignments: the register of which tariff holds where; of two that would hold for the same, none is taken."""

from typing import Final

from core.access.permissions import Permission
from core.billing import assignments, tariffs
from core.billing.assignments import ON_CHANGE, SPACES, STATES, VEHICLES
from core.kit.locale import Text, _l
from core.places import groups, sites, zones
from core.places.groups import Purpose
from core.ui import tones
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Reader, Register, Typed
from core.ui.tables import Column, Look

EVERY: Final[dict[str, Text]] = {"every": _l("All")}
"""What an assignment leaves open holds whatever it is."""
BY_TARIFF: Final[dict[str, Text]] = {"tariff": _l("as the tariff says")}

ALONE: Final = _l("This site alone")


def _pools(reader: Reader) -> list[tuple[str, str]]:
    """Return where a vehicle may get its free time once: the site itself, or a group of sites."""
    return [("site", str(ALONE)), *groups.list_choices(reader.tx, purpose=Purpose.TARIFF, sites=reader.sites)]


ASSIGNMENTS = Register(
    name="billing/assignments",
    path="/billing/assignments",
    group="tariffs",
    order=6,
    title=_l("Where tariffs hold"),
    one=_l("Assignment"),
    note=_l("The higher priority holds, then the narrower one"),
    view=Permission.TARIFFS_VIEW,
    relation=assignments.ASSIGNMENTS,
    columns=(
        Column("site", _l("Site"), Look.CODE, 220, grows=True, beside="site_name"),
        Column("zone", _l("Zone"), Look.TEXT, 150, words=EVERY),
        Column("space_class", _l("Class of berths"), Look.TEXT, 130, words={**EVERY, **SPACES}),
        Column("vehicle_class", _l("Class of vehicles"), Look.TEXT, 130, words={**EVERY, **VEHICLES}),
        Column("tariff", _l("Tariff"), Look.CODE, 240, grows=True, beside="tariff_name"),
        Column("price_zone", _l("Zone of the tariff"), Look.TEXT, 140),
        Column("priority", _l("Priority"), Look.NUMBER, 100),
        Column("valid_from", _l("From"), Look.MOMENT, 140),
        Column("valid_to", _l("To"), Look.MOMENT, 140),
        Column("state", _l("State"), Look.STATE, 110, words=STATES, tones=tones.LIFE),
        Column("on_change", _l("A new version begins during a stay"), Look.TEXT, 200, words={**BY_TARIFF, **ON_CHANGE},
               hidden=True),
        Column("pool", _l("Free time once a day, in"), Look.TEXT, 160, words={"alone": ALONE}, hidden=True),
        Column("reason", _l("Reason"), Look.TEXT, 160, hidden=True),
        Column("assigned_by", _l("Assigned by"), Look.TEXT, 120),
        Column("assigned_at", _l("Assigned at"), Look.MOMENT, 140, hidden=True),
    ),
    filters=(
        Typed("site", _l("Site")),
        Typed("tariff", _l("Tariff")),
        Choice("vehicle_class", _l("Class of vehicles"), VEHICLES),
        Between("valid_from", _l("From"), Kind.DATE),
    ),
    chips=Chips("state", STATES),
    form=Form(assignments.Draft, add=assignments.add, needs=Permission.TARIFFS_MANAGE, fields=(
        Field("site_id", _l("Site"), choices=lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
        Field("tariff_version_id", _l("Tariff"), choices=lambda reader: tariffs.list_approved(reader.tx),
              hint=_l("Only what was approved.")),
        Field("price_zone", _l("Zone of the tariff"), hint=_l("Which of its zones the place is; empty where it has none.")),
        Field("zone_id", _l("Zone"), choices=lambda reader: zones.list_choices(reader.tx, sites=reader.sites),
              hint=_l("Nothing chosen: the whole site.")),
        Field("space_class", _l("Class of berths"), choices=SPACES, hint=_l("Nothing chosen: every class.")),
        Field("vehicle_class", _l("Class of vehicles"), choices=VEHICLES, hint=_l("Nothing chosen: every class.")),
        Field("priority", _l("Priority"), hint=_l("0 to 9; the higher one holds.")),
        Field("on_change", _l("A new version begins during a stay"), choices=ON_CHANGE,
              hint=_l("For who came while this one held. Nothing chosen: the tariff says it.")),
        Field("pool", _l("Free time once a day, in"), choices=_pools,
              hint=_l("Where a vehicle gets it once, if the tariff gives any so.")),
        Field("starts_at", _l("From"), kind=Kind.MOMENT, hint=_l("Now or later. What holds for the same until then ends there.")),
        Field("ends_at", _l("To"), kind=Kind.MOMENT, hint=_l("Nothing said: until it is ended.")),
        Field("reason", _l("Reason"), is_wide=True),
    )),
    actions=(
        Action("end", _l("End"), assignments.end, Permission.TARIFFS_MANAGE, asks_reason=True, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] != "over",
               says=_l("Stays that begin later are priced by what else holds there, or not at all.")),
    ),
    has_import=True,
)  # fmt: skip
