"""A tariff as a value: what a city's text says, and how each thing it leaves open is read."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.billing.language.parts import Amount, Attribute, Band, Cap, Factor, Free, Idle, MaxStay, Minutes, Name, Part, Period, When
from core.billing.rules.readings import (
    BandEdge,
    DayTypeBy,
    Early,
    Leaving,
    Midnight,
    MoneyMode,
    Overnight,
    RoundAt,
    Seconds,
    TierClock,
    TiersAgain,
)
from core.billing.rules.terms import CouponKind, CouponStack, Ends, GracePolicy, Nested, OnChange, PassEdge

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Title(Part):
    """The name of a tariff in both languages."""

    zh: Sentence
    en: Sentence


class MoneyRounding(Part):
    """To how many fen money is rounded, how, and where."""

    to_fen: Literal[1, 10, 50, 100, 1_000]
    mode: MoneyMode
    at: RoundAt


class Settings(Part):
    """
    How the text is read. What a tariff needs has to be said; nothing here has a default.

    A plan may read one thing differently from the whole tariff.
    """

    day_type_by: DayTypeBy | None = None
    overnight: Overnight | None = None
    units_at_band_edge: BandEdge | None = None
    units_at_midnight: Midnight | None = None
    tiers_again: TiersAgain | None = None
    tier_clock: TierClock | None = None
    before_window: Early | None = None
    leaving_on_edge: Leaving | None = None
    money: MoneyRounding | None = None


class Plan(Part):
    """Bands of the day with what limits and changes their prices; the first plan whose condition is met prices a stay."""

    name: Name
    when: When | None = None
    time_zone: Annotated[str, Field(max_length=40)] | None = None
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=50)]
    period: Period | None = None
    free: Annotated[tuple[Free, ...], Field(max_length=20)] = ()
    caps: Annotated[tuple[Cap, ...], Field(max_length=20)] = ()
    factors: Annotated[tuple[Factor, ...], Field(max_length=20)] = ()
    minimum_fen: Amount | None = None
    max_stay: MaxStay | None = None
    idle: Idle | None = None
    settings: Settings | None = None


class AfterPayment(Part):
    """What follows when somebody pays before leaving: time to drive out, and what a longer stay costs."""

    grace_min: Annotated[int, Field(ge=0, le=1_440)]
    policy: GracePolicy
    unit_min: Minutes | None = None
    unit_fen: Amount | None = None


class Passes(Part):
    """What a pass covers when it begins or ends during the stay, and whether free time holds for the rest."""

    edge: PassEdge
    free_time: Literal["holds", "does_not_hold"]


class Coupons(Part):
    """In which order coupons count, from which end their minutes, how many count, and what is paid at least."""

    order: Annotated[tuple[CouponKind, ...], Field(min_length=3, max_length=3)]
    minutes_from: Ends
    stack: CouponStack
    floor_fen: Amount


class NoReturn(Part):
    """For how long a vehicle that left may not come back, and what happens if it does."""

    minutes: Minutes
    then: Literal["tell", "no_free_time"]


class Tariff(Part):
    """
    A version of a tariff in the rule language. `form` is the version of the language itself.

    Prices are what the driver pays, taxes included: no published text is known that adds them on top.
    """

    form: Literal[1]
    code: Name
    title: Title
    time_zone: Annotated[str, Field(max_length=40)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    day_types: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    vehicles: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    zones: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    attributes: Annotated[dict[Name, Attribute], Field(max_length=50, default_factory=dict)]
    seconds: Seconds
    settings: Settings
    plans: Annotated[tuple[Plan, ...], Field(min_length=1, max_length=100)]
    after_payment: AfterPayment | None = None
    passes: Passes | None = None
    coupons: Coupons | None = None
    on_change: OnChange | None = None
    nested: Nested | None = None
    no_return: NoReturn | None = None
