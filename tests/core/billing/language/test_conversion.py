"""Conversion: what was priced by the first form costs the same to the fen."""

from datetime import time
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.billing.language import Tariff, compile_tariff
from core.billing.language.conversion import from_first_form
from core.billing.language.tariff import Title
from core.billing.rules.first_form import FirstForm, price
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.kit.money import Fen
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import at

ZONES: Final = ("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles")
FENS: Final = st.integers(0, 2_000).map(Fen)
WEEKS: Final = Weeks()


@st.composite
def first_forms(draw: st.DrawFn) -> FirstForm:
    unit_min = draw(st.sampled_from([1, 7, 15, 30, 60]))
    starts, ends = sorted(draw(st.tuples(*[st.integers(0, 95).map(lambda k: time(k // 4, k % 4 * 15))] * 2)))
    return FirstForm(
        unit_min,
        unit_min * draw(st.integers(0, 4)),
        draw(FENS),
        draw(FENS),
        draw(st.integers(0, 45)),
        starts,
        ends,
        draw(st.sampled_from([30, 60, 120, 240])),
        draw(FENS),
        draw(st.none() | FENS),
    )


def converted(rules: FirstForm, zone: str = "Asia/Shanghai") -> Tariff:
    return from_first_form(rules, code="old", title=Title(zh="旧", en="Old"), vehicles=("small",), time_zone=zone, currency="CNY")


class TestFromFirstForm:
    @settings(max_examples=500, deadline=None)
    @given(rules=first_forms(), zone=st.sampled_from(ZONES), come=st.integers(0, 366 * 86_400), long=st.integers(0, 5 * 86_400))
    def test_costs_the_same_to_the_fen(self, rules: FirstForm, zone: str, come: int, long: int) -> None:
        started = at("2026-01-01T00:00:00") + come * 1_000
        ended = started + long * 1_000

        new = charge(compile_tariff(converted(rules, zone)), Stay(started, ended, "small"), WEEKS).gross_fen

        assert new == price(rules, started_ms=started, ended_ms=ended, zone=ZoneInfo(zone)).gross_fen
