"""Terms: what a tariff says about paying early, coupons, passes, and changes of tariff. Amounts are whole fen, times ms."""

from enum import StrEnum
from typing import NamedTuple

from core.billing.rules.days import Unpriceable


class Unsettled(Unpriceable):
    """The tariff does not say how something is done, and nobody may guess; `about` is the setting that is missing."""


class GracePolicy(StrEnum):
    """What a stay costs that goes on after payment and grace."""

    RE_QUOTE_FROM_ENTRY = "re_quote_from_entry"
    EXTEND_BY_UNIT = "extend_by_unit"
    NEW_STAY = "new_stay"


class PassEdge(StrEnum):
    """What is charged of a stay that a pass covers in part."""

    UNCOVERED_MINUTES_ONLY = "uncovered_minutes_only"
    WHOLE_STAY_CHARGED = "whole_stay_charged"
    WHOLE_STAY_COVERED = "whole_stay_covered"


class CouponKind(StrEnum):
    """What a coupon takes off."""

    MINUTES = "minutes"
    PERCENT = "percent"
    AMOUNT = "amount"


class Ends(StrEnum):
    """From which end of the stay minutes are taken off."""

    HEAD = "head"
    TAIL = "tail"


class CouponStack(StrEnum):
    """How many coupons count: one, one of each group, or all."""

    ONE = "one"
    ONE_A_GROUP = "one_a_group"
    ALL = "all"


class OnChange(StrEnum):
    """Which version prices a stay during which a new one begins."""

    PIN_AT_ENTRY = "pin_at_entry"
    SPLIT_AT_CHANGE = "split_at_change"
    CHEAPER_OF_BOTH = "cheaper_of_both"


class Nested(StrEnum):
    """What the time in an inner lot costs in the outer one."""

    ADDITIVE = "additive"
    EXCLUSIVE = "exclusive"
    OUTER_PAUSED = "outer_paused"


class AfterPayment(NamedTuple):
    """Grace after payment, and what follows; the unit belongs to EXTEND_BY_UNIT alone."""

    grace_ms: int
    policy: GracePolicy
    unit_ms: int
    unit_fen: int


class Passes(NamedTuple):
    """How passes cover."""

    edge: PassEdge
    has_free_time: bool


class Coupons(NamedTuple):
    """How coupons count."""

    order: tuple[CouponKind, ...]
    minutes_from: Ends
    stack: CouponStack
    floor_fen: int


class NoReturn(NamedTuple):
    """How soon a vehicle may come back."""

    ms: int
    is_told_only: bool


class Terms(NamedTuple):
    """All of them; None where the tariff does not say."""

    after_payment: AfterPayment | None
    passes: Passes | None
    coupons: Coupons | None
    on_change: OnChange | None
    nested: Nested | None
    no_return: NoReturn | None
