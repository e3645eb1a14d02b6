"""
Cases: stays whose price is known, to try a tariff on. A file of cases has the format of published collections.

Of a case only `entry, exit, vehicle, day_type, zone, attrs` reach the engine, and what else counts where it has any: `earlier`
visits of the vehicle, `passes`, time in `inner_lots`, `left_before`, `charging_ended`, `coupons` and `payments`. With these the
result is what is still due. `expected_minor` and `alternatives` are compared. Times are local wall times of the file's zone.
`day_type` is the type of the day of entry, `any` for whatever its weekday is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, StringConstraints, ValidationError, model_validator

from core.billing.language import sentence_of
from core.billing.language.faults import Fault, NotATariff, structurals
from core.billing.rules.days import Unpriceable
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled
from core.billing.rules.settlements import Circumstances, Coupon, Covered, Payment, Version, settle
from core.billing.rules.terms import CouponKind
from core.billing.rules.visits import after_visits
from core.kit.locale import _
from core.kit.moments import ms_of
from core.kit.money import Fen

WORKDAY: Final = "workday"
WEEKEND: Final = "weekend"
MOST_FEN: Final = 100_000_000
"""The most of one coupon or payment: a million yuan."""
_SATURDAY: Final = 5


class Confidence(StrEnum):
    """How sure a case is: it follows from the text, from one reading of it, or there are several results."""

    FIRM = "firm"
    ASSUMED = "assumed"
    AMBIGUOUS = "ambiguous"


class Visit(BaseModel):
    """An earlier stay of the same vehicle, which may have used up the free time of a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entry: NaiveDatetime
    exit: NaiveDatetime


class Span(BaseModel):
    """A time that a pass covers or a vehicle spent in an inner lot, [from, to)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    starts_at: Annotated[NaiveDatetime, Field(alias="from")]
    ends_at: Annotated[NaiveDatetime, Field(alias="to")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError(_("It must end after it begins."))
        return self


class Handed(BaseModel):
    """A coupon: minutes, per cent, or an amount in minor units; of one group one may count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: CouponKind
    value: Annotated[int, Field(ge=0, le=MOST_FEN)]
    group: Annotated[str, StringConstraints(max_length=40)] = ""


class Paid(BaseModel):
    """What was paid before, in minor units."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: NaiveDatetime
    minor: Annotated[int, Field(ge=0, le=MOST_FEN)]


class Case(BaseModel):
    """One stay and what is due for it, in minor units; an ambiguous one has alternatives instead."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    case_id: Annotated[str, Field(max_length=80)]
    entry: datetime
    exit: datetime
    vehicle: Annotated[str, Field(max_length=40)]
    day_type: Annotated[str, Field(max_length=40)] = "any"
    zone: Annotated[str, Field(max_length=40)] | None = None
    attrs: dict[str, bool | int | str] = {}
    earlier: tuple[Visit, ...] = ()
    passes: tuple[Span, ...] = ()
    inner_lots: tuple[Span, ...] = ()
    left_before: NaiveDatetime | None = None
    charging_ended: NaiveDatetime | None = None
    coupons: tuple[Handed, ...] = ()
    payments: tuple[Paid, ...] = ()
    expected_minor: int | None = None
    confidence: Confidence = Confidence.FIRM


class CaseFile(BaseModel):
    """A file of cases; what else it tells is for people."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    timezone: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Weekdays:
    """The calendar of a case: the day of entry has the type the case says, all others that of their weekday."""

    entry_on: date
    day_type_of_entry: str

    def day_type(self, on: date) -> str:
        """Return the type of a day."""
        if on == self.entry_on and self.day_type_of_entry != "any":
            return self.day_type_of_entry
        return WEEKEND if on.weekday() >= _SATURDAY else WORKDAY


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out otherwise; `got_fen` is None where it has no price, and `why` tells why."""

    case_id: str
    expected_fen: int
    got_fen: int | None
    why: str

    def __str__(self) -> str:
        """Return one line for people."""
        if self.got_fen is None:
            return _(
                "%(case)s: expected %(expected)s, no price: %(why)s", case=self.case_id, expected=self.expected_fen, why=self.why
            )
        return _("%(case)s: expected %(expected)s, got %(got)s", case=self.case_id, expected=self.expected_fen, got=self.got_fen)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What trying all cases showed."""

    passed_n: int
    failures: tuple[Failure, ...]
    ambiguous_n: int

    def __str__(self) -> str:
        """Return the last line of a report: the same in every language, since programs read it."""
        return f"{self.passed_n} passed, {len(self.failures)} failed, {self.ambiguous_n} ambiguous"


def read_cases(text: str) -> CaseFile:
    """
    Read a file of cases.

    Raises:
        NotATariff: it is none, with the place and the reason.
    """
    try:
        value: Any = yaml.safe_load(text)
        return CaseFile.model_validate(value)
    except ValidationError as error:
        raise NotATariff(structurals(error.errors(include_url=False))) from error
    except yaml.YAMLError as error:
        raise NotATariff([Fault("", _("This is not YAML."))]) from error


def stay_of(case: Case, zone: ZoneInfo) -> Stay:
    """Return the stay of a case, its wall times read in a zone."""
    return _stay(case, case.entry, case.exit, zone)


def _stay(case: Case, entry: datetime, leave: datetime, zone: ZoneInfo) -> Stay:
    ended_ms = None if case.charging_ended is None else _ms(case.charging_ended, zone)
    return Stay(_ms(entry, zone), _ms(leave, zone), case.vehicle, case.zone or "", case.attrs, charging_ended_ms=ended_ms)


def _ms(wall: datetime, zone: ZoneInfo) -> int:
    return ms_of(wall.replace(tzinfo=zone))


def circumstances_of(case: Case, zone: ZoneInfo) -> Circumstances:
    """Return what stands beside the times of a case; coupons are called by their number, from 1."""
    passes, inner = (
        [Covered(_ms(one.starts_at, zone), _ms(one.ends_at, zone)) for one in some] for some in (case.passes, case.inner_lots)
    )
    return Circumstances(
        covered=tuple(passes),
        inner=tuple(inner),
        coupons=tuple(Coupon(str(n), one.kind, one.value, one.group) for n, one in enumerate(case.coupons, 1)),
        payments=tuple(Payment(_ms(one.at, zone), Fen(one.minor)) for one in case.payments),
        left_before_ms=None if case.left_before is None else _ms(case.left_before, zone),
    )


def price_case(compiled: Compiled, case: Case, zone: ZoneInfo) -> int:
    """
    Return what is due for the stay of a case.

    Raises:
        Unpriceable: it has no price.
    """
    calendar = Weekdays(case.entry.date(), case.day_type)
    earlier = [_stay(case, visit.entry, visit.exit, zone) for visit in case.earlier]
    stay = after_visits(compiled, earlier, stay_of(case, zone), calendar)
    return settle([Version(0, compiled)], stay, calendar, circumstances_of(case, zone)).due_fen


def verify(compiled: Compiled, file: CaseFile) -> Verdict:
    """Price every case that has one result and compare."""
    zone = ZoneInfo(file.timezone)
    sure = [case for case in file.cases if case.expected_minor is not None]
    failures = tuple(_failures(compiled, sure, zone))
    return Verdict(len(sure) - len(failures), failures, len(file.cases) - len(sure))


def _failures(compiled: Compiled, cases: Sequence[Case], zone: ZoneInfo) -> Iterator[Failure]:
    for case in cases:
        assert case.expected_minor is not None
        try:
            got = price_case(compiled, case, zone)
        except Unpriceable as error:
            yield Failure(case.case_id, case.expected_minor, None, sentence_of(error))
        else:
            if got != case.expected_minor:
                yield Failure(case.case_id, case.expected_minor, got, "")
