"""
Effects: what a tariff would have earned, tried on the real stays of a month before anybody approves it.

An effect belongs to a text: whichever draft or version says the same has it, and a draft that is changed has none. It is priced
by a process of its own, site by site. Tables tariff_effect, tariff_effect_site.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints

from core.access.actors import Actor
from core.billing import trials
from core.billing.rules.tallies import Tally
from core.billing.trials import Trial
from core.kit.clock import city_date
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is, Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records

SQL = named("billing/effects")

EFFECTS: Final = Relation(
    SQL["effect_rows"],
    key="row_key",
    columns=frozenset(
        {"effect_id", "code", "number", "name", "name_en", "month", "site", "site_name", "state", "done_pct", "stay_n",
         "before_fen", "after_fen", "difference_fen", "dearer_mill", "equal_mill", "cheaper_mill", "unpriced_n", "asked_at",
         "asked_by"}
    ),
    order=(Order("asked_at", is_falling=True), Order("site")),
)  # fmt: skip
"""One row for each site of an effect."""
STATES: Final[Mapping[str, Lazy]] = {
    "waiting": _l("Waiting"),
    "running": _l("Being priced"),
    "done": _l("Done"),
    "failed": _l("Failed"),
    "cancelled": _l("Cancelled"),
}
OPEN: Final = frozenset({"waiting", "running"})
SILENT: Final = timedelta(seconds=60)
"""After which a runner is taken for dead, and another one begins anew."""
ATTEMPTS_MOST: Final = 3
MONTHS: Final = 6
"""Months that may be tried, the last one first."""
MOST_SITES: Final = 10_000
_ENGINE: Final = Path(__file__).parent


class NoText(Refused):
    """The version holds no text of the rule language."""


class NotOver(Refused):
    """The month is not over, or is none."""


class NoSites(Refused):
    """There is no site to try the tariff at."""


class TriedNow(Refused):
    """The same text is being tried."""


class Stopped(Refused):
    """The effect was cancelled, or another process prices it now."""


class Draft(BaseModel):
    """What a tariff is tried on: a month and sites; no sites: those where it holds today."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    month_on: date
    site_ids: list[UUID] = []
    price_zone: Annotated[str, StringConstraints(max_length=40)] = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect that is being priced; `runner` is the attempt that may price it."""

    effect_id: UUID
    runner: UUID
    tariff_id: UUID
    rules_text: str
    month_on: date
    price_zone: str
    asked_at: datetime


def list_months(at: datetime) -> list[date]:
    """Return the months that may be tried: those that are over, the last one first."""
    first = city_date(at).replace(day=1)
    months = []
    for _number in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months


def ask(tx: Tx, keys: Sequence[UUID], *, draft: Draft, by: Actor, at: datetime) -> int:
    """
    Have drafts or versions tried on the stays of a month; return how many.

    Raises:
        NotOver: the month is not over.
        NoText: a version stands in the form that came before the rule language.
        NoSites: it holds nowhere, and no site was named.
        TriedNow: the same text is being tried.
    """
    if draft.month_on not in list_months(at):
        raise NotOver(_("Choose a month that is over."), field="month_on")
    inside = set(by.scope.sites(tx))
    for key in keys:
        edition = tx.row(SQL["find_edition"], key=key)
        if edition is None or not edition["rules_text"]:
            raise NoText(_("This version was delivered in the form that came before the rule language; only a text is tried."))
        held = [site_id for (site_id,) in tx.tuples(SQL["list_held_sites"], tariff_id=edition["tariff_id"], at=at)]
        site_ids = [site_id for site_id in draft.site_ids or held if site_id in inside]
        if not site_ids:
            raise NoSites(_("The tariff holds nowhere yet. Choose the sites where it would hold."), field="site_ids")
        _put(tx, edition, draft, site_ids[:MOST_SITES], by=by, at=at)
    return len(keys)


def claim(tx: Tx, *, at: datetime) -> Effect | None:
    """Take the next effect to price, also one whose runner fell silent; None where there is none."""
    silent_since = at - SILENT
    detail = _("Pricing failed several times.")
    tx.run(SQL["give_up"], at=at, detail=detail, silent_since=silent_since, most_attempts=ATTEMPTS_MOST)
    row = tx.row(SQL["claim"], runner=uuid7(), at=at, silent_since=silent_since)
    return None if row is None else Effect(**row)


def open_trial(tx: Tx, effect: Effect) -> tuple[Trial, list[UUID]]:
    """
    Return what the stays are priced with, and the sites.

    Raises:
        NotATariff: the text has a fault.
    """
    site_ids = [site_id for (site_id,) in tx.tuples(SQL["list_sites"], effect_id=effect.effect_id)]
    trial = trials.open_trial(
        tx, tariff_id=effect.tariff_id, rules_text=effect.rules_text, site_ids=site_ids, price_zone=effect.price_zone,
        month_on=effect.month_on, at=effect.asked_at,
    )  # fmt: skip
    return trial, site_ids


def beat(tx: Tx, effect: Effect, *, stay_n: int, stay_total: int, at: datetime) -> None:
    """
    Say how far it is.

    Raises:
        Stopped: it was cancelled, or another process prices it now.
    """
    beaten = {"effect_id": effect.effect_id, "runner": effect.runner, "stay_n": stay_n, "stay_total": stay_total}
    if tx.value(SQL["beat"], **beaten, at=at) is None:
        raise Stopped(_("This was cancelled."))


def keep_site(tx: Tx, effect: Effect, site_id: UUID, tally: Tally) -> None:
    """Keep what came out at a site."""
    reasons = [[*reason, example.n, example.stay_id] for reason, example in tally.reasons.items()]
    tx.run(
        SQL["keep_site"], effect_id=effect.effect_id, site_id=site_id, before_fen=tally.before_fen, after_fen=tally.after_fen,
        dearer_n=tally.dearer_n, equal_n=tally.equal_n, cheaper_n=tally.cheaper_n, unpriced_n=tally.unpriced_n,
        reasons=orjson.dumps(reasons).decode(), largest=orjson.dumps([list(change) for change in tally.largest]).decode(),
    )  # fmt: skip


def finish(tx: Tx, effect: Effect, trial: Trial, *, stay_n: int, at: datetime) -> None:
    """
    Note that every site is priced, by which code, calendar and versions.

    Raises:
        Stopped: it was cancelled meanwhile, or another process prices it now.
    """
    done = tx.value(
        SQL["finish"], effect_id=effect.effect_id, runner=effect.runner, stay_n=stay_n, at=at, engine=engine_hash(),
        calendar=" ".join(map(str, trial.new.edition or ())), compared_to=list(trial.compared_to),
    )  # fmt: skip
    if done is None:
        raise Stopped(_("This was cancelled."))


def fail(tx: Tx, effect: Effect, *, detail: str, at: datetime) -> None:
    """Say in a sentence why there is no result."""
    tx.run(SQL["fail"], effect_id=effect.effect_id, runner=effect.runner, detail=detail, at=at)


def cancel(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Cancel effects that are not done; return how many."""
    return tx.run(SQL["cancel"], keys=list(keys), at=at)


def list_of_text(tx: Tx, *, tariff_id: UUID, rules_text: str, sites: Sequence[UUID]) -> list[Row]:
    """Return the sites of the effect that counts for a text, as `EFFECTS` tells them; nothing where it was never tried."""
    effect_id = tx.value(SQL["find_of_text"], tariff_id=tariff_id, rules_text=rules_text)
    return [] if effect_id is None else list_of(tx, effect_id, sites=sites)


def list_of(tx: Tx, effect_id: UUID, *, sites: Sequence[UUID]) -> list[Row]:
    """Return the sites of an effect, as `EFFECTS` tells them."""
    asked = Asked(most=MOST_SITES, orders=(Order("site"),), conditions=(Condition("effect_id", Is.EQUAL, effect_id),))
    return EFFECTS.rows(tx, asked, sites=list(sites))


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the effects, newest first, in the reader's language."""
    rows = tx.rows(SQL["list_choices"])
    return records.choices(
        (
            row["effect_id"],
            f"{row['name']} · {row['month_on']:%Y-%m} · {city_date(row['asked_at']):%m-%d}",
            f"{row['name_en']} · {row['month_on']:%Y-%m} · {city_date(row['asked_at']):%m-%d}",
        )
        for row in rows
    )


@cache
def engine_hash() -> str:
    """Return the fingerprint of the code that prices: the same code gives the same prices."""
    found = hashlib.sha256()
    for path in sorted([*_ENGINE.glob("rules/*.py"), *_ENGINE.glob("language/*.py")]):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _put(tx: Tx, edition: Row, draft: Draft, site_ids: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    effect_id = uuid7()
    with tx.unless_taken(TriedNow(_("This text is being tried now. Wait for the result, or cancel it."))):
        tx.run(
            SQL["put"], effect_id=effect_id, tariff_id=edition["tariff_id"], rules_text=edition["rules_text"],
            month_on=draft.month_on, price_zone=draft.price_zone, by=by.id, at=at,
        )  # fmt: skip
    tx.run(SQL["put_sites"], effect_id=effect_id, site_ids=list(site_ids))
