"""Golden cases: the register of stays whose price is known; they are tried on every draft and version of their tariff."""

from typing import Final

from core.access.permissions import Permission
from core.billing import golden_cases, phrases, tariffs
from core.billing.assignments import VEHICLES
from core.billing.golden_cases import STATES
from core.kit.locale import Text, _l
from core.ui import tones
from core.ui.register import Action, Chips, Field, Form, Kind, Register, Typed
from core.ui.tables import Column, Look

DAYS: Final[dict[str, Text]] = {**phrases.DAY_TYPES, "any": _l("as its weekday")}

CASES = Register(
    name="billing/golden_cases",
    path="/billing/cases",
    group="tariffs",
    order=7,
    title=_l("Golden cases"),
    one=_l("Golden case"),
    note=_l("A version with a case that costs something else is not approved"),
    view=Permission.TARIFFS_VIEW,
    relation=golden_cases.CASES,
    for_all="a case belongs to a tariff, and lies at no site",
    given=lambda _reader: {},
    heading="name",
    columns=(
        Column("code", _l("Tariff"), Look.CODE, 210),
        Column("name", _l("Case"), Look.TEXT, 220, grows=True),
        Column("entry", _l("Arrives"), Look.CODE, 180),
        Column("exit", _l("Leaves"), Look.CODE, 180),
        Column("vehicle", _l("Vehicle"), Look.TEXT, 100, words=VEHICLES),
        Column("zone", _l("Zone of the tariff"), Look.TEXT, 140),
        Column("day_type", _l("Kind of day"), Look.TEXT, 130, words=DAYS),
        Column("attrs", _l("Told of the stay"), Look.TEXT, 160),
        Column("earlier", _l("Earlier visits"), Look.TEXT, 260, hidden=True),
        Column("passes", _l("Passes"), Look.TEXT, 260, hidden=True),
        Column("inner_lots", _l("Inner lots"), Look.TEXT, 260, hidden=True),
        Column("left_before", _l("Left the time before"), Look.CODE, 180, hidden=True),
        Column("charging_ended", _l("Charging ended"), Look.CODE, 180, hidden=True),
        Column("coupons", _l("Coupons"), Look.TEXT, 180, hidden=True),
        Column("payments", _l("Payments"), Look.TEXT, 220, hidden=True),
        Column("expected_fen", _l("Must cost"), Look.MONEY, 120),
        Column("state", _l("State"), Look.STATE, 110, words=STATES, tones=tones.LIFE),
        Column("reason", _l("Where it stands"), Look.TEXT, 200, grows=True, is_sorted=False),
        Column("saved_by", _l("Saved by"), Look.TEXT, 120),
        Column("saved_at", _l("Saved at"), Look.MOMENT, 140),
    ),
    filters=(Typed("code", _l("Tariff")), Typed("name", _l("Case"))),
    chips=Chips("state", STATES),
    form=Form(golden_cases.Draft, add=golden_cases.save, needs=Permission.TARIFFS_MANAGE, fields=(
        Field("tariff_id", _l("Tariff"), choices=lambda reader: tariffs.list_choices(reader.tx)),
        Field("name", _l("Case"), hint=_l("What it shows, such as: one minute over the free time")),
        Field("entered_at", _l("Arrives"), kind=Kind.MOMENT),
        Field("left_at", _l("Leaves"), kind=Kind.MOMENT),
        Field("vehicle", _l("Vehicle"), hint=_l("As the tariff calls it.")),
        Field("zone", _l("Zone of the tariff"), hint=_l("Empty where the tariff has none.")),
        Field("day_type", _l("Kind of day"), hint=_l("As the tariff calls it; any: that of its weekday.")),
        Field("attrs", _l("Told of the stay"), kind=Kind.TEXT,
              hint=_l("What the tariff asks beside times, such as: lost_ticket=true, spaces=2")),
        Field("earlier", _l("Earlier visits"), kind=Kind.TEXT, is_wide=True,
              hint=_l("Of the same vehicle, where free time is given once a day: 2026-11-20T10:00/2026-11-20T10:25")),
        Field("left_before", _l("Left the time before"), kind=Kind.MOMENT, hint=_l("Empty: it was not here before.")),
        Field("charging_ended", _l("Charging ended"), kind=Kind.MOMENT, hint=_l("Empty: it did not charge, or charges still.")),
        Field("passes", _l("Passes"), kind=Kind.TEXT, is_wide=True,
              hint=_l("The times that a pass covers: 2026-11-20T09:00/2026-11-20T12:00")),
        Field("inner_lots", _l("Inner lots"), kind=Kind.TEXT, is_wide=True,
              hint=_l("When it was in a lot inside of this one; typed as passes are.")),
        Field("coupons", _l("Coupons"), kind=Kind.TEXT, is_wide=True,
              hint=_l("As percent 20, minutes 30 or amount 5.00; behind it a group, of which one may count.")),
        Field("payments", _l("Payments"), kind=Kind.TEXT, is_wide=True, hint=_l("Made before: 2026-11-20T09:20 8.00")),
        Field("expected_fen", _l("Must cost"), kind=Kind.MONEY, hint=_l("What is still due after all of it.")),
        Field("reason", _l("Where it stands"), is_wide=True, hint=_l("The document, or who worked it out.")),
    )),
    actions=(
        Action("end", _l("Give up"), golden_cases.end, Permission.TARIFFS_MANAGE, asks_reason=True, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] == "used", says=_l("It is tried no longer.")),
    ),
    has_import=True,
)  # fmt: skip
