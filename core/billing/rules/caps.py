"""Caps: what some bands cost at most together, counted as a stay goes on. Amounts are grains."""

from core.billing.rules.plans import Cap, Each


class Meter:
    """One cap during one stay."""

    __slots__ = ("_index", "_is_counted", "_key", "_left", "_limits", "cap")

    def __init__(self, cap: Cap, whole: int) -> None:
        """Begin with nothing spent; `whole` grains are a fen."""
        self.cap, self._key, self._index, self._left = cap, -1, -1, 0
        self._is_counted = cap.per in {Each.HOURS, Each.PERIOD}
        self._limits = cap.billed_ms or tuple(fen * whole for fen in cap.fen)

    def allow(self, key: int, grains: int, unit_ms: int, unit_n: int) -> int:
        """
        Return how much of an amount the cap leaves in a window, and take it off what is left there.

        Windows of hours and periods are counted from entry, days and visits as they come.
        """
        if key != self._key:
            self._key = key
            self._index = key if self._is_counted else self._index + 1
            self._left = self._limits[min(self._index, len(self._limits) - 1)]
        if self.cap.billed_ms:
            allowed_n = min(unit_n, self._left // unit_ms)
            self._left -= allowed_n * unit_ms
            return grains * allowed_n // unit_n if unit_n else 0
        allowed = min(grains, self._left)
        self._left -= allowed
        return allowed
