"""
Recorded stays in files, against tariffs: `boshu tariff recorded FILE --map MAP --tariff TARIFF`. Nothing is stored.

The mapping is that of an import of stays. Days are those that China published; times on the lines are the tariff's.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from core.billing.explaining import NotExplained, read_tariff
from core.billing.language import Tariff, compile_tariff
from core.billing.published import PublishedDays
from core.billing.recorded import Comparison, Difference, Record, compare
from core.billing.rules.day_names import NamedDays
from core.billing.rules.settlements import Version
from core.kit.clock import utc_now
from core.kit.locale import _
from core.kit.moments import moment, ms_of
from core.kit.money import Fen, to_yuan
from ingest.files.lines import RefusedRow
from ingest.files.mapping import StayMap, load
from ingest.files.rows import StayFile
from ingest.files.stays import class_of

CURRENCY: Final = "CNY"
"""What the amounts of a file are in."""

_DATED: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)=(.+)", re.ASCII)


def compare_file(path: Path, map_name: str, tariffs: Sequence[str], zone: str, *, is_each: bool) -> list[str]:
    """
    Price each stay of a file by tariffs; return the share that costs what was recorded, the reasons of the rest, and the rest.

    The first of `tariffs` is a path, each later one `WALL-TIME=PATH`: from when it holds. An empty zone is the tariff's first.

    Raises:
        NotExplained: a file is no tariff, or the tariffs do not go together.
        mapping.NoMapping: the mapping is missing or wrong.
    """
    mapping = load(map_name, StayMap)
    told = list(_dated(tariffs))
    first = told[0][1]
    _must_agree([tariff for _from, tariff in told], mapping.vehicle_class)
    city = ZoneInfo(first.time_zone)
    versions = [Version(0 if wall is None else ms_of(wall.replace(tzinfo=city)), compile_tariff(tariff)) for wall, tariff in told]
    records, refused = read_records(path, mapping)
    calendar = NamedDays.of(PublishedDays(), first.day_types)
    found = compare(records, versions, calendar, zone=zone or next(iter(first.zones), ""))
    return [*_summary(path.name, found, refused), *(_line(each, city) for each in found.differences if is_each)]


def read_records(path: Path, mapping: StayMap) -> tuple[list[Record], list[RefusedRow]]:
    """Return the stays of a file by their lines, and the rows that were not understood."""
    records, refused = [], []
    with StayFile(path, mapping, at=utc_now()) as rows:
        for row in rows:
            if isinstance(row, RefusedRow):
                refused.append(row)
            else:
                span = row.period
                records.append(Record(row.line_no, ms_of(span.starts_at), ms_of(span.ends_at), class_of(row, mapping), row.fen))
    return records, refused


def _dated(tariffs: Sequence[str]) -> Iterator[tuple[datetime | None, Tariff]]:
    """Read each tariff, and from when it holds; None: from ever."""
    last: datetime | None = None
    for number, text in enumerate(tariffs):
        dated = _DATED.fullmatch(text)
        wall = datetime.fromisoformat(dated[1]) if dated else None
        if (wall is None) != (number == 0) or (wall is not None and last is not None and wall <= last):
            raise NotExplained(_("The first tariff holds from ever, each later one is written WALL-TIME=PATH, in their order."))
        last = wall
        yield wall, read_tariff(Path(dated[2] if dated else text))


def _must_agree(tariffs: Sequence[Tariff], vehicle: str) -> None:
    for tariff in tariffs:
        if tariff.currency != CURRENCY:
            raise NotExplained(
                _("The file tells yuan; the tariff %(code)s is in %(other)s.", code=tariff.code, other=tariff.currency)
            )
        if (tariff.time_zone, tariff.day_types, tariff.zones) != (tariffs[0].time_zone, tariffs[0].day_types, tariffs[0].zones):
            raise NotExplained(_("%(code)s has other zones or kinds of days than the tariff before it.", code=tariff.code))
        if vehicle not in tariff.vehicles:
            raise NotExplained(_("%(name)s is not declared.", name=vehicle))


def _summary(name: str, found: Comparison, refused: Sequence[RefusedRow]) -> Iterator[str]:
    """Tell the share of the rows that agree, and how many differ by each reason."""
    row_n = found.record_n + len(refused)
    share = f"{100 * found.same_n / row_n:.2f}" if row_n else "0"
    yield _(
        "%(name)s: %(same)s of %(all)s stays cost what was recorded, %(share)s %%.",
        name=name,
        same=f"{found.same_n:,}",
        all=f"{row_n:,}",
        share=share,
    )
    for reason, count in found.reasons.most_common():
        yield f"{count:>9,}  {reason.label}"
    if refused:
        yield f"{len(refused):>9,}  " + _("The row was not understood.")
        yield from (_("Line %(number)s: %(reason)s", number=row.line_no, reason=row.reason) for row in refused)


def _line(difference: Difference, city: ZoneInfo) -> str:
    """Write one stay that differs: its line, times, what was recorded and what the tariff asks, and the word of the reason."""
    record = difference.record
    start, end = (f"{moment(ms).astimezone(city):%Y-%m-%d %H:%M}" for ms in (record.entry_ms, record.exit_ms))
    paid, asked = ("?" if fen is None else f"{to_yuan(Fen(fen)):.2f}" for fen in (record.fen, difference.asked_fen))
    return f"{record.number:>8}  {start}  {end}  {paid:>9}  {asked:>9}  {difference.reason}"
