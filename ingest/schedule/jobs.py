"""The jobs of the product, and when each is done."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from core.access import retention
from core.kit.clock import city_date
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.partitions import Partitions
from core.stays import clones
from core.upkeep import alarms, compaction, purge, rebuild
from ingest.schedule import arrears, audit, barriers, calendar, effects, forgetting, pictures, silence
from ingest.schedule.job import Job, Work, nightly, periodic
from ingest.simulator import roster

MONTHS_AHEAD: Final = 2
CHECKED_DAYS: Final = 2


class FiguresDiffer(Refused):
    """The figures of a day are not what its facts add up to."""


def compact(work: Work) -> str:
    """Move deltas into rollups."""
    with work.database.transaction() as tx:
        return f"{compaction.compact(tx)} rows"


def refresh_months(work: Work) -> str:
    """Count this month and the last one anew from days."""
    this = city_date(work.clock.now()).replace(day=1)
    return _refresh_months(work, from_on=_months_after(this, -1), to_on=_months_after(this, 1))


def refresh_all_months(work: Work) -> str:
    """Count every month anew from days: history may have come in behind us."""
    return _refresh_months(work, from_on=date(2000, 1, 1), to_on=date(2100, 1, 1))


def make_partitions(work: Work) -> str:
    """Have the months ready that facts will fall into: this one and two more, so that no writer waits for one."""
    this = work.clock.now().date().replace(day=1)
    months = [_months_after(this, ahead) for ahead in range(MONTHS_AHEAD + 1)]
    Partitions(work.database).ensure(datetime.combine(month, time.min, UTC) for month in months)
    with work.database.transaction() as tx:
        for month in months:
            retention.make_month(tx, month)
    return f"up to {months[-1]:%Y-%m}"


def judge_alarms(work: Work) -> str:
    """Raise and clear alarms."""
    with work.database.transaction() as tx:
        changes = alarms.judge(tx, limits=alarms.limits(tx), at=work.clock.now())
    return f"{changes.raised_n} raised, {changes.cleared_n} cleared"


def find_clones(work: Work) -> str:
    """Have a person look at plates that stand in two places, and watch those that came there too fast."""
    at = work.clock.now()
    with work.database.transaction() as tx:
        return f"{clones.suspect(tx, at=at)} stays, {clones.watch(tx, at=at)} plates"


def keep_roster(work: Work) -> str:
    """Let the demo city's collectors come and go."""
    with work.database.transaction() as tx:
        came_n, left_n = roster.attend(tx, at=work.clock.now())
    return f"{came_n} came, {left_n} left"


def purge_old(work: Work) -> str:
    """Delete what has served its time."""
    with work.database.transaction() as tx:
        return f"{purge.purge(tx, jobs=[job.name for job in JOBS], at=work.clock.now())} rows"


def check_figures(work: Work) -> str:
    """
    Count the last days anew from facts and compare.

    Raises:
        FiguresDiffer: a figure is wrong; `core.upkeep.rebuild.mend` puts it right.
    """
    today = city_date(work.clock.now())
    for back in range(1, CHECKED_DAYS + 1):
        on = today - timedelta(days=back)
        with work.database.transaction() as tx:
            lacking = rebuild.compare(tx, on=on)
        if lacking:
            raise FiguresDiffer(
                _(
                    "Of %(day)s, %(hours)s hourly and %(days)s daily figures differ from the facts.",
                    day=on.isoformat(),
                    hours=len(lacking.hours),
                    days=len(lacking.days),
                )
            )
    return f"{CHECKED_DAYS} days agree"


def _refresh_months(work: Work, *, from_on: date, to_on: date) -> str:
    with work.database.transaction() as tx:
        return f"{compaction.refresh_months(tx, from_on=from_on, to_on=to_on)} rows put right"


def _months_after(first: date, months: int) -> date:
    """Return the first of the month so many months after the one that begins at `first`."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


JOBS: Final[tuple[Job, ...]] = (
    periodic("compaction", timedelta(seconds=10), compact),
    periodic("silence", timedelta(seconds=10), silence.watch),
    periodic("alarms", timedelta(seconds=10), judge_alarms),
    periodic("clones", timedelta(minutes=1), find_clones),
    periodic("barriers", timedelta(minutes=1), barriers.watch),
    periodic("arrears", timedelta(minutes=5), arrears.move_overdue, limit=timedelta(minutes=30)),
    periodic("audit_seals", timedelta(seconds=10), audit.seal),
    periodic("audit_anchor", timedelta(minutes=1), audit.anchor),
    periodic("partitions", timedelta(hours=1), make_partitions),
    periodic("months", timedelta(hours=1), refresh_months),
    periodic("roster", timedelta(minutes=1), keep_roster),
    periodic("purge", timedelta(hours=1), purge_old),
    periodic("pictures", timedelta(hours=1), pictures.purge),
    periodic("picture_sums", timedelta(minutes=5), pictures.count),
    periodic("picture_checks", timedelta(seconds=10), pictures.check_asked, limit=timedelta(hours=2)),
    periodic("tariff_effects", timedelta(seconds=5), effects.price_asked, limit=timedelta(hours=2)),
    nightly("picture_share", 1, pictures.ask_share),
    nightly("calendar", 1, calendar.extend),
    nightly("plates", 2, forgetting.forget_plates, limit=timedelta(hours=6)),
    nightly("messages", 2, forgetting.forget_messages, limit=timedelta(hours=6)),
    nightly("all_months", 2, refresh_all_months),
    nightly("figures", 3, check_figures),
    nightly("audit_check", 4, audit.verify),
    nightly("audit_retirement", 5, audit.retire),
)
"""All of them. Each is idempotent, so that a slot may be tried again."""
