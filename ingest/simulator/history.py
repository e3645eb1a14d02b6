"""
The past of the demo city: the days before it came to life, loaded behind the running screens, the newest first.

Days are the simulator's own, four in the morning to four in the morning. A day is loaded in several transactions, so
that live traffic never waits long, and noted when done; a day that was interrupted is loaded again and adds only what is
missing. Vehicles that stand on the street when live traffic begins are closed then, without a claim: their stay is
billed from the first report on. Those inside a lot are left to its lanes, which tell how they came.
"""

import os
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Final

from core.customers.rules.classes import traits_of
from core.finance import past
from core.kit.clock import city_date, city_day, city_zone, utc_now
from core.kit.db import Database
from core.kit.log import get_logger
from core.kit.money import Fen
from core.kit.partitions import Partitions
from core.places import deployments, spaces
from core.stays.past import PastPayment, PastStay, PastUnknown
from core.upkeep import job_runs
from core.upkeep.compaction import refresh_months
from core.upkeep.openings import Figures, bring
from ingest.simulator import openings, payers, places
from ingest.simulator.city import HISTORY_DAYS
from ingest.simulator.days import Calendar, Visit
from ingest.simulator.mess import Mess, Trouble
from ingest.simulator.payers import Paid
from ingest.simulator.places import Layout, Site
from ingest.simulator.plates import plate_of
from ingest.simulator.prices import EXEMPT_COLOURS, owed, version_of

JOB: Final = "demo_history"
OPENINGS: Final = "demo_openings"
_CHUNK: Final = 2_000
"""Stays in one transaction, or the few more that its last site brings."""
_REST: Final = 0.3
"""Pause after a transaction, as a share of what it took: the live traffic shares the machine."""
_FORTNIGHT: Final = 14
"""Days between the instants whose months are asked for: no month is shorter."""
_CUT_SHORT: Final = "On the street when live data began."
_PAID_TWICE: Final = 500
"""One payment in so many was made twice."""
_SILENT_SHARE: Final = 0.012
"""Sensors that are silent for some hours of a day."""

Stretch = tuple[int, int]
"""A half-open stretch of time, seconds since 1970."""

_log = get_logger(__name__)


def load(
    database: Database,
    *,
    seed: int,
    until: datetime,
    days: int = HISTORY_DAYS,
    opening_days: int = 0,
    first: Callable[[Database, "Past"], None] | None = None,
) -> None:
    """
    Load what the city saw before it came to life, at most so many days of it; return when all of it is there.

    `until` bounds it where the city's own beginning does not. The seed is that of the city that stands in the database,
    whatever a setting says by now; a database of a real city is left alone. Of `opening_days` before
    that, figures are brought over without facts. `first` is done before the first day is loaded.
    """
    with database.transaction() as tx:
        deployment = deployments.find(tx)
        berths = spaces.count_demo(tx)
        for job in (JOB, OPENINGS):
            job_runs.reap(tx, job=job, limit=timedelta(0), at=utc_now())
    assert deployment is not None, "the city is built before its past is loaded"
    if deployment.demo_seed is None:
        _log.warning("This is no demo city; it has a past of its own.")
        return
    if deployment.demo_seed != seed:
        _log.warning("The demo city was built from another seed, and keeps it.", seed=deployment.demo_seed)
    born_at = min(until, deployment.created_at)
    calendar = Calendar(places.layout(deployment.demo_seed, berths), city_zone())
    last = calendar.day_at(int(born_at.timestamp()))
    Partitions(database).ensure(born_at - timedelta(days=back) for back in range(-_FORTNIGHT * 2, days + _FORTNIGHT, _FORTNIGHT))
    past_of = Past(calendar, born_at, days)
    if first is not None:
        first(database, past_of)
    for back in range(days + 2):  # the first hours of its first day belong to the simulator's day before
        _load_day(database, past_of, last - timedelta(days=back))
    if opening_days:
        _load_openings(database, past_of, opening_days)


def _load_day(database: Database, past_of: "Past", day: date) -> None:
    """Load one day, unless it was loaded before."""
    slot = datetime.fromtimestamp(past_of.calendar.starts_s(day), tz=UTC)
    with database.transaction() as tx:
        claim = job_runs.claim(tx, job=JOB, slot=slot, runner=f"{os.getpid()}", at=utc_now())
    if claim is None:
        return
    began = time.monotonic()
    added = 0
    for stays, unknowns in past_of.chunks(day):
        begun = time.monotonic()
        with database.transaction() as tx:
            added += past.record(tx, stays=stays, unknowns=unknowns, at=past_of.until)
        time.sleep(_REST * (time.monotonic() - begun))
    with database.transaction() as tx:
        deployments.extend_facts(tx, at=max(slot, _moment(past_of.since_s)))
        job_runs.finish(tx, claim=claim, state=job_runs.RunState.DONE, detail=f"{added} stays", at=utc_now())
    _log.info("Loaded a day of the past.", on=day, count=added, took_ms=round((time.monotonic() - began) * 1_000))


def _load_openings(database: Database, past_of: "Past", days: int) -> None:
    """Bring over the figures of the days before the first day of facts, the newest month first."""
    end = city_date(_moment(past_of.since_s))
    first = end - timedelta(days=days)
    figures: openings.Openings | None = None
    for from_on, to_on in openings.months_back(first, end):
        with database.transaction() as tx:
            claim = job_runs.claim(tx, job=OPENINGS, slot=city_day(from_on)[0], runner=f"{os.getpid()}", at=utc_now())
        if claim is None:
            continue
        figures = figures or _openings(past_of, first, end)
        begun = time.monotonic()
        with database.transaction() as tx:
            month = [to_on - timedelta(days=back) for back in range(1, (to_on - from_on).days + 1)]
            rows = (figures.hours, figures.days, figures.collections, figures.marks)
            bring(tx, Figures(*(chain.from_iterable(map(one, month)) for one in rows)))
            next_month = (from_on.replace(day=1) + timedelta(days=31)).replace(day=1)
            refresh_months(tx, from_on=from_on.replace(day=1), to_on=next_month)
            job_runs.finish(tx, claim=claim, state=job_runs.RunState.DONE, detail=f"{len(month)} days", at=utc_now())
        took_s = time.monotonic() - begun
        _log.info("Brought over figures of the past.", on=from_on, count=len(month), took_ms=round(took_s * 1_000))
        time.sleep(_REST * took_s)


def _openings(past_of: "Past", first: date, end: date) -> openings.Openings:
    """Return the figures of the days before the facts, after the pattern of two days of the simulator."""
    after = datetime.combine(max(openings.SAMPLE) + timedelta(days=60), datetime.min.time(), tzinfo=UTC)
    sampled = Past(past_of.calendar, after, 120)
    return openings.Openings(past_of.calendar, openings.pattern(past_of.calendar, sampled), first, end)


@dataclass(frozen=True, slots=True)
class Past:
    """The past of a city: what happened in the days before an instant."""

    calendar: Calendar
    until: datetime
    days: int

    @property
    def city(self) -> Layout:
        """Return the city."""
        return self.calendar.city

    @property
    def until_s(self) -> int:
        """Return where the past ends, whole seconds."""
        return int(self.until.timestamp())

    @property
    def since_s(self) -> int:
        """Return when the spaces came into service."""
        first = datetime.fromtimestamp(self.until_s, tz=self.calendar.zone).date() - timedelta(days=self.days)
        return int(city_day(first)[0].timestamp())

    def chunks(self, day: date) -> Iterator[tuple[list[PastStay], list[PastUnknown]]]:
        """Yield a day in portions of whole sites."""
        stays: list[PastStay] = []
        unknowns: list[PastUnknown] = []
        for site in self.city.sites:
            stays += self.stays(site, day)
            unknowns += self.unknowns(site, day)
            if len(stays) >= _CHUNK:
                yield stays, unknowns
                stays, unknowns = [], []
        if stays or unknowns:
            yield stays, unknowns

    def stays(self, site: Site, day: date) -> Iterator[PastStay]:
        """Yield the stays that began at a site in a day and are over, or were cut short."""
        since_s, until_s = self.since_s, self.until_s
        for visit in self.calendar.visits(site, day):
            if since_s <= visit.in_s < until_s and (site.spaces or visit.out_s <= until_s):
                yield self._stay(site, visit, until_s)

    def _stay(self, site: Site, visit: Visit, until_s: int) -> PastStay:
        plate = plate_of(self.city.seed, visit.vehicle)
        is_over = visit.out_s <= until_s
        is_read = visit.read_s is not None and visit.read_s <= until_s
        is_billed = is_over and is_read and plate.colour not in EXEMPT_COLOURS
        subject_id = site.spaces[visit.spot].space_id if site.spaces else plate.vehicle_id
        return PastStay(
            site_id=site.site_id,
            subject_id=subject_id,
            subject_kind="space" if site.spaces else "vehicle",
            started_at=_moment(visit.in_s),
            ended_at=_moment(min(visit.out_s, until_s)),
            plate=plate.text if is_read else None,
            plate_colour=plate.colour if is_read else None,
            vehicle_class=traits_of(plate.colour if is_read else "unknown").vehicle_class,
            quality="A" if is_over else "C",
            origin="history",
            source_row=None,
            note=None if is_over else _CUT_SHORT,
            gross_fen=self._owed(site, visit, plate.colour) if is_billed else None,
            tariff_version_id=version_of(site) if is_billed else None,
            payments=tuple(self._payments(site, visit, plate.colour, until_s)) if is_billed else (),
        )

    def _owed(self, site: Site, visit: Visit, colour: str) -> Fen:
        return owed(site, colour, visit.in_s, visit.out_s, self.calendar.zone, paid_s=visit.intent.prepaid_s)

    def _payments(self, site: Site, visit: Visit, colour: str, until_s: int) -> Iterator[PastPayment]:
        """Yield what was paid by the end of the past; what is paid later, live traffic brings."""
        for paid in payers.payments(
            site, visit.spot, colour, visit.intent,
            in_s=visit.in_s, out_s=visit.out_s, known_s=visit.in_s, zone=self.calendar.zone,
        ):  # fmt: skip
            for one in _perhaps_twice(paid):
                if one.at_s <= until_s:
                    yield PastPayment(one.channel, one.trade_no, one.fen, _moment(one.at_s))

    def unknowns(self, site: Site, day: date) -> Iterator[PastUnknown]:
        """Yield the runs of a day in which nobody knew of a space: broken, silent, or behind a gateway that was away."""
        if not site.mode.reads_apart:
            return
        from_s = max(self.calendar.starts_s(day), self.since_s)
        to_s = min(self.calendar.starts_s(day + timedelta(days=1)), self.until_s)
        away = self._away(site, from_s, to_s)
        busy = self._busy(site, day)
        for spot, space in enumerate(site.spaces):
            silent = [(from_s, to_s)] if space.is_dark else [*away, *self._silent(site, spot, from_s, to_s)]
            for stretch in _merged(silent):
                for starts_s, ends_s in _free_of(stretch, busy.get(spot, [])):
                    yield PastUnknown(site.site_id, space.space_id, _moment(starts_s), _moment(ends_s))

    def _away(self, site: Site, from_s: int, to_s: int) -> list[Stretch]:
        """Return when the gateway of a segment was away; the same as in live traffic of the default mess."""
        trouble = Trouble(Mess.default(), f"{self.city.seed}")
        gateway = site.devices[0]
        days_utc = range(from_s // 86_400 - 1, to_s // 86_400 + 1)
        return [
            (max(starts // 1_000, from_s), min(ends // 1_000, to_s))
            for day_utc in days_utc
            for starts, ends in trouble.outages_on(gateway, day_utc)
            if starts // 1_000 < to_s and ends // 1_000 > from_s
        ]

    def _silent(self, site: Site, spot: int, from_s: int, to_s: int) -> list[Stretch]:
        luck = random.Random(f"{self.city.seed}/silent/{site.index}/{spot}/{from_s}")
        if to_s - from_s < 3_600 or luck.random() >= _SILENT_SHARE:
            return []
        starts_s = luck.randrange(from_s, to_s - 1_800)
        return [(starts_s, min(to_s, starts_s + int(luck.lognormvariate(9.2, 0.7))))]

    def _busy(self, site: Site, day: date) -> dict[int, list[Stretch]]:
        """Return when each spot was taken; some stays began up to two days before."""
        busy: dict[int, list[Stretch]] = {}
        for back in (2, 1, 0):
            for visit in self.calendar.visits(site, day - timedelta(days=back)):
                busy.setdefault(visit.spot, []).append((visit.in_s, visit.out_s))
        return busy


def _perhaps_twice(paid: Paid) -> Iterator[Paid]:
    """Yield a payment, and now and then a second one made by mistake."""
    yield paid
    if zlib.crc32(paid.trade_no.encode()) % _PAID_TWICE == 0:
        yield paid._replace(at_s=paid.at_s + 20, trade_no=f"{paid.trade_no}D")


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield the union of some stretches, in order."""
    current: Stretch | None = None
    for starts_s, ends_s in sorted(stretches):
        if current is not None and starts_s <= current[1]:
            current = (current[0], max(current[1], ends_s))
            continue
        if current is not None:
            yield current
        current = (starts_s, ends_s)
    if current is not None:
        yield current


def _free_of(stretch: Stretch, busy: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield what is left of a stretch beside those that are busy."""
    at_s, ends_s = stretch
    for starts_s, until_s in sorted(busy):
        if at_s < min(starts_s, ends_s):
            yield at_s, min(starts_s, ends_s)
        at_s = max(at_s, until_s)
    if at_s < ends_s:
        yield at_s, ends_s


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, tz=UTC)
