"""The days of the demo city: who parked where."""

import itertools
from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from ingest.simulator import places
from ingest.simulator.days import GAP_S, Calendar, Visit
from ingest.simulator.plates import plate_of

FIRST = date(2026, 11, 18)
DAYS = [FIRST + timedelta(days=n) for n in range(5)]


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """Return the days of a smaller city."""
    return Calendar(places.layout(5, 1_200), ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def visits(calendar: Calendar) -> list[Visit]:
    """Return all visits of five days."""
    return [visit for day in DAYS for site in calendar.city.sites for visit in calendar.visits(site, day)]


class TestVisits:
    def test_are_the_same_for_the_same_seed(self, calendar: Calendar) -> None:
        site = calendar.city.sites[7]
        again = Calendar(places.layout.__wrapped__(5, 1_200), calendar.zone)

        assert again.visits(again.city.sites[7], FIRST) == calendar.visits(site, FIRST)
        other = Calendar(places.layout(6, 1_200), calendar.zone)
        assert other.visits(other.city.sites[7], FIRST) != calendar.visits(site, FIRST)

    def test_begin_in_their_day(self, calendar: Calendar) -> None:
        for site in calendar.city.sites:
            for visit in calendar.visits(site, FIRST):
                assert calendar.day_at(visit.in_s) == FIRST
                assert visit.in_s < visit.out_s

    def test_never_meet_on_a_spot(self, visits: list[Visit]) -> None:
        by_spot: dict[tuple[int, int], list[Visit]] = defaultdict(list)
        for visit in visits:
            by_spot[visit.site, visit.spot].append(visit)

        for stood in by_spot.values():
            stood.sort(key=lambda visit: visit.in_s)
            assert all(one.out_s + GAP_S <= other.in_s for one, other in itertools.pairwise(stood))

    def test_never_exceed_the_capacity(self, calendar: Calendar, visits: list[Visit]) -> None:
        moves: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for visit in visits:
            moves[visit.site] += [(visit.in_s, 1), (visit.out_s, -1)]

        for index, changes in moves.items():
            inside = most = 0
            for _at_s, change in sorted(changes):
                inside += change
                most = max(most, inside)
            assert most <= calendar.city.sites[index].capacity

    def test_never_put_a_vehicle_in_two_places(self, visits: list[Visit]) -> None:
        by_vehicle: dict[int, list[Visit]] = defaultdict(list)
        for visit in visits:
            by_vehicle[visit.vehicle].append(visit)

        for seen in by_vehicle.values():
            seen.sort(key=lambda visit: visit.in_s)
            assert all(one.out_s < other.in_s for one, other in itertools.pairwise(seen))

    def test_leave_broken_sensors_alone(self, calendar: Calendar, visits: list[Visit]) -> None:
        sites = calendar.city.sites

        assert not any(sites[visit.site].spaces and sites[visit.site].spaces[visit.spot].is_dark for visit in visits)

    def test_read_plates_while_the_vehicle_stands(self, visits: list[Visit]) -> None:
        read = [visit for visit in visits if visit.read_s is not None]

        assert all(visit.in_s <= (visit.read_s or 0) < visit.out_s for visit in read)
        assert 0.98 < len(read) / len(visits) < 1

    def test_look_like_a_city(self, calendar: Calendar, visits: list[Visit]) -> None:
        """The calibration: lengths, a full noon and a quiet night, all classes of plates."""
        sites = calendar.city.sites
        street = [visit for visit in visits if sites[visit.site].spaces]
        berths = sum(len(site.spaces) for site in sites)

        def taken_pct(hour: int) -> float:
            at_s = calendar.starts_s(DAYS[2]) + (hour - 4) * 3_600
            return 100 * sum(visit.in_s <= at_s < visit.out_s for visit in street) / berths

        assert 40 < median(visit.out_s - visit.in_s for visit in visits) / 60 < 65
        assert 20 < taken_pct(4) < 40
        assert 60 < taken_pct(11) < 85
        assert max(visit.out_s - visit.in_s for visit in visits) > 24 * 3_600
        colours = Counter(plate_of(5, visit.vehicle).colour for visit in visits)
        assert set(colours) == {"blue", "green", "yellow", "black", "white", "yellow_green"}
