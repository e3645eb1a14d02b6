"""
Phrases: what a tariff made ready says, in the words of its reader: prices, free times, caps, kinds of days, lengths.

Amounts are whole minor units of a currency and are written with its places. A name that the tariff gave itself stays as it is.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from babel.dates import format_date
from babel.numbers import get_currency_precision

from core.billing.rules.days import MINUTE_MS, Kind, Weekday
from core.billing.rules.plans import FOREVER, AfterMax, Cap, Factor, Free, MaxStay, Period
from core.billing.rules.pricing import Line
from core.billing.rules.readings import Each, FreeKind, Frequency, Of, Rounding
from core.billing.rules.variants import ReadyBand, ReadyRate, Variant
from core.kit.locale import Lazy, _, _l, current

_DAYS_FROM: Final = 2
"""From so many days on a length is told in days."""
_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V", bound=Hashable)

DAY_TYPES: Final[Mapping[str, Lazy]] = {
    "workday": _l("Working day"),
    "working": _l("Working day"),
    "swapped_working": _l("Swapped working day"),
    "weekend": _l("Weekend"),
    "holiday": _l("Holiday"),
    "short_holiday": _l("Short holiday"),
    "long_holiday": _l("Long holiday"),
    "golden_week": _l("Long holiday"),
    "day": _l("Every day"),
}
"""What people call the kinds of days whose names are usual in tariffs."""
WEEKDAYS: Final[Mapping[Weekday, Lazy]] = {
    Weekday.MON: _l("Mon"),
    Weekday.TUE: _l("Tue"),
    Weekday.WED: _l("Wed"),
    Weekday.THU: _l("Thu"),
    Weekday.FRI: _l("Fri"),
    Weekday.SAT: _l("Sat"),
    Weekday.SUN: _l("Sun"),
}
_DAY_TYPES: Final[Mapping[str, Lazy]] = {
    "workday": _l("working days"),
    "working": _l("working days"),
    "swapped_working": _l("swapped working days"),
    "weekend": _l("days of the weekend"),
    "holiday": _l("holidays"),
    "short_holiday": _l("short holidays"),
    "long_holiday": _l("long holidays"),
    "golden_week": _l("long holidays"),
}
_WEEKDAYS: Final[Mapping[Weekday, Lazy]] = {
    Weekday.MON: _l("Mondays"),
    Weekday.TUE: _l("Tuesdays"),
    Weekday.WED: _l("Wednesdays"),
    Weekday.THU: _l("Thursdays"),
    Weekday.FRI: _l("Fridays"),
    Weekday.SAT: _l("Saturdays"),
    Weekday.SUN: _l("Sundays"),
}
"""The same, of several days."""
_EACH: Final[Mapping[Each, Lazy]] = {
    Each.STAY: _l("a stay"),
    Each.PERIOD: _l("a period"),
    Each.DAY: _l("a day"),
    Each.VISIT: _l("each time in the band"),
}
_BESIDE: Final[Mapping[str, Lazy]] = {
    "pass": _l("Covered by a pass"),
    "inner": _l("In an inner lot"),
    "extension": _l("Longer than paid"),
    "max_stay": _l("Over the longest stay"),
    "idle": _l("Charging ended"),
}
"""What the engine calls lines that no band has."""
_PATHS: Final[Mapping[str, str]] = {"pass": "passes", "inner": "nested", "after_payment": "after_payment"}
_ROUNDINGS: Final[Mapping[Rounding, Lazy]] = {
    Rounding.UP: _l("a begun unit counts"),
    Rounding.DOWN: _l("only full units count"),
    Rounding.NEAREST: _l("from half a unit on it counts"),
    Rounding.EXACT: _l("to the second"),
}


def amount(minor: int, currency: str) -> str:
    """Return an amount with the places of its currency, thousands grouped: 1250 fen are `12.50`."""
    places = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-places):,.{places}f}".replace("-", "−")


def length(ms: int) -> str:
    """Return a length of time in words, to the second: `1 h 15 min`."""
    seconds = ms // 1_000
    minutes, left_s = divmod(seconds, 60)
    hours, left_min = divmod(minutes, 60)
    days, left_h = divmod(hours, 24)
    if days >= _DAYS_FROM and not left_min and not left_s:
        return _("%(d)s d %(h)s h", d=days, h=left_h) if left_h else _("%(n)s d", n=days)
    parts = [_("%(n)s h", n=hours)] if hours else []
    parts += [_("%(n)s min", n=left_min)] if left_min else []
    parts += [_("%(n)s s", n=left_s)] if left_s or not parts else []
    return " ".join(parts)


def clock(minute: int) -> str:
    """Return a minute of the day as a clock shows it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def day_type(name: str) -> str:
    """Return what people call a kind of day; its own name where that is unusual."""
    return str(DAY_TYPES.get(name, name))


def day(on: date) -> str:
    """Return a date as its reader writes it: `Nov 23, 2026`."""
    return format_date(on, locale=current())


# Kinds of days


def days(day_type: str, weekday: Weekday) -> str:
    """Say which days are of a type and a weekday: `Mondays that are working days`."""
    weekdays = str(_WEEKDAYS[weekday])
    if day_type == "day":
        return weekdays
    return _("%(weekdays)s that are %(kind)s", weekdays=weekdays, kind=_DAY_TYPES.get(day_type, day_type))


def kinds(some: Sequence[Kind], every: Sequence[Kind]) -> str:
    """Say which of all kinds of days some are: by type, then by weekday and season where these make a difference."""
    by_type = {
        kind.day_type: frozenset((one.weekday, one.month_day) for one in some if one.day_type == kind.day_type) for kind in some
    }
    all_types = {kind.day_type for kind in every}
    said = []
    for types, pairs in _merged(by_type):
        by_weekday = {weekday: frozenset(on for other, on in pairs if other == weekday) for weekday, _on in sorted(pairs)}
        words = [] if set(types) == all_types else [" / ".join(dict.fromkeys(map(day_type, types)))]
        for weekdays, dates in _merged(by_weekday):
            box = [*words, *_weekdays(weekdays, every), *_seasons(dates, every)]
            said.append(" · ".join(box) or _("Every day"))
    return "; ".join(said)


def _merged(values: Mapping[_K, _V]) -> list[tuple[tuple[_K, ...], _V]]:
    """Put together what has the same value, in order."""
    found: dict[_V, list[_K]] = {}
    for key, value in values.items():
        found.setdefault(value, []).append(key)
    return [(tuple(keys), value) for value, keys in found.items()]


def _weekdays(some: Sequence[Weekday], every: Sequence[Kind]) -> Iterator[str]:
    if len(some) == len({kind.weekday for kind in every}):
        return
    numbers = sorted(map(list(Weekday).index, some))
    names = [str(WEEKDAYS[list(Weekday)[number]]) for number in numbers]
    is_run = len(names) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1  # three and more that follow each other
    yield f"{names[0]}–{names[-1]}" if is_run else ", ".join(names)


def _seasons(some: frozenset[int], every: Sequence[Kind]) -> Iterator[str]:
    """Name the seasons that begin on some days; each lasts until the next one begins."""
    begins = sorted({kind.month_day for kind in every})
    if len(some) == len(begins):
        return
    spans = [(begin, begins[(number + 1) % len(begins)]) for number, begin in enumerate(begins) if begin in some]
    yield ", ".join(_("%(first)s until %(end)s", first=_month_day(first), end=_month_day(end)) for first, end in spans)


def _month_day(number: int) -> str:
    return f"{number // 100:02}-{number % 100:02}"


# Prices


def prices(band: ReadyBand, currency: str) -> tuple[str, ...]:
    """Say what a band costs, tier by tier."""
    if band.is_forbidden:
        return (_("Nobody may park"),)
    if not band.rates:
        return (_("Free of charge"),)
    if len(band.rates) == 1:
        return tuple(_rate(band.rates[0], currency))
    return (_("The cheapest of"), *("; ".join(_rate(rate, currency)) for rate in band.rates))


def _rate(rate: ReadyRate, currency: str) -> Iterator[str]:
    total = 0
    for tier in rate.tiers:
        is_last = tier is rate.tiers[-1]
        if rate.is_on_grid and tier.until_ms - tier.from_ms == tier.unit_ms:
            total += tier.fen
            yield _("up to %(length)s: %(money)s", length=length(tier.until_ms), money=amount(total, currency))
            continue
        if tier.unit_ms >= FOREVER:
            money = amount(total + tier.fen, currency)
            yield _("longer: %(money)s", money=money) if tier.from_ms else _("%(money)s once", money=money)
            continue
        price = _("%(money)s per %(length)s", money=amount(tier.fen, currency), length=length(tier.unit_ms))
        if not is_last and not tier.from_ms:
            price = _("first %(length)s: %(price)s", length=length(tier.until_ms), price=price)
        elif not is_last:
            price = _("up to %(length)s: %(price)s", length=length(tier.until_ms), price=price)
        elif tier.from_ms:
            price = _("then %(price)s", price=price)
        yield price
    if any(tier.unit_ms < FOREVER for tier in rate.tiers) and not rate.is_on_grid:
        yield str(_ROUNDINGS[rate.rounding])


def counted(line: Line, currency: str) -> str:
    """Say how a line of a price was counted: so many units at a price, once, by the exact time, or free."""
    if not line.unit_ms:
        return _("Free of charge") if not line.before_fen else _("%(money)s once", money=amount(line.unit_fen, currency))
    money, unit = amount(line.unit_fen, currency), length(line.unit_ms) if line.unit_ms < FOREVER else ""
    if not unit:
        return _("%(money)s once", money=money)
    if line.unit_n or not line.before_fen:
        return _("%(n)s × %(money)s per %(length)s", n=line.unit_n, money=money, length=unit)
    return _("%(money)s per %(length)s, to the second", money=money, length=unit)


def band(line: Line) -> str:
    """Return what a line is called: the name that the tariff gave its band, or what it is where it stands beside the bands."""
    rule = line.rule.rpartition(":")[2]  # before it the version, where several have priced the stay
    is_beside = rule in _PATHS or f".{line.band}." in rule
    return str(_BESIDE.get(line.band, line.band)) if is_beside else line.band


def path(line: Line) -> str:
    """Return where the tariff says what a line charges, as a path in it."""
    return _PATHS.get(line.rule, line.rule)


def told(line: Line, currency: str) -> str:
    """Say what a line is for, beside its times: its band, how it was counted, and whether a cap took some of it."""
    is_older = line.unit_n > 0 and not line.unit_ms  # kept before the price of a unit was
    said = _("%(n)s units", n=line.unit_n) if is_older else counted(line, currency)
    capped = _("capped from %(money)s", money=amount(line.before_fen, currency)) if line.before_fen != line.fen else ""
    return " · ".join(word for word in (band(line), said, capped) if word)


# What stands beside the bands


def beside(variant: Variant, currency: str) -> list[str]:
    """Say what limits and changes the prices of the bands: free times, caps, factors, periods, the least, the longest stay."""
    plan = variant.plan
    said = [free(one) for one in (*variant.thresholds, *variant.deductions)]
    said += [cap(one, variant, currency) for one in variant.caps]
    said += [_factor(factor) for factor in plan.factors if not factor.is_before_caps and variant.under * variant.times != 1]
    said += [] if plan.period is None else [_period(plan.period, currency)]
    said += [_("at least %(money)s", money=amount(plan.minimum_fen, currency))] if plan.minimum_fen else []
    said += [] if plan.max_stay is None else [_longest(plan.max_stay)]
    if plan.idle is not None:
        said.append(_("extra when charging ended more than %(length)s ago", length=length(plan.idle.grace_ms)))
    return said


def free(one: Free) -> str:
    """Say a free time."""
    long = length(one.ms)
    if one.kind is FreeKind.DEDUCT:
        said = _("the first %(length)s free", length=long)
    else:
        said = _("free up to %(length)s", length=long) if one.is_inclusive else _("free below %(length)s", length=long)
    more = [str(_EACH[one.each])] if one.each is not Each.STAY else []
    more += [_("of charged time")] if one.of is Of.CHARGED else []
    more += [_("once a day for a vehicle")] if one.frequency is Frequency.ONCE_A_DAY else []
    return ", ".join([said, *more])


def cap(one: Cap, variant: Variant, currency: str) -> str:
    """Say a cap; its bands where it is not for all of the variant."""
    per = _("in %(n)s h", n=one.hours_ms // (60 * MINUTE_MS)) if one.per is Each.HOURS else str(_EACH[one.per])
    limits = [amount(fen, currency) for fen in one.fen] or [length(ms) for ms in one.billed_ms]
    most = _(", then ").join(limits)
    said = (
        _("at most %(money)s %(per)s", money=most, per=per) if one.fen else _("at most %(time)s paid %(per)s", time=most, per=per)
    )
    if len(one.bands) < len(variant.bands):
        said += f" ({', '.join(variant.bands[number].name for number in sorted(one.bands))})"
    return said


def _factor(factor: Factor) -> str:
    if factor.times:
        return _("taken as many times as %(name)s says", name=factor.times)
    return _("%(percent)s %% of the sum (%(name)s)", percent=factor.percent, name=factor.name)


def _period(period: Period, currency: str) -> str:
    when = length(period.hours_ms) if period.hours_ms else clock(period.clock_min)
    said = _("begins again after %(length)s", length=when) if period.hours_ms else _("begins again at %(time)s", time=when)
    if period.is_plan_again:
        return _("%(said)s, by the plan that fits then", said=said)
    return (
        said if period.full_fen is None else _("%(said)s, a full one %(money)s", said=said, money=amount(period.full_fen, currency))
    )


def _longest(limit: MaxStay) -> str:
    after = {
        AfterMax.STOP: _("it costs no more behind that"),
        AfterMax.CHARGE_ON: _("longer is reported"),
        AfterMax.PENALTY: _("longer costs extra"),
    }
    return _("longest stay %(length)s, %(after)s", length=length(limit.ms), after=after[limit.then])
