"""Conversion: what was priced by the first form costs the same to the fen."""

from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.billing.language import compile_tariff
from core.billing.language.conversion import DAYS, from_first_form
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from ingest.simulator.prices import Rules, price
from tests.core.billing.tariffs import at

ZONES: Final = ("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles")
FENS: Final = st.integers(0, 2_000)


def stored(rules: Rules) -> dict[str, Any]:
    """Return rules as databases of before hold them."""
    names = ("unit_min", "first_min", "first_unit_fen", "unit_fen", "free_min", "day_starts", "day_ends", "night_unit_min",
             "night_unit_fen", "cap_day_fen")  # fmt: skip
    return {"form": "first", **{name: getattr(rules, name) for name in names}}


STREET: Final = stored(Rules(15, 60, 150, 225, 15, "07:00", "19:00", 120, 100, None))


@st.composite
def first_forms(draw: st.DrawFn) -> Rules:
    unit_min = draw(st.sampled_from([1, 7, 15, 30, 60]))
    starts, ends = sorted(draw(st.tuples(*[st.integers(1, 95).map(lambda k: f"{k // 4:02}:{k % 4 * 15:02}")] * 2)))
    return Rules(
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


class TestFromFirstForm:
    @settings(max_examples=400, deadline=None)
    @given(rules=first_forms(), zone=st.sampled_from(ZONES), come=st.integers(0, 366 * 86_400), long=st.integers(0, 5 * 86_400))
    def test_costs_the_same_to_the_fen(self, rules: Rules, zone: str, come: int, long: int) -> None:
        come_s = at("2026-01-01T00:00:00") // 1_000 + come
        converted = compile_tariff(from_first_form(stored(rules), code="old", time_zone=zone))

        new = charge(converted, Stay(come_s * 1_000, (come_s + long) * 1_000, "small"), DAYS).gross_fen

        assert new == price(rules, come_s, come_s + long, ZoneInfo(zone))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"form": "second"},
            {"unit_min": 0},
            {"day_starts": "seven"},
            {"cap_day_fen": -1},
            {"first_min": 50},
            {"day_ends": "06:00"},
        ],
    )
    def test_refuses_rules_that_cannot_price(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"first"):
            from_first_form({**STREET, **wrong}, code="old", time_zone=ZONES[0])

    def test_refuses_rules_that_lack_a_word(self) -> None:
        with pytest.raises(ValueError, match="unit_min"):
            from_first_form({"form": "first"}, code="old", time_zone=ZONES[0])
