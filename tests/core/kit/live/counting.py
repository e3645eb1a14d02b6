"""A source that counts: one number per group, read from the real database."""

import threading
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core.kit.db import Tx
from core.kit.live.source import Picture


class Counting:
    """Counts how often each group was drawn and how many statements it sent."""

    def __init__(self, **cadence_s: float) -> None:
        """Keep the cadence of the groups, seconds."""
        self._cadence_s = cadence_s or {"fast": 0.0}
        self.drawn = dict.fromkeys(self._cadence_s, 0)
        self.reads = 0
        self.ages = 0
        self.hang = threading.Event()
        self.go_on = threading.Event()

    @property
    def cadence_s(self) -> Mapping[str, float]:
        """Return the cadence given."""
        return self._cadence_s

    def read(self, tx: Tx, *, at: datetime, due: Collection[str], last: Picture | None) -> Picture:
        """Draw the groups due with one statement."""
        self.reads += 1
        if self.hang.is_set():
            self.go_on.wait(10)
        tx.value("select 1")
        for group in due:
            self.drawn[group] += 1
        tiles = {group: {"n": self.drawn[group]} for group in self._cadence_s}
        return {"at": at.isoformat(), "age_s": 0, "tiles": tiles}

    def age(self, last: Picture | None, *, at: datetime) -> dict[str, Any]:
        """Return the last picture, marked."""
        self.ages += 1
        return {**(last or {"tiles": {}}), "at": at.isoformat(), "age_s": self.ages}

    def headline(self, picture: Picture) -> int:
        """Tell every tenth reading."""
        return self.reads // 10
