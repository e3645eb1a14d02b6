"""Effects by the clock: what a tariff would have earned is priced where somebody asks for it, a batch of stays a transaction."""

from dataclasses import dataclass
from uuid import UUID

from core.billing import effects, trials
from core.billing.effects import Effect, Stopped
from core.billing.rules.tallies import Tally
from core.billing.trials import Trial
from core.kit.errors import Refused
from ingest.schedule.job import Work


@dataclass(slots=True)
class _Progress:
    """How many stays were looked at, and how many there are."""

    stay_n: int
    stay_total: int


def price_asked(work: Work) -> str:
    """
    Price the effects that somebody asks for.

    Raises:
        Unavailable: the database is away; another run begins the effect anew when this one has been silent long enough.
    """
    done_n = 0
    while (effect := _claim(work)) is not None:
        try:
            done_n += _price(work, effect)
        except Stopped:
            continue
        except Refused as said:
            with work.database.transaction() as tx:
                effects.fail(tx, effect, detail=said.message, at=work.clock.now())
    return f"{done_n} stays" if done_n else "nothing asked"


def _claim(work: Work) -> Effect | None:
    with work.database.transaction() as tx:
        return effects.claim(tx, at=work.clock.now())


def _price(work: Work, effect: Effect) -> int:
    """Price one effect; return how many stays were looked at."""
    with work.database.transaction() as tx:
        trial, site_ids = effects.open_trial(tx, effect)
        progress = _Progress(0, trials.count_stays(tx, trial, site_ids))
    for site_id in site_ids:
        _price_site(work, effect, trial, site_id, progress)
    with work.database.transaction() as tx:
        effects.finish(tx, effect, trial, stay_n=progress.stay_n, at=work.clock.now())
    return progress.stay_n


def _price_site(work: Work, effect: Effect, trial: Trial, site_id: UUID, progress: _Progress) -> None:
    tally, after, is_over = Tally(), None, False
    while not is_over:
        with work.database.transaction() as tx:
            stays = trials.list_stays(tx, trial, site_id, after=after)
            trials.try_stays(trial, site_id, stays, tally)
            progress.stay_n += len(stays)
            is_over = len(stays) < trials.BATCH
            if is_over:
                effects.keep_site(tx, effect, site_id, tally)
            total = max(progress.stay_n, progress.stay_total)
            effects.beat(tx, effect, stay_n=progress.stay_n, stay_total=total, at=work.clock.now())
        after = stays[-1] if stays else None
