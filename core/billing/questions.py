"""
Questions: what has to be known of a stay before a tariff can price it, and what somebody answered.

A question is a field of a form: times are typed as the clocks of the tariff's zone show them, amounts in the major unit of its
currency, and what a tariff asks beside stands as `attr.<name>`. An empty answer is no answer, never a no and never a nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from core.billing.assignments import VEHICLES
from core.billing.language import Tariff
from core.billing.language.parts import Attribute, Count, Flag
from core.billing.rules.days import DAY_MS
from core.billing.rules.plans import Stay, Value
from core.billing.rules.readings import Frequency
from core.billing.rules.settlements import Circumstances, Coupon, Covered, Payment
from core.billing.rules.terms import CouponKind
from core.kit.clock import city_zone
from core.kit.errors import Refused
from core.kit.locale import Lazy, Text, _, _l
from core.kit.moments import ms_of
from core.kit.money import Fen

MOST_DAYS: Final = 400
"""Longest stay that is asked about, in days."""
MOST_BESIDE: Final = 4
"""Of each of what may count several times."""
_FIRST: Final = time(9)
_USUAL: Final = timedelta(hours=2)
_MOST: Final = 1_000_000
_WORD: Final = 40
COUPONS: Final[Mapping[CouponKind, Lazy]] = {
    CouponKind.MINUTES: _l("Minutes off"),
    CouponKind.PERCENT: _l("Per cent off"),
    CouponKind.AMOUNT: _l("Amount off"),
}


class Several(StrEnum):
    """What may count several times beside a stay; in an address the number of each stands under its name."""

    PASS = "passes"  # noqa: S105  # a paper that lets one park
    INNER = "inner_lots"
    VISIT = "earlier"
    COUPON = "coupons"
    PAYMENT = "pays"

    @property
    def one(self) -> str:
        """Return how the names of the fields of one of them begin."""
        return _ONE[self]

    @property
    def words(self) -> tuple[Lazy, Lazy]:
        """Return what adds one, and what one of them is called."""
        return _WORDS[self]


_ONE: Final[Mapping[Several, str]] = {
    Several.PASS: "pass", Several.INNER: "inner", Several.VISIT: "visit", Several.COUPON: "coupon", Several.PAYMENT: "pay",
}  # fmt: skip
_WORDS: Final[Mapping[Several, tuple[Lazy, Lazy]]] = {
    Several.PASS: (_l("＋ Pass"), _l("Pass %(n)s")),
    Several.INNER: (_l("＋ Inner lot"), _l("Inner lot %(n)s")),
    Several.VISIT: (_l("＋ Earlier visit"), _l("Earlier visit %(n)s")),
    Several.COUPON: (_l("＋ Coupon"), _l("Coupon %(n)s")),
    Several.PAYMENT: (_l("＋ Payment"), _l("Payment %(n)s")),
}
_SPANS: Final[Mapping[Several, tuple[Lazy, Lazy]]] = {
    Several.PASS: (_l("Covers from"), _l("Covers until")),
    Several.INNER: (_l("Drove in"), _l("Drove out")),
    Several.VISIT: (_l("Arrived"), _l("Left")),
}
SAID: Final[Mapping[Several, str]] = {
    Several.PASS: "passes", Several.INNER: "nested", Several.COUPON: "coupons", Several.PAYMENT: "after_payment",
}  # fmt: skip
"""The part of a tariff that says how each counts; how earlier visits do, each free time says."""
Counts = Mapping[Several, int]


class Misread(Refused):
    """Some answers cannot be read; `faults` says at which field, and what to do."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Keep all of them; the message is the first."""
        self.faults = dict(faults)
        super().__init__(next(iter(self.faults.values())))


@dataclass(frozen=True, slots=True)
class Question:
    """A field: its group is `what`, `when`, `more` or `beside`, its kind choice, moment, number, money or text."""

    name: str
    label: Text
    kind: str
    group: str
    hint: Text = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed so far: answers by the names of their fields, and how many there are of what may count several times."""

    answers: Mapping[str, str]
    counts: Counts

    @classmethod
    def of(cls, told: Mapping[str, Any], *, at: datetime) -> "Asked":  # JSON
        """Read what a form sent; a stay that is not said begins this morning and takes two hours."""
        typed = {str(name): str(value) for name, value in (told.get("values") or {}).items() if value is not None}
        typed["by"] = typed.get("by") or ("site" if typed.get("site") else "tariff")
        begins = datetime.combine(at.astimezone(city_zone()).date(), _FIRST)
        entered = wall(typed.get("entry", ""), city_zone()) or begins
        for name, usual in (("entry", begins), ("exit", entered + _USUAL)):
            typed[name] = as_wall(typed.get(name, ""), city_zone()) or f"{usual:%Y-%m-%d %H:%M}"
        numbers = {one: str(told.get(one, typed.get(one, ""))) for one in Several}
        return cls(typed, {one: min(int(n), MOST_BESIDE) if n.isdecimal() else 0 for one, n in numbers.items()})


@dataclass(frozen=True, slots=True)
class Answers:
    """A stay, what stands beside its times, and earlier visits of the same vehicle in the order they began."""

    stay: Stay
    beside: Circumstances
    earlier: tuple[Stay, ...] = ()


def of_tariff(tariff: Tariff, *, has_zone: bool) -> Iterator[Question]:
    """Ask what a tariff asks: the class, the zone where it is not known, its attributes, and what single plans need."""
    classes = tuple((name, str(VEHICLES.get(name, name))) for name in tariff.vehicles)
    yield Question("vehicle", _l("Vehicle"), "choice", "what", options=classes, is_needed=True)
    if tariff.zones and not has_zone:
        zones = tuple((name, name) for name in tariff.zones)
        yield Question("zone", _l("Zone of the tariff"), "choice", "what", options=zones, is_needed=True)
    for name, asked in tariff.attributes.items():
        yield _attribute(name, asked)
    if any(plan.idle for plan in tariff.plans):
        yield Question("charging_ended", _l("Charging ended"), "moment", "more", _l("Empty: it did not charge, or charges still."))
    if tariff.no_return is not None:
        yield Question("left_before", _l("Left the time before"), "moment", "more", _l("Empty: it was not here before."))


def _attribute(name: str, asked: Attribute) -> Question:
    known = asked.absent is not None
    hint = _l("Nobody says: %(value)s", value=_shown(asked.absent)) if asked.absent is not None else ""
    if isinstance(asked, Count):
        return Question(f"attr.{name}", name, "number", "what", hint, is_needed=not known)
    values = (("true", _("Yes")), ("false", _("No"))) if isinstance(asked, Flag) else tuple((each, each) for each in asked.values)
    return Question(f"attr.{name}", name, "choice", "what", hint, options=values, is_needed=not known)


def _shown(value: Value) -> str:
    return (_("Yes") if value else _("No")) if isinstance(value, bool) else str(value)


def several_of(tariff: Tariff) -> tuple[Several, ...]:
    """Return what a tariff lets count beside a stay, of what may count several times."""
    is_once = any(free.frequency is Frequency.ONCE_A_DAY for plan in tariff.plans for free in plan.free)
    return tuple(one for one in Several if (getattr(tariff, SAID[one]) is not None if one in SAID else is_once))


def silent_of(tariff: Tariff) -> tuple[str, ...]:
    """Return the parts that a tariff leaves out, so that passes, inner lots, coupons or early payments cannot be counted."""
    return tuple(part for part in SAID.values() if getattr(tariff, part) is None)


def beside(counts: Counts, *, unit: str) -> Iterator[Question]:
    """Ask for so many of each of what may count several times."""
    kinds = tuple((kind.value, str(word)) for kind, word in COUPONS.items())
    for several in Several:
        for n in range(counts.get(several, 0)):
            name = f"{several.one}.{n}"
            if several in _SPANS:
                first, last = _SPANS[several]
                yield Question(f"{name}.from", first, "moment", "beside", is_needed=True)
                yield Question(f"{name}.to", last, "moment", "beside", is_needed=True)
            elif several is Several.PAYMENT:
                yield Question(f"{name}.at", _l("Paid at"), "moment", "beside", is_needed=True)
                yield Question(f"{name}.fen", _l("Paid"), "money", "beside", unit=unit, is_needed=True)
            else:
                yield Question(f"{name}.kind", _l("Coupon"), "choice", "beside", options=kinds, is_needed=True)
                yield Question(f"{name}.value", _l("How much"), "number", "beside", is_needed=True)
                yield Question(f"{name}.group", _l("Coupons of one kind"), "text", "beside")


def read(tariff: Tariff, answers: Mapping[str, str], *, zone: str, counts: Counts) -> Answers:
    """
    Return the stay that was described.

    Raises:
        Misread: something is missing or cannot be read.
    """
    form = _Form(answers, ZoneInfo(tariff.time_zone), get_currency_precision(tariff.currency))
    entry, leave = form.moment("entry"), form.moment("exit")
    if entry is not None and leave is not None and leave - entry > MOST_DAYS * DAY_MS:
        form.faults["exit"] = _("At most %(n)s days.", n=MOST_DAYS)
    stay = Stay(
        entry or 0,
        leave or 0,
        form.one_of("vehicle", tariff.vehicles),
        zone or (form.one_of("zone", tariff.zones) if tariff.zones else ""),
        dict(form.attributes(tariff)),
        charging_ended_ms=form.moment("charging_ended", is_needed=False),
    )
    told = _beside(form, counts, (stay.entry_ms, stay.exit_ms))
    visits = form.spans(Several.VISIT, counts, within=(0, stay.entry_ms))
    if form.faults:
        raise Misread(form.faults)
    return Answers(stay, told, tuple(Stay(*visit, stay.vehicle, stay.zone, stay.attrs) for visit in visits))


def _beside(form: "_Form", counts: Counts, stay: tuple[int, int]) -> Circumstances:
    pay_n, coupon_n = counts.get(Several.PAYMENT, 0), counts.get(Several.COUPON, 0)
    return Circumstances(
        covered=tuple(Covered(*span) for span in form.spans(Several.PASS, counts)),
        coupons=tuple(form.coupon(n) for n in range(coupon_n)),
        payments=tuple(Payment(form.moment(f"pay.{n}.at") or 0, Fen(form.amount(f"pay.{n}.fen"))) for n in range(pay_n)),
        left_before_ms=form.moment("left_before", is_needed=False),
        inner=tuple(Covered(*span) for span in form.spans(Several.INNER, counts, within=stay)),
    )


def instant(text: str, zone: ZoneInfo) -> int | None:
    """Return the instant of a wall time of a zone, such as `2026-11-20 08:00`, in milliseconds; None where it is none."""
    try:
        wall = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return ms_of(wall if wall.tzinfo else wall.replace(tzinfo=zone))


def wall(text: str, zone: ZoneInfo) -> datetime | None:
    """Return a time as the clocks of a zone show it, without its zone; an address may name an instant with its offset."""
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return told.astimezone(zone).replace(tzinfo=None) if told.tzinfo else told


def as_wall(text: str, zone: ZoneInfo) -> str:
    """Return what was typed as it is, and an instant of an address as the clocks of a zone show it."""
    found = wall(text, zone)
    is_instant = found is not None and datetime.fromisoformat(text.strip()).tzinfo is not None
    return f"{found:%Y-%m-%d %H:%M:%S}" if is_instant else text


class _Form:
    """Answers on their way into a stay; each fault stands at its field."""

    def __init__(self, answers: Mapping[str, str], zone: ZoneInfo, places: int) -> None:
        self._answers, self._zone, self._places = answers, zone, places
        self.faults: dict[str, str] = {}

    def _text(self, name: str, *, is_needed: bool = True) -> str:
        text = self._answers.get(name, "").strip()
        if not text and is_needed:
            self.faults[name] = _("This is needed.")
        return text

    def moment(self, name: str, *, is_needed: bool = True) -> int | None:
        text = self._text(name, is_needed=is_needed)
        found = instant(text, self._zone) if text else None
        if text and found is None:
            self.faults[name] = _("Write day and time, such as 2026-11-20 08:00.")
        return found

    def one_of(self, name: str, known: Sequence[str]) -> str:
        text = self._text(name)
        if text and text not in known:
            self.faults[name] = _("Choose one of the list.")
        return text

    def number(self, name: str, *, is_needed: bool = True, places: int = 0) -> int | None:
        """Return a number without its places: 12.50 with two of them is 1250."""
        text = self._text(name, is_needed=is_needed)
        if not text:
            return None
        try:
            found = Decimal(text.replace(",", "")).scaleb(places)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or found != found.to_integral_value() or not 0 <= found <= _MOST * 10**places:
            self.faults[name] = _("A number is needed.")
            return None
        return int(found)

    def amount(self, name: str) -> int:
        return self.number(name, places=self._places) or 0

    def attributes(self, tariff: Tariff) -> Iterator[tuple[str, Value]]:
        for name, asked in tariff.attributes.items():
            field, is_needed = f"attr.{name}", asked.absent is None
            if isinstance(asked, Count):
                number = self.number(field, is_needed=is_needed)
                if number is not None:
                    yield name, number
                continue
            text = self._text(field, is_needed=is_needed)
            if text and text not in (("true", "false") if isinstance(asked, Flag) else asked.values):
                self.faults[field] = _("Choose one of the list.")
            elif text:
                yield name, text == "true" if isinstance(asked, Flag) else text

    def spans(self, several: Several, counts: Counts, *, within: tuple[int, int] | None = None) -> list[tuple[int, int]]:
        """Read so many times, [from, to), in order, apart from each other, and within another one."""
        found: list[tuple[int, int]] = []
        for n in range(counts.get(several, 0)):
            names = [f"{several.one}.{n}.{edge}" for edge in ("from", "to")]
            first, last = (self.moment(name) for name in names)
            if first is None or last is None:
                continue
            if last <= first:
                self.faults[names[1]] = _("It must end after it begins.")
            elif within is not None and not within[0] <= first < last <= within[1]:
                said = _("It must end before this stay begins.") if several is Several.VISIT else _("It must lie within the stay.")
                self.faults[names[1]] = said
            elif any(first < to_ms and from_ms < last for from_ms, to_ms in found):
                self.faults[names[0]] = _("It overlaps another one.")
            else:
                found.append((first, last))
        return sorted(found)

    def coupon(self, n: int) -> Coupon:
        kind = self.one_of(f"coupon.{n}.kind", tuple(CouponKind)) or CouponKind.AMOUNT
        name = f"coupon.{n}.value"
        value = self.amount(name) if kind == CouponKind.AMOUNT else self.number(name) or 0
        group = self._text(f"coupon.{n}.group", is_needed=False)[:_WORD]
        return Coupon(str(n + 1), CouponKind(kind) if kind in set(CouponKind) else CouponKind.AMOUNT, value, group)
