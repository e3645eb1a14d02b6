"""
Parts of the rule language: conditions, prices, charges, bands, free times, caps, factors. Each says one thing; they compose.

Prices are whole minor units of the tariff's currency (`_fen`), times minutes (`_min`) or clock times such as `"07:30"`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.billing.rules.days import Weekday
from core.billing.rules.plans import AfterMax
from core.billing.rules.readings import Each, FreeKind, Frequency, Of, Rounding

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+.-]{0,39}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
MonthDay = Annotated[
    str,
    StringConstraints(
        pattern=r"^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$"
    ),
]
Minutes = Annotated[int, Field(ge=1, le=1_000_000)]
Amount = Annotated[int, Field(ge=0, le=1_000_000_000)]
Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]


class Part(BaseModel):
    """What every part has in common: it says nothing it does not know, and is never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Season(Part):
    """From a first day of the year to a last one, both included, over the new year or not."""

    first: MonthDay
    last: MonthDay


class Days(Part):
    """Days that something holds on; what is not said holds for all."""

    types: Names | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] | None = None
    season: Season | None = None


class Span(Part):
    """Clock times from one to another, over midnight where the first is later; a whole day is 00:00 to 24:00."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class Asked(Part):
    """A question about an attribute: it is one of these, or at least so much and below so much."""

    attribute: Name
    is_: bool | Name | tuple[Name, ...] | None = Field(None, alias="is")
    at_least: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    below: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class When(Part):
    """Stays that something holds for: all that is said must be so."""

    vehicles: Names | None = None
    zones: Names | None = None
    attributes: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=20)] | None = None
    entry: Span | None = None
    entry_days: Days | None = None


class ByZone(Part):
    """A price for each zone."""

    by_zone: dict[Name, "Price"]


class ByVehicle(Part):
    """A price for each class of vehicles."""

    by_vehicle: dict[Name, "Price"]


Price = Amount | ByZone | ByVehicle


class Tier(Part):
    """Units of one price, for so many minutes; the last tier goes on for ever."""

    for_min: Minutes | None = None
    unit_min: Minutes
    price_fen: Price


class Units(Part):
    """Time in units, in one tier or several. `rounding: exact` charges each millisecond its share of the unit."""

    kind: Literal["units"]
    rounding: Rounding
    tolerance_min: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=100)]


class Step(Part):
    """What a stay of up to so many minutes costs in all."""

    up_to_min: Minutes
    total_fen: Price


class Steps(Part):
    """A table of totals; behind its last step one total, or units of one price."""

    kind: Literal["steps"]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=200)]
    beyond_total_fen: Price | None = None
    beyond: Tier | None = None


class Entry(Part):
    """One price for each visit of the band, however long: per entry, per night, a flat evening."""

    kind: Literal["entry"]
    price_fen: Price


class Nothing(Part):
    """Free on purpose."""

    kind: Literal["free"]


class Forbidden(Part):
    """Nobody may park."""

    kind: Literal["not_allowed"]


Timed = Annotated[Units | Steps | Entry, Field(discriminator="kind")]


class Cheapest(Part):
    """Whichever is cheapest for the visit."""

    kind: Literal["cheapest"]
    of: Annotated[tuple[Timed, ...], Field(min_length=2, max_length=10)]


Charge = Annotated[Units | Steps | Entry | Cheapest | Nothing | Forbidden, Field(discriminator="kind")]


class Window(Span):
    """Clock times of some days."""

    days: Days | None = None


class Band(Part):
    """A part of the day with one charge, in one window or several; windows that touch are one visit."""

    name: Name
    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=50)]
    charge: Charge


class Free(Part):
    """A free time: how long, whether its bound is free, of which minutes, how often, and whether it moves the tiers on."""

    name: Name
    when: When | None = None
    kind: FreeKind
    minutes: Minutes
    bound: Literal["inclusive", "exclusive"]
    of: Of
    each: Literal[Each.STAY, Each.PERIOD, Each.DAY]
    frequency: Frequency
    counts_for_tiers: bool


class Cap(Part):
    """
    The most that bands cost together, in money or in billed minutes, per visit, day, hours from entry, period or stay.

    Of several limits the first holds for the first window, and the last for all later ones.
    """

    when: When | None = None
    per: Each
    hours: Annotated[int, Field(ge=1, le=10_000)] | None = None
    limits_fen: Annotated[tuple[Price, ...], Field(min_length=1, max_length=100)] | None = None
    limits_billed_min: Annotated[tuple[Minutes, ...], Field(min_length=1, max_length=100)] | None = None
    bands: Names | None = None
    days: Days | None = None


class Factor(Part):
    """A per cent of the price, or as many times as an attribute counts; before the caps or after them."""

    name: Name
    when: When | None = None
    percent: Annotated[int, Field(ge=0, le=100_000)] | None = None
    times: Name | None = None
    applies: Literal["before_caps", "after_caps"]


class Period(Part):
    """
    After how long the whole rule begins again: hours from entry or a clock time of some days; what a full one costs.

    Where the plan is chosen again, who stays is priced from then on as somebody who comes at that instant.
    """

    hours: Annotated[int, Field(ge=1, le=10_000)] | None = None
    clock: Clock | None = None
    days: Days | None = None
    full_fen: Price | None = None
    plan_again: bool = False


class MaxStay(Part):
    """The longest stay, and what follows."""

    minutes: Minutes
    then: AfterMax
    penalty: Units | None = None


class Idle(Part):
    """What a place with a charger costs when the battery is full and nobody drives away."""

    grace_min: Annotated[int, Field(ge=0, le=1_000_000)]
    charge: Units
    cap_fen: Amount | None = None


class Flag(Part):
    """A yes or no about a stay; without `absent` it must be told."""

    kind: Literal["flag"]
    absent: bool | None = None


class Count(Part):
    """A number about a stay, such as the spaces it takes up."""

    kind: Literal["count"]
    absent: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class OneOf(Part):
    """One of some words about a stay."""

    kind: Literal["one_of"]
    values: Names
    absent: Name | None = None


Attribute = Annotated[Flag | Count | OneOf, Field(discriminator="kind")]
