"""The demo city's own prices: worked cases, and that the product comes to the same by another way."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.billing import cases
from core.billing.language import compile_tariff, read_yaml
from core.billing.rules.days import AlikeDays
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled, charge
from core.billing.rules.settlements import Circumstances, Payment, Version, settle
from ingest.simulator import places
from ingest.simulator.prices import (
    LOT_BUSY,
    LOT_CALM,
    STREET_CORE,
    STREET_OUTER,
    TARIFFS,
    Rules,
    cases_of,
    owed,
    price,
    price_of,
    tariff_of,
    text_of,
)

ZONE = ZoneInfo("Asia/Shanghai")
WORKDAYS = AlikeDays("workday")


def written(code: str) -> Compiled:
    """Return a tariff of the city as the product has it."""
    return compile_tariff(read_yaml(text_of(code)))


WRITTEN = {code: written(code) for code in TARIFFS}


def at(text: str) -> int:
    """Return a city moment of 20 November 2026, or of the day given, as seconds since 1970."""
    return int(datetime.fromisoformat(text if "T" in text else f"2026-11-20T{text}").replace(tzinfo=ZONE).timestamp())


class TestPrice:
    @pytest.mark.parametrize(
        ("rules", "came", "left", "fen"),
        [
            (STREET_CORE, "10:00", "10:15", 0),  # the free minutes, bound included
            (STREET_CORE, "10:00:00", "10:15:01", 300),  # a second more: two units, the free ones too
            (STREET_CORE, "10:00", "11:00", 600),  # the first hour, four units at 1.50
            (STREET_CORE, "10:00", "11:01", 825),  # a fifth unit at 2.25
            (STREET_CORE, "18:50", "19:20", 250),  # one day unit, one night unit
            (STREET_CORE, "20:00", "2026-11-21T06:00", 500),  # ten hours of night: five units
            (STREET_CORE, "18:00", "2026-11-21T08:00", 600 + 600 + 900),  # the first hour never comes again
            (STREET_OUTER, "09:00", "10:40", 200 + 200 + 250 + 250),
            (LOT_BUSY, "10:00", "10:30", 0),
            (LOT_BUSY, "10:00", "12:10", 500 + 300 + 300),
            (LOT_BUSY, "08:00", "23:00", 3_000),  # fifteen hours would be 47.00; the day is capped
            (LOT_BUSY, "23:30", "2026-11-21T00:45", 500 + 300),  # cut at midnight: two days, one unit each
            (LOT_BUSY, "12:00", "2026-11-23T12:00", 9_000 + 3_000),
            (LOT_CALM, "09:00", "11:30", 400 + 200 + 200),
        ],
    )
    def test_is_as_worked_out_by_hand(self, rules: Rules, came: str, left: str, fen: int) -> None:
        assert price(rules, at(came), at(left), ZONE) == fen

    @given(
        code=st.sampled_from(sorted(TARIFFS)),
        came=st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00")),
        length=st.one_of(st.integers(0, 3_600), st.integers(0, 14 * 86_400)),
        vehicle=st.sampled_from(["small", "large", "motor", "other"]),
    )
    @settings(max_examples=400)
    def test_is_what_the_product_asks_for(self, code: str, came: int, length: int, vehicle: str) -> None:
        asked = charge(WRITTEN[code], Stay(came * 1_000, (came + length) * 1_000, vehicle), WORKDAYS)

        assert price(TARIFFS[code], came, came + length, ZONE) == asked.gross_fen

    @pytest.mark.parametrize("code", TARIFFS)
    def test_is_what_the_golden_cases_say(self, code: str) -> None:
        verdict = cases.verify(WRITTEN[code], cases.read_cases(cases_of(code)))

        assert verdict.passed_n > 0
        assert verdict.failures == ()

    @given(
        code=st.sampled_from(sorted(TARIFFS)),
        came=st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00")),
        length=st.integers(0, 3 * 86_400),
        more=st.integers(0, 86_400),
    )
    def test_never_falls_with_time(self, code: str, came: int, length: int, more: int) -> None:
        """Whoever pays in advance never pays too much."""
        rules = TARIFFS[code]

        assert price(rules, came, came + length, ZONE) <= price(rules, came, came + length + more, ZONE)


class TestPriceOf:
    def test_lets_exempt_vehicles_park_for_nothing(self) -> None:
        site = places.layout(1).sites[0]

        assert price_of(site, "white", at("10:00"), at("18:00"), ZONE) == 0
        assert price_of(site, "blue", at("10:00"), at("18:00"), ZONE) > 0

    def test_has_a_tariff_for_every_site(self) -> None:
        assert {tariff_of(site) for site in places.layout(1).sites} == set(TARIFFS)


class TestOwed:
    @given(
        number=st.integers(0, 39),
        came=st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00")),
        paid=st.integers(1, 86_400),
        more=st.one_of(st.integers(0, 1_800), st.integers(0, 86_400)),
    )
    @settings(max_examples=200)
    def test_is_what_the_product_asks_of_who_paid_in_advance(self, number: int, came: int, paid: int, more: int) -> None:
        site = places.layout(1).sites[number]
        ahead = price_of(site, "blue", came, came + paid, ZONE)
        stay = Stay(came * 1_000, (came + paid + more) * 1_000, "small")
        beside = Circumstances(payments=(Payment((came + paid) * 1_000, ahead),) if ahead else ())

        asked = settle([Version(0, WRITTEN[tariff_of(site)])], stay, WORKDAYS, beside)

        assert owed(site, "blue", came, came + paid + more, ZONE, paid_s=came + paid) == asked.gross_fen
