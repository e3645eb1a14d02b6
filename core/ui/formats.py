"""How pages write money, lengths of time and instants. The one place of screens that knows the city's zone."""

from datetime import datetime, timedelta
from typing import Final

from core.kit.clock import city_zone
from core.kit.locale import _
from core.ui.parts import UNKNOWN

_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
_DAYS_FROM: Final = 2
"""From so many days on a length is told in days."""


def money(fen: int | None) -> str:
    """Return an amount in yuan with two places, thousands grouped; a dash when it cannot be known."""
    if fen is None:
        return UNKNOWN
    yuan, rest = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def length(seconds: int | None) -> str:
    """Return a length of time in its two largest units: `1 d 2 h`, `24 h 18 min`, `46 s`; a dash when unknown."""
    if seconds is None:
        return UNKNOWN
    minutes, left_s = divmod(max(0, seconds), 60)
    hours, left_min = divmod(minutes, 60)
    days, left_h = divmod(hours, 24)
    if days >= _DAYS_FROM:
        return _("%(d)s d %(h)s h", d=days, h=left_h)
    if hours:
        return _("%(h)s h %(min)s min", h=hours, min=left_min)
    return _("%(min)s min %(s)s s", min=minutes, s=left_s) if minutes else _("%(n)s s", n=left_s)


def clock(at: datetime | None, *, seconds: bool = True) -> str:
    """Return the city's time of day of an instant."""
    return UNKNOWN if at is None else at.astimezone(city_zone()).strftime("%H:%M:%S" if seconds else "%H:%M")


def moment(at: datetime | None, *, now: datetime, seconds: bool = True) -> str:
    """Return the city's time of an instant with its day where that is not the day of `now`: `yesterday 14:13:40`."""
    if at is None:
        return UNKNOWN
    day, today = (one.astimezone(city_zone()).date() for one in (at, now))
    time = clock(at, seconds=seconds)
    if day == today:
        return time
    if day == today - timedelta(days=1):
        return _("yesterday %(time)s", time=time)
    return f"{day:%m-%d} {time}" if day.year == today.year else f"{day:%Y-%m-%d} {time}"


def ago(at: datetime | None, *, now: datetime) -> str:
    """Return how long ago an instant was, in its largest unit; two days and more in days."""
    if at is None:
        return UNKNOWN
    s = max(0, int((now - at).total_seconds()))
    if s < _MINUTE_S:
        return _("%(span)s ago", span=_("%(n)s s", n=s))
    if s < _HOUR_S:
        return _("%(span)s ago", span=_("%(n)s min", n=s // _MINUTE_S))
    if s < _DAYS_FROM * _DAY_S:
        return _("%(span)s ago", span=_("%(n)s h", n=s // _HOUR_S))
    return _("%(span)s ago", span=_("%(n)s d", n=s // _DAY_S))


def arrears(count: int | None, fen: int | None) -> str:
    """Return unpaid orders as people say them: how many, and how much together."""
    if count is None or fen is None:
        return UNKNOWN
    if not count:
        return _("none")
    return _("%(n)s · %(money)s", n=count, money=money(fen))


def size(n: int | None) -> str:
    """Return a number of bytes in the unit that suits it, as disks count them: by thousands."""
    if n is None:
        return UNKNOWN
    for unit, scale in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if n >= scale:
            return f"{n / scale:,.1f} {unit}"
    return f"{n / 1_000:,.0f} KB"


def iso(at: datetime) -> str:
    """Return an instant for an address: the city's time with its offset."""
    return at.astimezone(city_zone()).isoformat(timespec="seconds")
