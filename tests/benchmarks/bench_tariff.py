"""
P5: priced stays a second on one core, with lines, by the Beijing on-street tariff; a million re-priced; a long stay.

Stays are as a street has them: two hours in the mean, some overnight, some for days. Times are those of the processor.
`BOSHU_BENCH_ROWS` takes another number of stays to re-price.
"""

import os
import random
import time
from pathlib import Path
from typing import Final

from core.billing.language import compile_tariff, read_yaml
from core.billing.rules.days import DAY_MS
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled, charge
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import at

BEIJING: Final = Path(__file__).parents[1] / "samples" / "tariffs" / "cn-beijing-onstreet.yaml"
ROWS: Final = int(os.environ.get("BOSHU_BENCH_ROWS", "1000000"))
REACH_A_SECOND: Final = 50_000
REACH_S: Final = 30.0
REACH_RATIO: Final = 20.0
WEEKS: Final = Weeks()
SPRING: Final = at("2026-03-01T00:00:00")


def beijing() -> Compiled:
    return compile_tariff(read_yaml(BEIJING.read_text(encoding="utf-8")))


def some_stays(number: int) -> list[Stay]:
    dice = random.Random(1)
    stays = []
    for _number in range(number):
        entry = SPRING + dice.randrange(90 * 86_400) * 1_000
        long = 60_000 + min(int(dice.expovariate(1 / 7_200)), 3 * 86_400) * 1_000
        stays.append(Stay(entry, entry + long, "small", dice.choice(("class1", "class2", "class3"))))
    return stays


def seconds(tariff: Compiled, stays: list[Stay]) -> float:
    began = time.process_time()
    for stay in stays:
        charge(tariff, stay, WEEKS)
    return time.process_time() - began


class BenchPricing:
    def bench_prices_fifty_thousand_stays_a_second_on_a_core(self) -> None:
        tariff, stays = beijing(), some_stays(50_000)

        rate = max(len(stays) / seconds(tariff, stays) for _round in range(3))

        print(f"\nP5: {rate:,.0f} priced stays a second a core, reach {REACH_A_SECOND:,}")
        assert rate >= REACH_A_SECOND

    def bench_prices_a_million_stays_anew_in_half_a_minute(self) -> None:
        tariff, stays = beijing(), some_stays(ROWS)

        took = seconds(tariff, stays)

        print(f"\nP5: {ROWS:,} stays re-priced in {took:.1f} s, reach {REACH_S * ROWS / 1_000_000:.1f} s")
        assert took <= REACH_S * ROWS / 1_000_000

    def bench_prices_sixty_days_as_fast_as_twenty_single_ones(self) -> None:
        tariff, comes = beijing(), [SPRING + number * 427_000 for number in range(2_000)]
        one, sixty = ([Stay(come, come + days * DAY_MS, "small", "class1") for come in comes] for days in (1, 60))
        seconds(tariff, one)

        ratio = min(seconds(tariff, sixty) / seconds(tariff, one) for _round in range(3))

        print(f"\nP5: a stay of 60 days costs {ratio:.1f} times a day's, reach {REACH_RATIO:.0f}")
        assert ratio <= REACH_RATIO
