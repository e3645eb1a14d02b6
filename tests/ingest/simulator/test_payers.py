"""How drivers of the demo city pay."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from ingest.simulator import payers, places
from ingest.simulator.days import Calendar, Visit
from ingest.simulator.payers import Manner, Paid
from ingest.simulator.places import Site
from ingest.simulator.plates import plate_of
from ingest.simulator.prices import owed

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def bills() -> list[tuple[Site, Visit, list[Paid]]]:
    """Return the visits of a day with what is paid for them."""
    days = Calendar(places.layout(5), ZONE)
    return [
        (site, visit, list(_payments(days, site, visit)))
        for site in days.city.sites
        for visit in days.visits(site, date(2026, 11, 18))
    ]


def _payments(days: Calendar, site: Site, visit: Visit) -> list[Paid]:
    colour = plate_of(days.city.seed, visit.vehicle).colour
    known = {"in_s": visit.in_s, "out_s": visit.out_s, "known_s": visit.in_s}
    return list(payers.payments(site, visit.spot, colour, visit.intent, zone=ZONE, **known))


def due(site: Site, visit: Visit) -> int:
    """Return what a visit costs."""
    return owed(site, plate_of(5, visit.vehicle).colour, visit.in_s, visit.out_s, ZONE, paid_s=visit.intent.prepaid_s)


class TestPayments:
    def test_add_up_to_the_price_unless_refused(self, bills: list[tuple[Site, Visit, list[Paid]]]) -> None:
        for site, visit, paid in bills:
            if visit.intent.pays_s is not None:
                assert sum(one.fen for one in paid) == due(site, visit)
            else:
                assert visit.intent.manner is Manner.REFUSED
                assert paid == []

    def test_come_after_the_departure_unless_in_advance(self, bills: list[tuple[Site, Visit, list[Paid]]]) -> None:
        for _site, visit, paid in bills:
            early = [one for one in paid if one.at_s < visit.out_s]

            assert [one.at_s for one in early] in ([], [visit.intent.prepaid_s])

    def test_have_trade_numbers_of_their_own(self, bills: list[tuple[Site, Visit, list[Paid]]]) -> None:
        numbers = Counter((one.channel, one.trade_no) for _site, _visit, paid in bills for one in paid)

        assert max(numbers.values()) == 1

    def test_come_by_the_channels_of_the_wall(self, bills: list[tuple[Site, Visit, list[Paid]]]) -> None:
        taken: Counter[str] = Counter()
        for _site, _visit, paid in bills:
            for one in paid:
                taken[one.channel] += one.fen

        for channel, share in payers.CHANNELS:
            assert abs(taken[channel] / taken.total() - share) < 0.02

    def test_are_refused_by_about_three_in_a_hundred(self, bills: list[tuple[Site, Visit, list[Paid]]]) -> None:
        charged = [visit for site, visit, _paid in bills if due(site, visit)]
        refused = sum(visit.intent.manner is Manner.REFUSED for visit in charged)

        assert 0.015 < refused / len(charged) < 0.04
