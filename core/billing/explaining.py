"""Explaining: what `boshu tariff` prints: the cases a tariff fails, or the lines of one price. Times are wall times."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.billing import phrases
from core.billing.cases import Weekdays, read_cases, verify
from core.billing.language import NotATariff, Tariff, compile_tariff, read_yaml, sentence_of
from core.billing.language.parts import Count, Flag
from core.billing.rules.days import Unpriceable
from core.billing.rules.plans import Stay, Value
from core.billing.rules.pricing import Line
from core.billing.rules.settlements import Version, price
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.moments import moment, ms_of


class NotExplained(Refused):
    """The tariff or the stay is such that there is no price to explain; the message has a line for each reason."""


def read_tariff(path: Path) -> Tariff:
    """
    Read a tariff from a file.

    Raises:
        NotExplained: it is none, with a line for each reason.
    """
    try:
        return read_yaml(path.read_text(encoding="utf-8"))
    except NotATariff as error:
        raise _explained(path, error) from error


def verify_files(tariff: Path, cases: Path) -> tuple[list[str], bool]:
    """
    Try a tariff on a file of cases; return a line for each failure and the sum, and whether none failed.

    Raises:
        NotExplained: one of the files is not what it should be.
    """
    compiled = compile_tariff(read_tariff(tariff))
    try:
        verdict = verify(compiled, read_cases(cases.read_text(encoding="utf-8")))
    except NotATariff as error:
        raise _explained(cases, error) from error
    return [*map(str, verdict.failures), str(verdict)], not verdict.failures


def explain_file(
    path: Path, entry: datetime, leave: datetime, vehicle: str, zone: str, attrs: Sequence[str], day_type: str
) -> list[str]:
    """
    Price one stay and return its lines for people.

    An empty vehicle or zone is the first one of the tariff; `attrs` are words such as `spaces=2`.

    Raises:
        NotExplained: the file is no tariff, or the stay has no price.
    """
    tariff = read_tariff(path)
    city = ZoneInfo(tariff.time_zone)
    from_ms, to_ms = (ms_of(wall.replace(tzinfo=city)) for wall in (entry, leave))
    place = zone or next(iter(tariff.zones), "")
    stay = Stay(from_ms, to_ms, vehicle or tariff.vehicles[0], place, _told(tariff, attrs))
    try:
        priced = price([Version(0, compile_tariff(tariff))], stay, Weekdays(entry.date(), day_type))
    except Unpriceable as error:
        raise NotExplained(sentence_of(error)) from error
    lines = [_line(line, tariff.currency, city) for line in priced.lines]
    total = phrases.amount(priced.due_fen, tariff.currency)
    lines.append(_("Together %(money)s %(currency)s", money=total, currency=tariff.currency))
    if priced.changes_at_ms is not None:
        lines.append(
            _("It changes at %(moment)s.", moment=f"{moment(priced.changes_at_ms).astimezone(city):%Y-%m-%d %H:%M:%S.%f}"[:-3])
        )
    return lines


def _explained(path: Path, error: NotATariff) -> NotExplained:
    return NotExplained("\n".join(f"{path.name}: {fault.path or '·'}: {fault.sentence}" for fault in error.faults))


def _told(tariff: Tariff, attrs: Sequence[str]) -> Mapping[str, Value]:
    """Read words such as `spaces=2` by the kinds the tariff declares."""
    told: dict[str, Value] = {}
    for word in attrs:
        name, equals, text = word.partition("=")
        attribute = tariff.attributes.get(name)
        if not equals or attribute is None:
            raise NotExplained(_("%(word)s is no attribute of this tariff.", word=word))
        if isinstance(attribute, Flag):
            told[name] = text == "true"
        else:
            told[name] = int(text) if isinstance(attribute, Count) and text.isdecimal() else text
    return told


def _line(line: Line, currency: str, city: ZoneInfo) -> str:
    """Write one line: from, to, what it comes to, what for, and where the tariff says so."""
    start, end = (f"{moment(at).astimezone(city):%Y-%m-%d %H:%M:%S}" for at in (line.from_ms, line.to_ms))
    return f"{start}  {end}  {phrases.amount(line.fen, currency):>9}  {phrases.told(line, currency)}  {line.rule}"
