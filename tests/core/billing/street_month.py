"""A street with a tariff, and stays of October on it, for tests of what another tariff would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from core.access.actors import Actor
from core.billing import assignments, effects, tariffs, trials
from core.billing.rules.tallies import Tally
from core.kit import partitions
from core.kit.db import Tx
from core.kit.ids import derived_id
from tests.core.billing.pricing_room import AT, draft, publish_year, text
from tests.core.upkeep.street import a_site, a_space

OCTOBER: Final = date(2026, 10, 1)
SINCE: Final = datetime(2026, 9, 1, tzinfo=UTC)
FIRST: Final = datetime(2026, 10, 5, 1, tzinfo=UTC)
"""Nine in the morning of the city."""


@dataclass(frozen=True, slots=True)
class Month:
    """The site, and the tariff that holds there: five yuan a started hour."""

    site_id: UUID
    space_id: UUID
    tariff_id: UUID
    version_id: UUID


def a_month(tx: Tx, *, code: str = "sample", assigned: bool = True) -> Month:
    """Lay out a street whose tariff was delivered long ago."""
    site = a_site(tx)
    space_id = a_space(tx, site)
    publish_year(tx)
    organisation_id = derived_id("organisation", "upkeep")
    (version_id,) = tariffs.deliver(tx, [text(code=code)], organisation_id=organisation_id, at=SINCE).values()
    if assigned:
        assignments.assign(tx, [assignments.Assignment(site.site_id, "", SINCE, version_id)])
    for number in (10, 11):
        tx.run(partitions.MAKE, month=OCTOBER.replace(month=number))
    return Month(site.site_id, space_id, derived_id("tariff", code), version_id)


def park(
    tx: Tx, month: Month, minutes: Sequence[int], *, plate: str | None = "江A12345", colour: str = "blue", quality: str = "A",
    state: str = "closed", vehicle_class: str = "small", first: datetime = FIRST,
) -> list[UUID]:  # fmt: skip
    """Let a vehicle stand so many minutes, once an hour; return the stays."""
    found = []
    for number, length in enumerate(minutes):
        started_at = first + timedelta(hours=number)
        stay_id = derived_id("stay", plate or "", quality, state, vehicle_class, started_at.isoformat())
        tx.run(
            """insert into stay (site_id, started_at, stay_id, ended_at, subject_id, subject_kind, plate, plate_colour,
                vehicle_class, state, quality)
            values (%(site_id)s, %(started_at)s, %(stay_id)s, %(ended_at)s, %(space_id)s, 'space', %(plate)s, %(colour)s,
                %(vehicle_class)s, %(state)s, %(quality)s)""",
            site_id=month.site_id, started_at=started_at, stay_id=stay_id, ended_at=started_at + timedelta(minutes=length),
            space_id=month.space_id, plate=plate, colour=colour if plate else None, vehicle_class=vehicle_class, state=state,
            quality=quality,
        )  # fmt: skip
        found.append(stay_id)
    return found


def a_draft(tx: Tx, by: Actor, *, fen: int = 600, code: str = "sample") -> UUID:
    """Write the next version of the tariff; return the draft."""
    return tariffs.write(tx, draft(text(code=code, fen=fen)), by=by, at=AT)


def finish(tx: Tx) -> None:
    """Price the effect that waits."""
    effect = effects.claim(tx, at=AT)
    assert effect is not None
    trial, (site_id,) = effects.open_trial(tx, effect)
    tally, stays = Tally(), trials.list_stays(tx, trial, site_id, after=None)
    trials.try_stays(trial, site_id, stays, tally)
    effects.keep_site(tx, effect, site_id, tally)
    effects.finish(tx, effect, trial, stay_n=len(stays), at=AT)
