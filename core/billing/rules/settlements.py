"""
Settlements: what is still to pay for a stay after passes, coupons, earlier payments and a change of tariff.

Each of them follows what the tariff says; where it does not say, nothing is settled. Amounts are whole fen, instants ms.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar

from core.billing.rules.days import MINUTE_MS, Calendar
from core.billing.rules.plans import FOREVER, Pause, Stay
from core.billing.rules.pricing import Charge, Compiled, Line, Note, charge
from core.billing.rules.terms import (
    AfterPayment,
    CouponKind,
    Coupons,
    CouponStack,
    Ends,
    GracePolicy,
    Nested,
    OnChange,
    PassEdge,
    Terms,
    Unsettled,
)
from core.kit.money import Fen

_T = TypeVar("_T")
_PERCENT: Final = 100
_AHEAD_MS: Final = 32 * 86_400_000
_FIRST_STEP_MS: Final = 60_000
_GROSS: Final = attrgetter("gross_fen")
_OF: Final = ":"
"""Stands between the number of a later version and the path of a rule in it, as in `2:plans.0.bands.1`."""


class Coupon(NamedTuple):
    """What somebody hands in: so many minutes, so much per cent or so many fen off. Of a group one may count."""

    code: str
    kind: CouponKind
    value: int
    group: str = ""


class Covered(NamedTuple):
    """A time that a pass covers, [from, to)."""

    from_ms: int
    to_ms: int


class Payment(NamedTuple):
    """What was paid before, and when."""

    at_ms: int
    fen: Fen


class Discount(NamedTuple):
    """What a coupon takes off; what it could not is not used and not paid back."""

    code: str
    kind: CouponKind
    fen: Fen
    unused: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What stands beside the times of a stay: passes, coupons, payments, when the vehicle left before, inner lots."""

    covered: tuple[Covered, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    payments: tuple[Payment, ...] = ()
    left_before_ms: int | None = None
    inner: tuple[Covered, ...] = ()


NOTHING: Final = Circumstances()


class Price(NamedTuple):
    """
    What a stay costs and what is still due.

    Lines add up to `gross_fen`; without discounts it is `net_fen`; without what was paid, `due_fen`. The price changes first
    at `changes_at_ms`; None: not within a month.
    """

    gross_fen: Fen
    lines: tuple[Line, ...]
    discounts: tuple[Discount, ...]
    net_fen: Fen
    paid_fen: Fen
    due_fen: Fen
    notes: tuple[Note, ...]
    changes_at_ms: int | None


class Version(NamedTuple):
    """
    A version of a tariff and from when it holds.

    Args:
        from_ms: since when; of the first one only that it holds at entry counts.
        compiled: its rules.
        calendar: the days in its own words; None: those given beside the stay.
        zone: which of its zones the place is; None: that of the stay.
        on_change: what it means to who came while it held that another one begins, where its text does not say.
    """

    from_ms: int
    compiled: Compiled
    calendar: Calendar | None = None
    zone: str | None = None
    on_change: OnChange | None = None


def price(versions: Sequence[Version], stay: Stay, calendar: Calendar, beside: Circumstances = NOTHING) -> Price:
    """
    Return what a stay costs, what is still due, and when that changes next.

    Versions come in the order they hold; the first one holds at entry.

    Raises:
        Unpriceable: the stay has no price.
        Unsettled: the tariff does not say how a coupon, a pass, an early payment or a change of tariff counts.
    """
    case = _Case(versions, stay, calendar, beside)
    changes = next_change(lambda at_ms: _settle(case._replace(stay=replace(stay, exit_ms=at_ms))).due_fen, stay.exit_ms)
    return _settle(case)._replace(changes_at_ms=changes)


def settle(versions: Sequence[Version], stay: Stay, calendar: Calendar, beside: Circumstances = NOTHING) -> Price:
    """
    Return the same as `price`, but do not look when it changes: for a stay that has ended.

    Raises:
        Unpriceable, Unsettled: as there.
    """
    return _settle(_Case(versions, stay, calendar, beside))


def next_change(due_at: Callable[[int], int], from_ms: int) -> int | None:
    """
    Return the first instant after another at which an amount is not what it was; None: the same for a month.

    Steps double until it differs, then the step is halved down to the millisecond.
    """
    now, step = due_at(from_ms), _FIRST_STEP_MS
    same, other = from_ms, from_ms + step
    while due_at(other) == now:
        same, step = other, step * 2
        other = same + step
        if other - from_ms > _AHEAD_MS:
            return None
    while other - same > 1:
        between = (same + other) // 2
        same, other = (between, other) if due_at(between) == now else (same, between)
    return other


class _Case(NamedTuple):
    """A stay with everything that bears on it."""

    versions: Sequence[Version]
    stay: Stay
    calendar: Calendar
    beside: Circumstances

    @property
    def terms(self) -> Terms:
        """Return what the tariff that holds at entry says."""
        return self.versions[0].compiled.terms


def _settle(case: _Case) -> Price:
    """Settle everything but the next change."""
    case, notes = _after_return(case)
    payments = tuple(sorted(case.beside.payments))
    charged = _charged_at(case, case.stay.exit_ms, payments)
    discounts = _discounts(case, charged.gross_fen, case.stay.exit_ms)
    net = charged.gross_fen - sum(discount.fen for discount in discounts)
    paid = sum(payment.fen for payment in payments)
    due = Fen(max(0, net - paid))
    return Price(charged.gross_fen, charged.lines, discounts, Fen(net), Fen(paid), due, charged.notes + notes, None)


def _said(setting: _T | None, name: str) -> _T:
    """Return what the tariff says about something."""
    if setting is None:
        raise Unsettled(name)
    return setting


def _after_return(case: _Case) -> tuple[_Case, tuple[Note, ...]]:
    """Look whether the vehicle came back too soon, and what follows."""
    rule, left_ms = case.terms.no_return, case.beside.left_before_ms
    if rule is None or left_ms is None or case.stay.entry_ms - left_ms >= rule.ms:
        return case, ()
    stay = case.stay if rule.is_told_only else replace(case.stay, has_free_time=False)
    return case._replace(stay=stay), (Note.TOO_SOON,)


# Paying early


def _charged_at(case: _Case, at_ms: int, payments: tuple[Payment, ...]) -> Charge:
    """Return what leaving at an instant costs after payments: each that settled everything gives grace, and may begin anew."""
    for number in range(len(payments) - 1, -1, -1):
        paid_at = max(payments[number].at_ms, case.stay.entry_ms)
        if paid_at > at_ms:
            continue
        after = _said(case.terms.after_payment, "after_payment")
        before = _charged_at(case, paid_at, payments[:number])
        owed = before.gross_fen - sum(discount.fen for discount in _discounts(case, before.gross_fen, paid_at))
        if sum(payment.fen for payment in payments[: number + 1]) < owed:
            continue
        if at_ms <= paid_at + after.grace_ms:
            return before
        if after.policy is GracePolicy.RE_QUOTE_FROM_ENTRY:
            break
        return _joined(before, _longer(case, after, paid_at, at_ms))
    return _full(case, replace(case.stay, exit_ms=at_ms))


def _longer(case: _Case, after: AfterPayment, from_ms: int, to_ms: int) -> Charge:
    """Charge what comes after a payment: whole units, or a stay of its own."""
    if after.policy is GracePolicy.NEW_STAY:
        return _full(case, replace(case.stay, entry_ms=from_ms, exit_ms=to_ms))
    unit_n = -((from_ms - to_ms) // after.unit_ms)
    fen = unit_n * after.unit_fen
    line = Line(from_ms, to_ms, "extension", unit_n, after.unit_ms, after.unit_fen, "after_payment", fen, fen)
    return Charge(Fen(fen), (line,), ())


def _joined(one: Charge, other: Charge) -> Charge:
    return Charge(Fen(one.gross_fen + other.gross_fen), one.lines + other.lines, one.notes + other.notes)


# Passes, inner lots and changes of tariff


def _full(case: _Case, stay: Stay) -> Charge:
    """Charge a stay, as far as no pass covers it and no inner lot has it."""
    covered, inner = _within(case.beside.covered, stay), _within(case.beside.inner, stay)
    pauses: list[Pause] = []
    if covered:
        passes = _said(case.terms.passes, "passes")
        if passes.edge is PassEdge.WHOLE_STAY_COVERED or covers(covered, stay):
            return Charge(Fen(0), (), ())
        if passes.edge is PassEdge.UNCOVERED_MINUTES_ONLY:
            pauses += _pauses(covered, "pass")
            stay = stay if passes.has_free_time else replace(stay, has_free_time=False)
    if inner:
        nested = _said(case.terms.nested, "nested")
        if nested is Nested.EXCLUSIVE:
            return Charge(Fen(0), (), ())
        if nested is Nested.OUTER_PAUSED:
            pauses += _pauses([part for span in inner for part in _apart(span, pauses)], "inner")
    return _over_versions(case, replace(stay, pauses=(*stay.pauses, *pauses)))


def _within(spans: Sequence[Covered], stay: Stay) -> list[Covered]:
    return [span for span in spans if span.from_ms < stay.exit_ms and stay.entry_ms < span.to_ms]


def _pauses(spans: Sequence[Covered], name: str) -> list[Pause]:
    return [Pause(span.from_ms, span.to_ms, name, is_counted=False, is_stay=False) for span in spans]


def _apart(span: Covered, pauses: Sequence[Pause]) -> Iterator[Covered]:
    """Return the parts of a time that lie in none of the pauses."""
    at_ms = span.from_ms
    for pause in sorted(pauses):
        if at_ms < pause.from_ms < span.to_ms:
            yield Covered(at_ms, pause.from_ms)
        if pause.from_ms < span.to_ms:
            at_ms = max(at_ms, pause.to_ms)
    if at_ms < span.to_ms:
        yield Covered(at_ms, span.to_ms)


def covers(covered: Sequence[Covered], stay: Stay) -> bool:
    """Say whether passes cover a whole stay together."""
    at = stay.entry_ms
    for span in sorted(covered):
        if span.from_ms > at:
            return False
        at = max(at, span.to_ms)
    return at >= stay.exit_ms


def _over_versions(case: _Case, stay: Stay) -> Charge:
    """Charge a stay, or a part of it, by the version that held at entry, or by several as that one says."""
    came_ms = case.stay.entry_ms
    later = [number for number, version in enumerate(case.versions) if number and came_ms < version.from_ms < stay.exit_ms]
    if not later:
        return _by(case, 0, stay)
    policy = _said(case.terms.on_change or case.versions[0].on_change, "on_change")
    if policy is OnChange.PIN_AT_ENTRY:
        return _by(case, 0, stay)
    if policy is OnChange.CHEAPER_OF_BOTH:
        return min((_by(case, number, stay) for number in (0, *later)), key=_GROSS)
    begins = (min(came_ms, stay.entry_ms), *(case.versions[number].from_ms for number in later))
    spans = [span for span in zip((0, *later), begins, (*begins[1:], FOREVER), strict=True) if span[2] > stay.entry_ms]
    cuts = tuple(from_ms for _number, from_ms, _to_ms in spans[1:])
    lines: list[Line] = []
    notes: tuple[Note, ...] = ()
    for number, from_ms, to_ms in spans:
        part = _by(case, number, stay, cuts)
        lines += [line for line in part.lines if from_ms <= line.from_ms < to_ms]
        notes += tuple(note for note in part.notes if note not in notes)
    return Charge(Fen(sum(line.fen for line in lines)), tuple(lines), notes)


def _by(case: _Case, number: int, stay: Stay, cuts: tuple[int, ...] = ()) -> Charge:
    """Charge a stay by one version; the lines of a later one tell its number."""
    version = case.versions[number]
    told = stay if version.zone in (None, stay.zone) else replace(stay, zone=version.zone)
    charged = charge(version.compiled, told, version.calendar or case.calendar, cuts=cuts)
    if not number:
        return charged
    return charged._replace(lines=tuple(line._replace(rule=f"{number + 1}{_OF}{line.rule}") for line in charged.lines))


def version_of_line(line: Line) -> tuple[int, Line]:
    """Return the number of the version, from 0, that priced a line, and the line with the path of its rule in that version."""
    number, _of, rule = line.rule.partition(_OF)
    return (int(number) - 1, line._replace(rule=rule)) if number.isdecimal() else (0, line)


# Coupons


def _discounts(case: _Case, gross: int, at_ms: int) -> tuple[Discount, ...]:
    """Return what coupons take off an amount, in the order of the tariff, down to the least that is paid."""
    if not case.beside.coupons:
        return ()
    rule = _said(case.terms.coupons, "coupons")
    chosen = _chosen(rule, [(_worth(case, rule, coupon, gross, gross, at_ms), coupon) for coupon in case.beside.coupons])
    left = gross
    discounts = []
    for coupon in sorted(chosen, key=lambda each: (rule.order.index(each.kind), each.code)):
        worth = _worth(case, rule, coupon, gross, left, at_ms)
        taken = max(0, min(worth, left - rule.floor_fen))
        unused = coupon.value - taken if coupon.kind is CouponKind.AMOUNT else 0
        discounts.append(Discount(coupon.code, coupon.kind, Fen(taken), unused))
        left -= taken
    return tuple(discounts)


def _chosen(rule: Coupons, worths: list[tuple[int, Coupon]]) -> list[Coupon]:
    """Choose the coupons that count: all, or the best one of each group, or the best of all."""
    if rule.stack is CouponStack.ALL:
        return [coupon for _worth_fen, coupon in worths]
    best: dict[str, tuple[int, Coupon]] = {}
    for worth, coupon in sorted(worths, key=lambda each: (-each[0], each[1].code)):
        best.setdefault("" if rule.stack is CouponStack.ONE else coupon.group or coupon.kind, (worth, coupon))
    return [coupon for _worth_fen, coupon in best.values()]


def _worth(case: _Case, rule: Coupons, coupon: Coupon, gross: int, left: int, at_ms: int) -> int:
    """Return what a coupon would take off, if nothing held it up."""
    if coupon.kind is CouponKind.AMOUNT:
        return coupon.value
    if coupon.kind is CouponKind.PERCENT:
        return (2 * left * min(coupon.value, _PERCENT) + _PERCENT) // (2 * _PERCENT)
    stay = replace(case.stay, exit_ms=at_ms)
    taken_ms = min(coupon.value * MINUTE_MS, at_ms - stay.entry_ms)
    from_ms = stay.entry_ms if rule.minutes_from is Ends.HEAD else at_ms - taken_ms
    pause = Pause(from_ms, from_ms + taken_ms, coupon.code, is_counted=True, is_stay=True)
    return max(0, gross - _full(case, replace(stay, pauses=(pause,))).gross_fen)
