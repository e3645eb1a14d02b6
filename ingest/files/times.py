"""Times: what the cells of a file say of when, told as instants; a time that comes twice or never is met by rule."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.kit.locale import _
from ingest.files.lines import BadRow, short
from ingest.files.mapping import FileMap, Twice

UNIX: Final = "unix"
ISO: Final = "iso"
_WHOLE_ISO: Final = len("2015-10-25T01:30")
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Told(NamedTuple):
    """The instant a text names, in UTC; `later_at` is the other one where the clocks showed that time twice."""

    at: datetime
    later_at: datetime | None = None


class Moment(NamedTuple):
    """An instant in UTC; doubtful where the clocks showed its time twice and the file does not tell which it was."""

    at: datetime
    is_doubtful: bool = False


class Times:
    """
    The reader of one file's times.

    Where a local time comes twice, the order of the file decides if the mapping says so: what stands behind an instant
    of the same series is not before it.
    """

    def __init__(self, mapping: FileMap, *, at: datetime) -> None:
        """Read by the forms and the zone of a mapping; an instant after `at` is refused."""
        self._map = mapping
        self._latest = at
        self._last: dict[str, datetime] = {}

    def read(self, text: str, *, series: str = "") -> Moment:
        """
        Return the instant of a text; those of one `series` stand in the order of the file.

        Raises:
            BadRow: no time, one that never was, one that came twice where the mapping refuses those, or one before
                2000 or in the future.
        """
        told = instant_of(text, self._map.times, self._map.told_zone)
        moment = self._chosen(told, text, self._last.get(series))
        if not _EARLIEST <= moment.at <= self._latest:
            raise BadRow(_("Before the year 2000 or in the future."))
        self._last[series] = moment.at
        return moment

    def _chosen(self, told: Told, text: str, last: datetime | None) -> Moment:
        if told.later_at is None:
            return Moment(told.at)
        match self._map.twice:
            case Twice.FIRST:
                return Moment(told.at, is_doubtful=True)
            case Twice.SECOND:
                return Moment(told.later_at, is_doubtful=True)
            case Twice.ORDER if last is not None and told.at < last <= told.later_at:
                return Moment(told.later_at)  # the clock went back since the row before
            case Twice.ORDER:
                return Moment(told.at, is_doubtful=True)
        raise BadRow(_("The clocks showed %(text)s twice that day.", text=short(text)))


@lru_cache(maxsize=65_536)
def instant_of(text: str, forms: tuple[str, ...], zone: ZoneInfo) -> Told:
    """
    Return what a text names in the first form that fits: `unix` seconds, `iso` with offset, or a form of strptime.

    Raises:
        BadRow: it fits none, or the clocks never showed it in the zone.
    """
    for form in forms:
        try:
            if form == UNIX:
                return Told(_EPOCH + timedelta(seconds=float(text)))
            local = _iso(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007  # the zone follows
            if local.tzinfo is not None:
                return Told(local.astimezone(UTC))
            return _localised(local, text, zone)
        except (ValueError, OverflowError):
            continue
    raise BadRow(_("%(text)s is no time.", text=short(text) or _("(empty)")))


def _iso(text: str) -> datetime:
    """Read ISO 8601 with day, hour and minute: a bare day would be taken for its midnight."""
    if len(text) < _WHOLE_ISO:
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _localised(local: datetime, text: str, zone: ZoneInfo) -> Told:
    first = local.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise BadRow(_("The clocks never showed %(text)s: they were put forward.", text=short(text)))
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return Told(first, second if second != first else None)
