"""
Visits: the free time that a vehicle gets once a day, over all its stays in a site or group of sites.

What a stay used of it stands in its claim; what a later one has left follows from the claims before it, in the order in which
the stays began, whatever the order in which they became known. Tables stay, charge_order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from core.billing.prices import NOTHING_USED, NoTariff, PriceBook, TariffVersion
from core.billing.reckonings import Reckoning
from core.billing.rules.pricing import Line
from core.billing.rules.settlements import version_of_line
from core.billing.rules.visits import Used, used_by, used_on
from core.kit.db import Tx
from core.kit.locale import _
from core.kit.moments import moment
from core.kit.sql import named
from core.orders.pricing import class_of
from core.stays.changes import StayChange, StayRow, stay_from
from core.stays.storing import vehicle_of

SQL = named("orders/visits")

LONGEST: Final = timedelta(days=31)
"""Stays that began longer ago than this before a day use nothing of it any more."""


class FreeUsed(NamedTuple):
    """What a claim used: where, by which tariff, which free time, on which day (the ordinal of its date), milliseconds."""

    pool_id: str
    tariff: str
    name: str
    day: int
    ms: int


class _Key(NamedTuple):
    """Whose free time it is: of a vehicle, in a pool, by a tariff."""

    pool_id: UUID
    vehicle_id: UUID
    tariff: str


class PoolUnsaid(NoTariff):
    """Nobody said among which sites the free time of a tariff is given once a day."""


@dataclass(slots=True)
class Visits:
    """What vehicles used, as far as claims tell; those that are priced now are noted one after the other, as they began."""

    book: PriceBook
    used: dict[_Key, list[tuple[int, UUID, Used]]] = field(default_factory=dict)  # when the stay began, its id, what it used

    def before(self, stay: StayRow, versions: Iterable[TariffVersion]) -> Mapping[str, int]:
        """
        Return what the vehicle of a stay used of its day before it came, by the name of the free time.

        Raises:
            PoolUnsaid: nobody said where else it would have used it.
        """
        found: Mapping[str, int] = NOTHING_USED
        for version in versions:
            if version.rationed:
                key, mine = _key_of(stay, version), (stay.billed_from_ms, stay.stay_id)
                earlier = [used for began_ms, stay_id, used in self.used.get(key, ()) if (began_ms, stay_id) < mine]
                found = {**found, **used_on(version.compiled.days.ordinal(stay.billed_from_ms), earlier)}
        return found

    def note(self, stay: StayRow, reckoning: Reckoning, lines: Sequence[Line]) -> tuple[FreeUsed, ...]:
        """Note what a priced stay used, and return it for its claim."""
        if not self.book.is_rationed:
            return ()
        found = []
        for version, own in _lines_by(reckoning.versions, lines):
            if version.rationed and version.pool_id is not None:
                key = _key_of(stay, version)
                for used in used_by(version.rationed, version.compiled.days, reckoning.started_ms, own):
                    self.used.setdefault(key, []).append((stay.billed_from_ms, stay.stay_id, used))
                    found.append(FreeUsed(str(key.pool_id), key.tariff, *used))
        return tuple(found)


def lay_out(tx: Tx, changes: Iterable[StayChange], book: PriceBook) -> tuple[Visits, list[StayRow]]:
    """
    Return what claims tell of the vehicles whose stays changed, and the stays that may have to be priced anew for it.

    Those are all of a vehicle that began on a day of a changed stay, behind its beginning; what they used is left out.
    """
    visits = Visits(book)
    wanted = [row for stay in _sides(changes) for row in _around(stay, book)] if book.is_rationed else []
    if not wanted:
        return visits, []
    rows = tx.rows(
        SQL["list_visits"],
        site_ids=[site_id for site_id, _vehicle, _from, _to, _began in wanted],
        vehicle_ids=[vehicle_id for _site, vehicle_id, _from, _to, _began in wanted],
        froms=[moment(from_ms) - LONGEST for _site, _vehicle, from_ms, _to, _began in wanted],
        days=[moment(from_ms) for _site, _vehicle, from_ms, _to, _began in wanted],
        tos=[moment(to_ms) for _site, _vehicle, _from, to_ms, _began in wanted],
    )
    first: dict[UUID, int] = {}
    for _site_id, vehicle_id, _from_ms, _to_ms, began_ms in wanted:
        first[vehicle_id] = min(first.get(vehicle_id, began_ms), began_ms)
    anew = []
    for row in rows:
        stay = stay_from(row)
        if stay.billed_from_ms >= first[row["vehicle_id"]]:
            anew.append(stay)
        else:
            _recall(visits, stay, row["vehicle_id"], row["free_used"] or ())
    return visits, anew


def used_before(tx: Tx, book: PriceBook, stay: StayRow, versions: Sequence[TariffVersion]) -> Mapping[str, int]:
    """
    Return what the vehicle of one stay used of its day before it came, as claims tell now.

    Raises:
        PoolUnsaid: nobody said where else it would have used it.
    """
    if not any(version.rationed for version in versions):
        return NOTHING_USED
    visits, _anew = lay_out(tx, [StayChange(None, stay)], book)
    return visits.before(stay, versions)


def _sides(changes: Iterable[StayChange]) -> Iterable[StayRow]:
    return (stay for change in changes for stay in change if stay is not None and stay.plate is not None)


def _around(stay: StayRow, book: PriceBook) -> Iterable[tuple[UUID, UUID, int, int, int]]:
    """Yield for each site that shares its free time: site, vehicle, the days of the stay in milliseconds, its beginning."""
    assert stay.plate is not None
    began_ms, ended_ms = stay.billed_from_ms, stay.ended_ms or stay.billed_from_ms
    try:
        versions = book.versions_in(stay.site_id, class_of(stay), began_ms, ended_ms, space_id=stay.subject_id)
    except NoTariff:
        return
    for version in versions:
        if version.rationed and version.pool_id is not None:
            days = version.compiled.days
            from_ms, to_ms = days.midnight(days.ordinal(began_ms)), days.midnight(days.ordinal(ended_ms) + 1)
            for site_id in book.sites_of(version.pool_id):
                yield site_id, vehicle_of(stay.plate), from_ms, to_ms, began_ms


def _recall(visits: Visits, stay: StayRow, vehicle_id: UUID, told: Iterable[Sequence[object]]) -> None:
    for each in told:
        used = FreeUsed(*each)  # type: ignore[arg-type]  # a list of JSON, as `FreeUsed` was written
        key = _Key(UUID(used.pool_id), vehicle_id, used.tariff)
        visits.used.setdefault(key, []).append((stay.billed_from_ms, stay.stay_id, Used(used.name, used.day, used.ms)))


def _key_of(stay: StayRow, version: TariffVersion) -> _Key:
    assert stay.plate is not None
    if version.pool_id is None:
        raise PoolUnsaid(_("Its free time is given to a vehicle once a day, and nobody said among which sites."))
    return _Key(version.pool_id, vehicle_of(stay.plate), version.compiled.code)


def _lines_by(versions: Sequence[TariffVersion], lines: Sequence[Line]) -> Iterable[tuple[TariffVersion, list[Line]]]:
    """Return the lines of a price by the version they are of."""
    told = [version_of_line(line) for line in lines]
    return ((version, [line for by, line in told if by == number]) for number, version in enumerate(versions))
