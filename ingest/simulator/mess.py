"""
The mess dial: what goes wrong between what happens and what is heard.

Shares lie between 0 and 1; rates count per device or gateway and day. `Mess.none()` is a world without faults.
"""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Self

from core.devices.devices import DeviceKind
from ingest.simulator.places import Device
from ingest.simulator.plates import Plate

_DAY_MS: Final = 86_400_000
_RATES: Final = frozenset({"reboots_a_day", "outages_a_day", "manual_openings_a_day"})


@dataclass(frozen=True, slots=True)
class Mess:
    """
    How much goes wrong.

    duplicates: messages sent twice. delays: sent up to twenty minutes late, as back-fill. gaps: lost for good.
    skewed: devices with a wrong clock. missed_exits: passages out of a lot that no camera saw. misreads: plates with
    one confusable character. double_payments: paid twice. outages: a gateway is away for a quarter to three quarters
    of an hour; sensors forget what they saw, lanes send it afterwards. stuck_screens: guidance screens that never change.
    tailgates: passages through a barrier that did not open for them.
    """

    duplicates: float = 0.0
    delays: float = 0.0
    gaps: float = 0.0
    skewed: float = 0.0
    missed_exits: float = 0.0
    misreads: float = 0.0
    double_payments: float = 0.0
    reboots_a_day: float = 0.0
    outages_a_day: float = 0.0
    manual_openings_a_day: float = 0.0
    stuck_screens: float = 0.0
    tailgates: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no share and no rate."""
        for name, value in asdict(self).items():
            if value < 0 or (name not in _RATES and value > 1):
                raise ValueError(f"{name} cannot be {value}")

    @classmethod
    def none(cls) -> Self:
        """Return a world in which every message arrives once, at once and right."""
        return cls()

    @classmethod
    def default(cls) -> Self:
        """Return the mess of an ordinary city."""
        return cls(
            duplicates=0.01, delays=0.004, gaps=0.002, skewed=0.02, missed_exits=0.004, misreads=0.006,
            double_payments=0.002, reboots_a_day=0.02, outages_a_day=0.3, manual_openings_a_day=2.0,
            stuck_screens=0.06, tailgates=0.01,
        )  # fmt: skip

    def times(self, dial: float) -> Self:
        """Return so many times as much mess."""
        return type(self)(
            **{name: value * dial if name in _RATES else min(1.0, value * dial) for name, value in asdict(self).items()}
        )


class Fate(NamedTuple):
    """What becomes of one message: a word for the truth (empty where nothing happened), and when it is sent."""

    word: str
    sent_ms: tuple[int, ...]


_LOOKALIKES: Final = {"0": "D", "D": "0", "8": "B", "B": "8", "1": "7", "7": "1", "5": "S", "S": "5", "2": "Z", "Z": "2"}
_BUFFERING: Final = frozenset({DeviceKind.LANE_CAMERA, DeviceKind.GATE, DeviceKind.KIOSK})


class Trouble:
    """Deals out the mess, by a seed: the same run meets the same faults."""

    def __init__(self, mess: Mess, seed: str) -> None:
        self.mess = mess
        self._seed = seed
        self._luck = random.Random(f"{seed}/mess")

    def fate(self, device: Device, at_ms: int) -> Fate:
        """Return what becomes of a message spoken now."""
        mess, luck = self.mess, self._luck
        day = at_ms // _DAY_MS
        windows = (*self.outages_on(device, day - 1), *self.outages_on(device, day))
        outage = next((ends for starts, ends in windows if starts <= at_ms < ends), None)
        if outage is not None:
            if device.kind in _BUFFERING:
                return Fate("delayed", (outage + luck.randrange(1_000, 60_000),))
            return Fate("lost", ())
        chance = luck.random()
        if chance < mess.gaps:
            return Fate("lost", ())
        chance -= mess.gaps
        if chance < mess.delays:
            return Fate("delayed", (at_ms + luck.randrange(30_000, 1_200_000),))
        chance -= mess.delays
        if chance < mess.duplicates:
            return Fate("duplicated", (at_ms, at_ms + luck.randrange(100, 5_000)))
        return Fate("", (at_ms,))

    def is_unseen(self, site_is_gated: bool) -> bool:  # noqa: FBT001  # a fact of the place, not a switch
        """Tell whether a departure passes without a trace."""
        return site_is_gated and self._luck.random() < self.mess.missed_exits

    def read(self, plate: Plate) -> Plate:
        """Return what a reader makes of a plate."""
        if self._luck.random() < self.mess.misreads:
            for place in range(len(plate.text) - 1, 1, -1):
                if plate.text[place] in _LOOKALIKES:
                    return Plate(plate.text[:place] + _LOOKALIKES[plate.text[place]] + plate.text[place + 1 :], plate.colour)
        return plate

    def pays_twice(self) -> bool:
        """Tell whether a driver pays a second time by mistake."""
        return self._luck.random() < self.mess.double_payments

    def reboots(self, device: Device) -> bool:
        """Tell, at a heartbeat, whether the device has just started anew."""
        return self._luck.random() < self.mess.reboots_a_day * device.beat_s / 86_400

    def opens_by_hand(self, device: Device) -> bool:
        """Tell, at a heartbeat, whether somebody lifts a barrier by hand."""
        return device.kind is DeviceKind.GATE and self._luck.random() < self.mess.manual_openings_a_day * device.beat_s / 86_400

    def follows(self) -> bool:
        """Tell whether a vehicle passes a barrier that did not open for it."""
        return self.mess.tailgates > 0 and self._luck.random() < self.mess.tailgates

    def is_stuck(self, device: Device) -> bool:
        """Tell whether a screen shows for ever what it showed first."""
        return random.Random(f"{self._seed}/stuck/{device.topic}").random() < self.mess.stuck_screens

    def skew_ms(self, device: Device) -> int:
        """Return how far a device's clock is off; within ten minutes, either way."""
        return _skew(self._seed, device.topic, self.mess.skewed)

    def outages_on(self, device: Device, day: int) -> tuple[tuple[int, int], ...]:
        """Return when the gateway of a device is away on a day counted from 1970 in UTC, milliseconds."""
        if self.mess.outages_a_day == 0 or device.gateway not in {"G1", "L1"}:
            return ()
        return _outages(f"{self._seed}/{device.site}/{device.gateway}", day, self.mess.outages_a_day)


@lru_cache(maxsize=8_192)
def _skew(seed: str, topic: str, share: float) -> int:
    luck = random.Random(f"{seed}/skew/{topic}")
    return luck.choice((-1, 1)) * luck.randrange(5_000, 500_000) if luck.random() < share else 0


@lru_cache(maxsize=4_096)
def _outages(key: str, day: int, rate: float) -> tuple[tuple[int, int], ...]:
    """Return when a gateway is away on one UTC day, milliseconds since 1970."""
    luck = random.Random(f"{key}/{day}")
    return tuple(_drawn(luck, day, rate))


def _drawn(luck: random.Random, day: int, rate: float) -> Iterator[tuple[int, int]]:
    at = luck.expovariate(rate)
    while at < 1:
        starts = int((day + at) * _DAY_MS)
        yield starts, starts + luck.randrange(900_000, 2_700_000)
        at += luck.expovariate(rate)
