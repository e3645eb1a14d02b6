"""
Verification: what a stay would cost by an edition of a tariff, a draft too, and why: every line, note and day of it in words.

The edition is chosen, or it is the one that holds at a site when the stay begins, with those that begin to hold during it.
Nothing is written. Tables tariff_draft, tariff_version, tariff_assignment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from core.access.actors import Actor
from core.billing import circumstances, golden_cases, phrases, prices
from core.billing.cases import Handed, Paid, Span, Visit, price_case
from core.billing.circumstances import Sum
from core.billing.golden_cases import Draft
from core.billing.language import Tariff, compile_tariff, conversion, read_value, read_yaml, sentence_of
from core.billing.prices import Days, NoTariff
from core.billing.questions import Answers
from core.billing.rules import settlements
from core.billing.rules.days import DAY_MIN, Calendar, Unpriceable, kind_of
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled, Line, Note
from core.billing.rules.settlements import Price, Version, version_of_line
from core.billing.rules.terms import OnChange
from core.billing.rules.variants import Variant
from core.billing.rules.visits import after_visits
from core.billing.strips import Band, Letters, bands_of_day
from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import Language, Lazy, _, _l, current
from core.kit.moments import moment
from core.kit.sql import named
from core.places import records

SQL = named("billing/verification")

DRAWN_DAYS: Final = 9
"""Days of a stay that are drawn: the first ones, and the last."""
_NOTES: Final[Mapping[Note, Lazy]] = {
    Note.OVERSTAYED: _l("it stayed longer than the tariff allows"),
    Note.TOO_SOON: _l("it came back sooner than the tariff allows"),
}


class NoEdition(Refused):
    """There is no such edition: a draft that became a version, or was thrown away."""


class NoCase(Refused):
    """A stay cannot be said as a golden case."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A draft or version, ready to price; `number` is None for a draft, `days` where no calendar is in use."""

    edition_id: UUID
    tariff_id: UUID
    code: str
    name: str
    number: int | None
    state: str
    tariff: Tariff
    compiled: Compiled
    days: Days | None

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone whose clocks its times are read from."""
        return ZoneInfo(self.tariff.time_zone)


@dataclass(frozen=True, slots=True)
class Held:
    """
    An edition that holds at a place from an instant on, in one of its zones; None: that of the stay.

    `on_change` is what it means to who came while it held that another one begins, where its text does not say.
    """

    edition: Edition
    from_ms: int = 0
    zone: str | None = None
    on_change: OnChange | None = None

    @property
    def version(self) -> Version:
        """Return it as the engine takes it."""
        edition = self.edition
        return Version(self.from_ms, edition.compiled, edition.days, self.zone, self.on_change)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """
    A line of a price in words; `letter` is that of its band, `rule` a path in the edition, `before` is empty without a cap.

    `version` names the edition where several have priced the stay.
    """

    starts_at: datetime
    ends_at: datetime
    letter: str
    band: str
    counted: str
    before: str
    money: str
    rule: str
    edition_id: UUID
    version: str


@dataclass(frozen=True, slots=True)
class StayDay:
    """A city day of a stay: its bands, and from when to when the stay takes it up, minutes after midnight."""

    on: date
    title: str
    bands: tuple[Band, ...]
    stay: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Verified:
    """
    What a stay costs and why; `changes_at` is until when the amount due stays what it is, `then_fen` what it is behind it.

    `stay` is the stay with the free time that earlier visits used; `sums` lead from the lines to what is due.
    """

    stay: Stay
    price: Price
    lines: tuple[SaidLine, ...]
    sums: tuple[Sum, ...]
    notes: tuple[str, ...]
    days: tuple[StayDay, ...]
    left_out_n: int
    changes_at: datetime | None
    then_fen: int | None


def list_editions(tx: Tx) -> list[tuple[str, str]]:
    """Return drafts and versions for a form, in the reader's language."""
    return records.choices(tx.tuples(SQL["list_editions"]))


def find_edition(tx: Tx, key: UUID, *, at: datetime) -> Edition:
    """
    Return an edition as it stands at a moment.

    Raises:
        NoEdition: there is none.
        NotATariff: the text of a draft has a fault.
    """
    row = tx.row(SQL["find_edition"], edition_id=key, at=at)
    if row is None:
        raise NoEdition(_("There is no such tariff any more."), field="tariff")
    tariff, compiled = _read(row["rules_text"], orjson.dumps(row["rules"]), row["code"])
    is_first = row["rules"] is not None and row["rules"]["form"] == "first"
    days = conversion.DAYS if is_first else prices.days_of(tx, tariff.day_types)
    name = row["name_en"] if current() is Language.EN and row["name_en"] else row["name"]
    found = (row["edition_id"], row["tariff_id"], row["code"], name, row["number"], row["state"])
    return Edition(*found, tariff, compiled, days)


def find_assigned(
    tx: Tx, *, site_id: UUID, space_id: UUID | None, vehicle: str, from_ms: int, to_ms: int, at: datetime
) -> tuple[Held, ...]:
    """
    Return the editions that price a stay of a class at a site, or at one of its berths: that of its beginning first.

    Raises:
        NoTariff: none holds, or two do.
    """
    versions = prices.price_book(tx, [site_id]).versions_in(site_id, vehicle, from_ms, to_ms, space_id=space_id)
    return tuple(
        Held(find_edition(tx, one.tariff_version_id, at=at), one.from_ms, one.price_zone, one.on_change) for one in versions
    )


@lru_cache(maxsize=64)
def _read(text: str, rules: bytes, code: str) -> tuple[Tariff, Compiled]:
    stored: dict[str, Any] | None = orjson.loads(rules)
    if text:
        tariff = read_yaml(text)
    elif stored is not None and stored["form"] == "first":
        tariff = conversion.from_first_form(stored, code=code, time_zone=city_zone().key)
    else:
        tariff = read_value(stored)
    return tariff, compile_tariff(tariff)


def verify(edition: Edition, answers: Answers, *, held: Sequence[Held] = ()) -> Verified:
    """
    Price a stay and say why it costs what it costs; `held` are the editions that hold during it, `edition` first.

    Raises:
        NoTariff: no calendar is in use.
        Unpriceable: the stay has no price; nothing is charged by a default.
    """
    held = held or (Held(edition),)
    if edition.days is None or any(one.edition.days is None for one in held):
        raise NoTariff(_("No calendar is in use."))
    versions = [one.version for one in held]
    stay, beside = after_visits(edition.compiled, answers.earlier, answers.stay, edition.days), answers.beside
    price = settlements.price(versions, stay, edition.days, beside)
    letters = Letters()
    days = _days(edition, edition.days, stay, letters)
    then = None
    if price.changes_at_ms is not None:
        later = replace(stay, exit_ms=price.changes_at_ms)
        then = int(settlements.settle(versions, later, edition.days, beside).due_fen)
    drawn = days if len(days) <= DRAWN_DAYS else [*days[: DRAWN_DAYS - 1], days[-1]]
    terms, currency = edition.compiled.terms, edition.tariff.currency
    notes = circumstances.notes(price, stay, beside, terms, currency=currency, has_earlier=bool(answers.earlier))
    return Verified(
        stay,
        price,
        tuple(_said(held, line, letters) for line in price.lines),
        tuple(circumstances.sums(price, beside, terms, currency=currency, zone=edition.zone)),
        (*_notes(edition, edition.compiled.variant(stay, edition.days), price), *notes),
        tuple(drawn),
        len(days) - len(drawn),
        None if price.changes_at_ms is None else moment(price.changes_at_ms),
        then,
    )


def _days(edition: Edition, calendar: Calendar, stay: Stay, letters: Letters) -> list[StayDay]:
    """Return the days of a stay with their bands; a stay of no length takes up one minute of its day."""
    city = edition.compiled.days
    first, last = city.ordinal(stay.entry_ms), city.ordinal(max(stay.entry_ms, stay.exit_ms - 1))
    found = []
    for ordinal in range(first, last + 1):
        on = date.fromordinal(ordinal)
        from_min = city.minute_of(stay.entry_ms, ordinal) if ordinal == first else 0
        to_min = city.minute_of(stay.exit_ms, ordinal) if ordinal == last else DAY_MIN
        kind = kind_of(ordinal, calendar)
        title = f"{on:%m-%d} {phrases.WEEKDAYS[kind.weekday]} · {phrases.day_type(kind.day_type)}"
        bands = bands_of_day(edition.tariff, edition.compiled, calendar, stay, on, letters)
        found.append(StayDay(on, title, bands, (from_min, min(DAY_MIN, max(to_min, from_min + 1)))))
    return found


def _said(held: Sequence[Held], line: Line, letters: Letters) -> SaidLine:
    number, line = version_of_line(line)
    edition = held[number].edition
    currency = edition.tariff.currency
    band_rule = ".".join(line.rule.split(".")[:4])  # plans.0.bands.1
    return SaidLine(
        moment(line.from_ms),
        moment(line.to_ms),
        letters.of(band_rule) if ".bands." in band_rule and not number else "",
        phrases.band(line),
        phrases.counted(line, currency),
        phrases.amount(line.before_fen, currency) if line.before_fen != line.fen else "",
        phrases.amount(line.fen, currency),
        phrases.path(line),
        edition.edition_id,
        f"{edition.code} v{edition.number}" if len(held) > 1 else "",
    )


def _notes(edition: Edition, variant: Variant, price: Price) -> list[str]:
    """Say what a reader of the lines would ask: why nothing is charged, what the caps took off, what was paid in time."""
    currency = edition.tariff.currency
    said = [str(_NOTES[note]) for note in price.notes]
    given = {line.rule for line in price.lines}
    said += [phrases.free(free) for free in (*variant.thresholds, *variant.deductions) if free.rule in given]
    off_fen = sum(line.before_fen - line.fen for line in price.lines)
    if off_fen:
        caps = "; ".join(phrases.cap(cap, variant, currency) for cap in variant.caps)
        said.append(_("capped: %(money)s less (%(caps)s)", money=phrases.amount(off_fen, currency), caps=caps))
    if any(line.rule.endswith(".minimum_fen") for line in price.lines):
        said.append(_("raised to the least that is charged, %(money)s", money=phrases.amount(variant.plan.minimum_fen, currency)))
    if price.lines and not price.gross_fen and not said:
        said.append(_("nothing in it is charged"))
    if price.paid_fen and not price.due_fen:
        said.append(_("paid; nothing is due any more"))
    if price.paid_fen > price.net_fen:
        said.append(_("%(money)s more was paid than it costs", money=phrases.amount(price.paid_fen - price.net_fen, currency)))
    return said


def save_case(
    tx: Tx, edition: Edition, answers: Answers, *, name: str, source: str, told_by: str, expected_fen: int, by: Actor, at: datetime
) -> UUID:
    """
    Save a stay, with all that counts beside it, and what is due for it as a golden case of the tariff; return its key.

    Raises:
        NoCase: a case would cost something else, since it knows the kind of its first day and one version alone.
        NameTaken, Backwards: as of golden cases.
    """
    draft = Draft(
        tariff_id=edition.tariff_id,
        name=name,
        expected_fen=expected_fen,
        reason=" · ".join(part for part in (source, told_by) if part),
        **_told(edition, answers),
    )
    try:
        got_fen = price_case(edition.compiled, golden_cases.case_of(draft), edition.zone)
    except Unpriceable as error:
        raise NoCase(sentence_of(error)) from error
    if got_fen != expected_fen:
        money = phrases.amount(got_fen, edition.tariff.currency)
        said = _("A case knows the kind of its first day and one version alone; so the stay would cost %(money)s.", money=money)
        raise NoCase(said)
    return golden_cases.save(tx, draft, by=by, at=at)


def _told(edition: Edition, answers: Answers) -> dict[str, Any]:  # the fields of a golden case
    """Return a stay as it is typed into a golden case: by the clocks of the tariff's zone."""
    assert edition.days is not None  # what was priced has days
    stay, beside = answers.stay, answers.beside

    def wall(ms: int) -> datetime:
        return moment(ms).astimezone(edition.zone).replace(tzinfo=None)

    def typed(ms: int | None) -> datetime | None:
        return None if ms is None else wall(ms).replace(tzinfo=city_zone())

    return {
        "entered_at": typed(stay.entry_ms),
        "left_at": typed(stay.exit_ms),
        "vehicle": stay.vehicle,
        "zone": stay.zone,
        "day_type": edition.days.day_type(date.fromordinal(edition.compiled.days.ordinal(stay.entry_ms))),
        "attrs": dict(stay.attrs),
        "earlier": tuple(Visit(entry=wall(one.entry_ms), exit=wall(one.exit_ms)) for one in answers.earlier),
        "passes": tuple(Span(starts_at=wall(one.from_ms), ends_at=wall(one.to_ms)) for one in beside.covered),
        "inner_lots": tuple(Span(starts_at=wall(one.from_ms), ends_at=wall(one.to_ms)) for one in beside.inner),
        "left_before": typed(beside.left_before_ms),
        "charging_ended": typed(stay.charging_ended_ms),
        "coupons": tuple(Handed(kind=one.kind, value=one.value, group=one.group) for one in beside.coupons),
        "payments": tuple(Paid(at=wall(one.at_ms), minor=one.fen) for one in beside.payments),
    }
