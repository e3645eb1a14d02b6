"""Plates and messages whose period is over, by the clock: some months a night, the oldest first."""

from typing import Final

from core.upkeep import forgetting
from core.upkeep.forgetting import Kind
from ingest.messages.wire import KINDS
from ingest.schedule.job import Work

MONTHS: Final = 3
"""Most months of one night, so that a long past is gone through in some weeks and not in one night."""
NAMELESS: Final = tuple(kind for kind, form in KINDS.items() if not {"plate", "token"} & form.model_fields.keys())
"""Kinds of messages that name no vehicle."""


def forget_plates(work: Work) -> str:
    """Let plates become anonymous."""
    return _forget(work, Kind.PLATES)


def forget_messages(work: Work) -> str:
    """Empty messages that may name a plate."""
    return _forget(work, Kind.MESSAGES)


def _forget(work: Work, kind: Kind) -> str:
    """Return what became of each month."""
    said: list[str] = []
    while len(said) < MONTHS:
        done = forgetting.forget_month(work.database, kind, nameless=NAMELESS, at=work.clock.now())
        if done is None:
            break
        said.append(f"{done.month:%Y-%m}: {done.done_n} done, {done.kept_n} kept")
    return "; ".join(said) or "no month is old enough"
