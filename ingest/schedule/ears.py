"""Since when somebody has been listening: the time before counts for nobody's silence."""

from datetime import datetime, timedelta
from typing import Final

BREAK: Final = timedelta(seconds=45)
"""Longer than this between two looks, and we may have been asleep ourselves."""


class Ears:
    """Remember since when we have looked without a break."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._latest: datetime | None = None

    def listening_since(self, at: datetime) -> datetime:
        """Take note that we listen at this instant; return since when we have done so without a break."""
        if self._since is None or self._latest is None or not timedelta() <= at - self._latest <= BREAK:
            self._since = at
        self._latest = at
        return self._since
