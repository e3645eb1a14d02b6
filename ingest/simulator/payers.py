"""
How drivers pay: at once, before they leave, days later, or not at all.

Channel shares are those of the drawn wall; about three in a hundred refuse on the street.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.kit.money import Fen
from core.places.sites import SiteMode
from ingest.messages.handheld import Channel
from ingest.simulator.places import Site
from ingest.simulator.prices import owed, price_of

CHANNELS: Final = (
    (Channel.WECHAT, 0.62),
    (Channel.ALIPAY, 0.23),
    (Channel.ETC, 0.09),
    (Channel.WALLET, 0.03),
    (Channel.CASH, 0.03),
)
_NAMES: Final = tuple(channel for channel, _share in CHANNELS)
_SHARES: Final = tuple(share for _channel, share in CHANNELS)


class Manner(StrEnum):
    """What a driver does about the bill."""

    PROMPT = "prompt"
    PREPAID = "prepaid"
    LATE = "late"
    REFUSED = "refused"


STREET_MANNERS: Final = ((Manner.PROMPT, 0.84), (Manner.PREPAID, 0.06), (Manner.LATE, 0.06), (Manner.REFUSED, 0.04))
LOT_MANNERS: Final = ((Manner.PROMPT, 0.795), (Manner.PREPAID, 0.205))
"""Behind a barrier nobody leaves without paying; one in five pays at the kiosk."""

LOCK_MANNERS: Final = ((Manner.PREPAID, 1.0),)
"""Nobody gets over a raised lock: whoever was read pays before leaving."""

RECOVERED: Final = 0.35
"""Share of refusals paid after reminders, four to twenty-five days later."""
LATEST_S: Final = 3 * 86_400
"""A late payer pays within three days."""
_DAY_S: Final = 86_400


class Intent(NamedTuple):
    """
    How one driver pays. Seconds since 1970.

    prepaid_s: when something is paid in advance, None for never; pays_s: when the rest is paid, None for never.
    """

    manner: Manner
    channel: Channel
    prepaid_s: int | None
    pays_s: int | None


class Paid(NamedTuple):
    """One payment as the driver made it."""

    at_s: int
    fen: Fen
    channel: Channel
    trade_no: str


def intents(
    site: Site,
    came: NDArray[np.int64],
    left: NDArray[np.int64],
    read: NDArray[np.int64],
    luck: np.random.Generator,
) -> Iterator[Intent]:
    """Yield how the driver of each stay means to pay."""
    size = came.size
    manners = _manners(site)
    picked = luck.choice(len(manners), size=size, p=[share for _manner, share in manners]).tolist()
    channels = luck.choice(len(_NAMES), size=size, p=_SHARES).tolist()
    prompt_s = (left + _seconds_to_pay(site, size, luck)).tolist()
    late_s = (left + np.clip(luck.lognormal(np.log(9 * 3_600), 0.9, size=size), 7_200, LATEST_S).astype(np.int64)).tolist()
    recovered = luck.random(size) < RECOVERED
    reminded_s = np.where(recovered, left + luck.integers(4 * _DAY_S, 25 * _DAY_S, size=size), -1).tolist()
    ahead_s = _paid_ahead(site, came, left, read, luck).tolist()
    for which, channel, prompt, late, reminded, ahead in zip(picked, channels, prompt_s, late_s, reminded_s, ahead_s, strict=True):
        manner = manners[which][0]
        pays_s = late if manner is Manner.LATE else reminded if manner is Manner.REFUSED else prompt
        prepaid_s = ahead if manner is Manner.PREPAID and ahead >= 0 else None
        yield Intent(manner, _NAMES[channel], prepaid_s, None if pays_s < 0 else pays_s)


def _manners(site: Site) -> tuple[tuple[Manner, float], ...]:
    if site.mode is SiteMode.SPACE_LOCK:
        return LOCK_MANNERS
    return STREET_MANNERS if site.spaces else LOT_MANNERS


def _seconds_to_pay(site: Site, size: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """At a barrier it takes seconds, on the street minutes: the slip is paid from the phone, the collector is near."""
    if not site.spaces:
        return luck.integers(4, 25, size=size)
    return np.clip(luck.lognormal(np.log(75), 0.8, size=size), 8, 1_200).astype(np.int64)


def _paid_ahead(
    site: Site, came: NDArray[np.int64], left: NDArray[np.int64], read: NDArray[np.int64], luck: np.random.Generator
) -> NDArray[np.int64]:
    """Return when a driver pays in advance, -1 where there is no time for it: at a kiosk or a lock on the way out, or mid-stay."""
    if not site.spaces:
        at_s = left - luck.integers(60, 480, size=came.size)
        return np.where(at_s > came + 30, at_s, -1)
    from_s = np.maximum(came, read) + 30
    if site.mode is SiteMode.SPACE_LOCK:
        at_s = left - luck.integers(20, 60, size=came.size)
        return np.where((read >= 0) & (from_s < at_s), at_s, -1)
    at_s = from_s + ((left - from_s) * luck.uniform(0.1, 0.9, size=came.size)).astype(np.int64)
    return np.where((read >= 0) & (from_s < left - 60), at_s, -1)


def payments(
    site: Site, spot: int, colour: str, intent: Intent, *, in_s: int, out_s: int, known_s: int, zone: ZoneInfo
) -> Iterator[Paid]:
    """
    Yield what a driver pays, whenever that is; together with what stays unpaid it is the price.

    in_s names the trade, known_s is when the operator first knew of the vehicle: billing starts there.
    """
    due = owed(site, colour, known_s, out_s, zone, paid_s=intent.prepaid_s)
    stem = f"{in_s}{site.index:02d}{spot:05d}"
    initial = intent.channel[0].upper()
    if intent.prepaid_s is not None and intent.prepaid_s > known_s:
        ahead = price_of(site, colour, known_s, intent.prepaid_s, zone)
        if ahead > 0:
            yield Paid(intent.prepaid_s, ahead, intent.channel, f"{initial}{stem}0")
            due = Fen(due - ahead)
    if due > 0 and intent.pays_s is not None:
        yield Paid(intent.pays_s, due, intent.channel, f"{initial}{stem}1")
