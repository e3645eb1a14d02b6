"""Facts for the wall: the demo city's places with a random past, written by `core.finance.past` day by day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.finance import past as finance
from core.kit.db import Database
from core.kit.ids import derived_id
from core.kit.money import Fen
from core.stays.past import PastPayment, PastStay, PastUnknown, make_months
from ingest.simulator import city, places

SEED = 7
BERTHS = 160
CHANNELS = ("wechat", "alipay", "etc", "cash")
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Past:
    """What one subject went through."""

    stays: list[PastStay]
    unknowns: list[PastUnknown]


def fill(database: Database, *, until: datetime, days: int) -> None:
    """Build a small city and give it a past that ends at `until`."""
    city.build(database, seed=SEED, berths=BERTHS, at=until, days=days)
    luck = random.Random(SEED)
    subjects = list(_subjects(until - days * A_DAY, until, luck))
    stays = sorted((stay for one in subjects for stay in one.stays), key=lambda stay: stay.started_at)
    unknowns = [run for one in subjects for run in one.unknowns]
    with database.transaction() as tx:
        make_months(tx, stays, unknowns)
    for first in range(0, len(stays), 5_000):
        with database.transaction() as tx:
            finance.record(tx, stays=stays[first : first + 5_000], unknowns=unknowns if first == 0 else (), at=until)


def a_stay(site_id: UUID, subject_id: UUID, started_at: datetime, ended_at: datetime, *, gross_fen: int = 0, paid: int = 0) -> PastStay:
    """Return a stay on a space, paid a minute after its end as far as `paid` goes."""
    name = f"{subject_id}-{started_at.isoformat()}"
    payments = (PastPayment("wechat", name, Fen(paid), ended_at + timedelta(minutes=1)),) if paid else ()
    return PastStay(
        site_id=site_id,
        subject_id=subject_id,
        subject_kind="space",
        started_at=started_at,
        ended_at=ended_at,
        plate="江A10001",
        plate_colour="blue",
        vehicle_class="small",
        quality="A",
        origin="history",
        source_row=None,
        note=None,
        gross_fen=Fen(gross_fen),
        tariff_version_id=None,
        payments=payments,
    )


def _subjects(begin: datetime, until: datetime, luck: random.Random) -> Iterator[Past]:
    layout = places.layout(SEED, BERTHS)
    for site in layout.sites:
        for space in site.spaces:
            yield _space(site.site_id, space.space_id, begin, until, luck)
        for number in range(0 if site.spaces else 900):
            came_at = _ms(begin + (until - begin) * luck.random())
            left_at = _ms(came_at + timedelta(seconds=luck.lognormvariate(8.5, 0.9)))
            if left_at < until:
                yield Past([_random_stay(site.site_id, derived_id("car", site.code, str(number)), "vehicle", came_at, left_at, luck)], [])


def _space(site_id: UUID, space_id: UUID, begin: datetime, until: datetime, luck: random.Random) -> Past:
    """Let a space be free, taken and at times unknown, in turn; all ends lie before `until`."""
    one, at = Past([], []), begin
    while True:
        from_at = _ms(at + timedelta(seconds=luck.expovariate(1 / 5_400)))
        at = _ms(from_at + timedelta(seconds=1 + luck.lognormvariate(8.0, 0.9)))
        if at >= until:
            return one
        if luck.random() < 0.04:
            one.unknowns.append(PastUnknown(site_id, space_id, from_at, at))
        else:
            one.stays.append(_random_stay(site_id, space_id, "space", from_at, at, luck))


def _random_stay(site_id: UUID, subject_id: UUID, kind: str, from_at: datetime, to_at: datetime, luck: random.Random) -> PastStay:
    fen = 150 * (1 + int((to_at - from_at).total_seconds()) // 900)
    trade_no = f"{subject_id}-{from_at.isoformat()}"
    late = timedelta(seconds=luck.choice((-60, 30, 90, 40_000)))
    payments = (PastPayment(luck.choice(CHANNELS), trade_no, Fen(fen), to_at + late),) if luck.random() < 0.95 else ()
    is_read = luck.random() < 0.97
    return PastStay(
        site_id=site_id,
        subject_id=subject_id,
        subject_kind=kind,
        started_at=from_at,
        ended_at=to_at,
        plate=f"江A{luck.randrange(10_000, 99_999)}" if is_read else None,
        plate_colour="blue" if is_read else None,
        vehicle_class="small",
        quality="A",
        origin="history",
        source_row=None,
        note=None,
        gross_fen=Fen(fen) if is_read else None,
        tariff_version_id=None,
        payments=payments if is_read else (),
    )


def _ms(at: datetime) -> datetime:
    """Cut an instant to milliseconds, as devices tell them."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1_000 * 1_000)
