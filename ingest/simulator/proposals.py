"""
Proposals: what the demo city's desk of tariffs begins with: golden cases, a version that waits for approval, and a draft.

What is proposed prices nothing: the truth of the simulator knows the tariffs as they were delivered.
"""

from datetime import datetime
from typing import Final

from core.access.actors import Actor
from core.billing import cases, golden_cases, tariffs
from core.kit.clock import city_zone
from core.kit.db import Row, Tx
from core.kit.listing import Asked
from ingest.simulator import prices
from ingest.simulator.city import OPERATOR

_CHECKED: Final = ("street-outer", "price_fen: 50}", "price_fen: 80}", "夜间每两小时由 0.50 元调为 0.80 元")
_DRAFT: Final = ("lot-calm", "limits_fen: [2000]", "limits_fen: [2500]", "日封顶由 20 元调为 25 元")
"""A tariff, what of its text is replaced by what, and the note of who wrote it."""


def fill(tx: Tx, writer: Actor, *, at: datetime) -> int:
    """Save the golden cases and write what is proposed, where the city's tariffs stand; return how many things were added."""
    known = {row["code"]: row for row in tariffs.TARIFFS.rows(tx, Asked(), at=at) if row["code"] in prices.TARIFFS}
    if len(known) < len(prices.TARIFFS):
        return 0
    case_n = sum(_save(tx, row, writer, at=at) for row in known.values())
    draft_id = tariffs.write(tx, _proposed(*_CHECKED), by=writer, at=at)
    tariffs.write(tx, _proposed(*_DRAFT), by=writer, at=at)
    return case_n + 1 + tariffs.check(tx, [draft_id], by=writer, at=at)


def _save(tx: Tx, row: Row, by: Actor, *, at: datetime) -> int:
    told = cases.read_cases(prices.cases_of(row["code"])).cases
    for case in told:
        entered_at, left_at = (wall.replace(tzinfo=city_zone()) for wall in (case.entry, case.exit))
        draft = golden_cases.Draft(
            tariff_id=row["tariff_id"], name=case.case_id, entered_at=entered_at, left_at=left_at,
            expected_fen=case.expected_minor or 0, reason="江州市停车收费标准（演示）",
        )  # fmt: skip
        golden_cases.save(tx, draft, by=by, at=at)
    return len(told)


def _proposed(code: str, old: str, new: str, note: str) -> tariffs.Draft:
    return tariffs.Draft(organisation_id=OPERATOR, rules_text=prices.text_of(code).replace(old, new), note=note)
