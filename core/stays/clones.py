"""
Clones: one plate that stands in two places at once (R20). Tables open_stay, review_case.

Nobody is refused for it: both stays go on, and a person looks at both.
"""

from datetime import datetime, timedelta
from typing import Final

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.sql import named

SQL = named("stays/clones")

SETTLED_AFTER: Final = timedelta(minutes=5)
"""Both must have stood for so long: the message that ends the first may still be under way."""
MOST: Final = 1_000


def suspect(tx: Tx, *, at: datetime) -> int:
    """Open a case for every open stay of a vehicle that stands elsewhere, too; return how many were opened."""
    found = tx.tuples(SQL["list_doubles"], before=at - SETTLED_AFTER, most=MOST)
    if not found:
        return 0
    return tx.run(
        SQL["open_cases"],
        site_ids=[site_id for site_id, _, _ in found],
        case_ids=[derived_id("case", site_id, "clone_suspect", stay_id) for site_id, _, stay_id in found],
        subject_ids=[subject_id for _, subject_id, _ in found],
        stay_ids=[stay_id for _, _, stay_id in found],
        at=at,
    )
