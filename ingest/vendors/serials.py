"""
Serials: eight-bit serial numbers of sensors, counted on without end.

A sensor sends 0 with its first packet after power came, then 1, 2, … 255, and 1 again. Packets come twice and out of order.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

CYCLE: Final = 255
"""Serial numbers between two of the same: 1 to 255."""
_HALF: Final = CYCLE // 2


class Place(NamedTuple):
    """Where a packet stands: the boot of its sensor, the number within it, and whether it is the first we hear of it."""

    boot: int
    seq: int
    is_first: bool


@dataclass(slots=True)
class _Counter:
    boot: int
    seq: int
    at_ms: int


@dataclass(slots=True)
class Serials:
    """The counters of many sensors. One begins anew with the first packet we see, and whenever its power came back."""

    _counters: dict[str, _Counter] = field(default_factory=dict)

    def place(self, device: str, serial: int, *, at_ms: int) -> Place:
        """Return the place of a packet, 0 ≤ serial ≤ 255; at_ms is the sensor's clock, or the gateway's."""
        assert 0 <= serial <= CYCLE
        known = self._counters.get(device)
        if known is None or (serial == 0 and at_ms > known.at_ms and (known.seq > 0 or at_ms - known.at_ms > 1_000)):
            boot = max(at_ms // 1_000, known.boot + 1 if known else 0)
            self._counters[device] = _Counter(boot, serial, at_ms)
            return Place(boot, serial, is_first=True)
        ahead = (serial - known.seq) % CYCLE
        if ahead > _HALF and known.seq >= CYCLE - ahead:
            return Place(known.boot, known.seq - (CYCLE - ahead), is_first=False)  # one that was overtaken
        known.seq += ahead
        known.at_ms = max(known.at_ms, at_ms)
        return Place(known.boot, known.seq, is_first=False)
