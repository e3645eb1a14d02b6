"""Walks: what is true of every price, and a second opinion counted minute by minute."""

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.billing.rules.days import MINUTE_MS, CityDays
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Charge, Compiled, charge
from tests.core.billing.calendars import Weeks
from tests.core.billing.minutes import DAY, Count
from tests.core.billing.tariffs import Form, at, band, compiled, free, tariff, units

WEEKS: Final = Weeks()
MONDAY: Final = at("2026-11-02T00:00:00")
MANY: Final = settings(max_examples=2_000, deadline=None, database=None, phases=(Phase.explicit, Phase.generate, Phase.shrink))


def pick(dice: random.Random, *values: Any) -> Any:
    return dice.choice(values)


def a_charge(dice: random.Random) -> Form:
    kind = dice.random()
    if kind < 0.15:
        return {"kind": "free"}
    if kind < 0.3:
        return {"kind": "entry", "price_fen": dice.randrange(1, 900)}
    unit = pick(dice, 10, 15, 30, 60, 90)
    first = [(unit * dice.randrange(1, 4), unit, dice.randrange(0, 500))] if dice.random() < 0.6 else []
    return units(*first, (None, pick(dice, 15, 20, 30, 60, 120), dice.randrange(0, 500)), rounding=pick(dice, "up", "up", "down"))


def a_form(dice: random.Random) -> Form:
    """Return a tariff of the subset that both know; bands last for four hours at least, longer than any unit."""
    edges = [f"{hour:02}:{pick(dice, 0, 15, 30):02}" for hour in sorted(dice.sample(range(0, 24, 5), dice.randrange(1, 4)))]
    pairs = list(zip(edges, [*edges[1:], edges[0]], strict=True)) if len(edges) > 1 else [("00:00", "24:00")]
    bands = [band(f"b{number}", a_charge(dice), pair) for number, pair in enumerate(pairs)]
    plan: Form = {"free": [], "caps": []}
    if dice.random() < 0.5:
        each = pick(dice, "stay", "period")
        threshold = free(pick(dice, 5, 15, 30))
        deduction = free(
            pick(dice, 10, 30, 60, 120),
            "deduct",
            of=pick(dice, "elapsed", "charged"),
            each=each,
            counts_for_tiers=pick(dice, True, False),
        )
        plan["free"] = [pick(dice, threshold, deduction)]
    if dice.random() < 0.4 or any(part["each"] == "period" for part in plan["free"]):
        plan["period"] = {"hours": pick(dice, 5, 24)}
    for per in dice.sample(["visit", "day", "hours", "stay"], dice.randrange(0, 3)):
        plan["caps"].append({"per": per, "limits_fen": [dice.randrange(100, 3_000)]} | ({"hours": 24} if per == "hours" else {}))
    read = {
        "units_at_band_edge": pick(dice, "cut", "finish"),
        "units_at_midnight": pick(dice, "cut", "run_on"),
        "tiers_again": pick(dice, "never", "each_visit"),
        "tier_clock": pick(dice, "elapsed", "charged", "charged_in_band", "billed_in_band"),
    }
    return tariff(*bands, settings=read, **plan)


def disagreements(seed: int, forms: int, stays: int) -> Iterator[tuple[Form, int, int, int, int]]:
    dice = random.Random(seed)
    for _number in range(forms):
        form = a_form(dice)
        ready = compiled(form)
        for _again in range(stays):
            first, long = dice.randrange(7 * DAY), int(dice.expovariate(1 / 400)) + 1
            come = MONDAY + first * MINUTE_MS
            got = charge(ready, Stay(come, come + long * MINUTE_MS, "small"), WEEKS).gross_fen
            counted = Count(form, first, long).total()
            if got != counted:
                yield form, first, long, got, counted


class TestSecondOpinion:
    def test_agrees_on_stays_of_many_tariffs(self) -> None:
        assert next(disagreements(5, forms=100, stays=10), None) is None

    @pytest.mark.prove
    def test_agrees_on_twenty_thousand_stays(self) -> None:
        assert next(disagreements(7, forms=1_000, stays=20), None) is None


def a_plain_form(dice: random.Random, number: int) -> Form:
    """Return a tariff of a day and a night under which no price falls: no step of a table is below the one before."""
    starts, ends = pick(dice, ("07:00", "19:00"), ("08:30", "22:00"), ("19:00", "07:00"), ("02:15", "03:30"))
    unit = pick(dice, 5, 15, 30, 60, 120)
    tiers = (unit * dice.randrange(1, 5), unit, dice.randrange(900)), (None, pick(dice, 5, 15, 30, 60, 120), dice.randrange(900))
    night = pick(dice, {"kind": "free"}, {"kind": "entry", "price_fen": 400}, units((None, 120, 100)))
    read = {
        "units_at_band_edge": "cut" if number % 2 else "finish",
        "units_at_midnight": pick(dice, "cut", "run_on"),
        "tiers_again": pick(dice, "never", "each_visit"),
        "tier_clock": pick(dice, "elapsed", "charged", "charged_in_band", "billed_in_band"),
    }
    caps: list[Form] = dice.sample([{"per": "day"}, {"per": "visit"}, {"per": "hours", "hours": 24}], dice.randrange(3))
    told = [cap | {"limits_fen": [dice.randrange(100, 5_000)]} for cap in caps]
    given_free = pick(dice, [], [free(15)], [free(30, "deduct")], [free(30, "deduct", of="charged", counts_for_tiers=True)])
    day = band("day", units(*tiers, rounding=pick(dice, "up", "up", "down", "nearest")), (starts, ends))
    return tariff(day, band("night", night, (ends, starts)), settings=read, caps=told, free=given_free)


FORMS: Final = tuple(a_plain_form(random.Random(number), number) for number in range(120))
NUMBERS: Final = st.integers(0, len(FORMS) - 1)


@cache
def ready(number: int) -> Compiled:
    return compiled(FORMS[number])


@cache
def split(number: int, cut: str) -> Compiled:
    """Return a tariff with each band that holds at a time written in two windows."""
    form = deepcopy(FORMS[number])
    for each in form["plans"][0]["bands"]:
        start, end = each["windows"][0]["from"], each["windows"][0]["to"]
        if start < cut < end:
            each["windows"] = [{"from": cut, "to": end}, {"from": start, "to": cut}]
    return compiled(form)


COMES: Final = st.integers(0, 30 * 86_400).map(lambda second: MONDAY + second * 1_000)
LONGS: Final = st.integers(0, 4 * 86_400).map(lambda second: second * 1_000)


def fen(tariff_: Compiled, come: int, leave: int) -> int:
    return charge(tariff_, Stay(come, leave, "small"), WEEKS).gross_fen


def edges_of(charged: Charge) -> Iterator[int]:
    """Yield the instants at which units of a price begin, are half over, or end."""
    for line in charged.lines:
        unit = line.unit_ms or MINUTE_MS
        for units_n in (line.unit_n - 1, line.unit_n, line.unit_n + 1):
            yield line.from_ms + unit * units_n
            yield line.from_ms + unit * units_n + unit // 2
        yield line.to_ms


class TestEveryPrice:
    @MANY
    @given(number=NUMBERS, come=COMES, long=LONGS, more=st.integers(1, 86_400_000))
    def test_never_falls_while_a_stay_goes_on(self, number: int, come: int, long: int, more: int) -> None:
        assert fen(ready(number), come, come + long) <= fen(ready(number), come, come + long + more)

    @MANY
    @given(number=NUMBERS, come=COMES, long=LONGS)
    def test_is_the_sum_of_its_lines_which_join(self, number: int, come: int, long: int) -> None:
        priced = charge(ready(number), Stay(come, come + long, "small"), WEEKS)

        assert sum(line.fen for line in priced.lines) == priced.gross_fen
        assert [come, *(line.to_ms for line in priced.lines)] == [*(line.from_ms for line in priced.lines), come + long]

    @MANY
    @given(number=NUMBERS, come=COMES, long=LONGS)
    def test_does_not_depend_on_what_was_asked_before(self, number: int, come: int, long: int) -> None:
        never_asked = replace(ready(number), _variants={}, _books={}, _calendar=None)

        assert fen(ready(number), come, come + long) == fen(never_asked, come, come + long)

    @MANY
    @given(number=NUMBERS.filter(lambda number: number % 2 == 1), come=COMES, long=LONGS)
    def test_changes_with_a_second_only_at_an_edge(self, number: int, come: int, long: int) -> None:
        leave = come + long
        before, after = (charge(ready(number), Stay(come, at_ms, "small"), WEEKS) for at_ms in (leave, leave + 1_000))

        if before.gross_fen != after.gross_fen:
            edges = {come + 15 * MINUTE_MS, *edges_of(before), *edges_of(after)}
            assert any(leave <= edge <= leave + 1_000 for edge in edges)

    @MANY
    @given(number=NUMBERS, cut=st.sampled_from(["10:00", "12:30", "15:45"]), come=COMES, long=LONGS)
    def test_is_the_same_however_a_band_is_written(self, number: int, cut: str, come: int, long: int) -> None:
        assert fen(ready(number), come, come + long) == fen(split(number, cut), come, come + long)


@cache
def three_bands(zone: str) -> Compiled:
    """Return a tariff whose bands have their edges where clocks change."""
    parts = [("02:15", "02:45"), ("02:45", "03:30"), ("03:30", "02:15")]
    return compiled(tariff(*(band(f"b{k}", units((None, 15, 1)), part) for k, part in enumerate(parts)), zone=zone))


class TestClockChanges:
    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/Berlin", "2026-03-29", 23),
            ("Europe/Berlin", "2026-10-25", 25),
            ("America/Los_Angeles", "2026-03-08", 23),
            ("America/Los_Angeles", "2026-11-01", 25),
        ],
    )
    def test_neither_lose_nor_double_an_hour(self, zone: str, day: str, hours: int) -> None:
        night = band("night", units((None, 60, 100)), ("22:00", "06:00"))
        form = tariff(night, band("day", units((None, 60, 100)), ("06:00", "22:00")), zone=zone)
        days = CityDays.of(zone)
        ordinal = days.ordinal(at(f"{day}T12:00:00", zone))
        stay = Stay(days.midnight(ordinal), days.midnight(ordinal + 1), "small")

        assert charge(compiled(form), stay, WEEKS).gross_fen == hours * 100

    @MANY
    @given(
        zone=st.sampled_from(["Europe/Berlin", "America/Los_Angeles"]),
        come=st.integers(at("2026-01-01T00:00:00"), at("2027-01-01T00:00:00")),
        long=LONGS,
    )
    def test_leave_every_millisecond_in_one_line(self, zone: str, come: int, long: int) -> None:
        lines = charge(three_bands(zone), Stay(come, come + long, "small"), WEEKS).lines

        assert [come, *(line.to_ms for line in lines)] == [*(line.from_ms for line in lines), come + long]
