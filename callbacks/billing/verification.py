"""Verification: a stay as somebody types it, and what it would cost by a tariff, line by line; it may become a golden case."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dash import Input, Output, html
from dash.development.base_component import Component
from pydantic import ValidationError

from callbacks import edge
from callbacks.edge import Act
from core.access.permissions import Permission
from core.billing import phrases, previews, questions, strips, verification
from core.billing.assignments import VEHICLES
from core.billing.circumstances import Sum
from core.billing.language import NotATariff, sentence_of
from core.billing.language.words import name_of
from core.billing.prices import NoTariff
from core.billing.questions import Answers, Asked, Misread, Question, Several
from core.billing.rules.days import DAY_MS, UnknownDay, Unpriceable
from core.billing.rules.plans import MissingAttribute, NoPlan
from core.billing.rules.pricing import EndsBeforeStart
from core.billing.rules.settlements import NOTHING
from core.billing.rules.terms import Unsettled
from core.billing.tariffs import STATES
from core.billing.verification import Edition, Held, NoEdition, SaidLine, Verified
from core.kit.clock import city_zone
from core.kit.errors import Refused
from core.kit.locale import _, _l
from core.kit.moments import moment
from core.places import sites
from core.ui import bills, drawer, language, tones
from core.ui import previews as pictures
from core.ui.drawer import Fact, Pill
from core.ui.ids import Ids
from core.ui.parts import box, span
from core.ui.register.forming import said
from core.ui.states import Blank, blank

ids = Ids(__name__)

Told = dict[str, Any]  # JSON, from and to the page's script
EDITOR: Final = "/billing/editor?tariff="
BY: Final = {"tariff": _l("A tariff or draft"), "site": _l("What holds at a site")}
_MOST_DAYS: Final = 3
"""Days of which the curve is drawn."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a stay has no price: a sentence, the field it belongs to, and where something can be done about it."""

    say: str
    at_field: str = ""
    href: str = ""
    does: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of it: the editions that hold during the stay, the stay, its price, or what is in the way."""

    held: tuple[Held, ...] = ()
    answers: Answers | None = None
    verified: Verified | None = None
    trouble: Trouble | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition | None:
        """Return the edition that holds when the stay begins."""
        return self.held[0].edition if self.held else None

    @property
    def zone(self) -> str:
        """Return the zone of that, as the place has it."""
        return (self.held[0].zone or "") if self.held else ""


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@edge.guarded(
    Permission.TARIFFS_VIEW,
    Output(ids.result, "children"),
    Output(ids.told, "data"),
    Input(ids.asked, "data"),
)
def show(told: Told) -> tuple[list[Component], Told]:
    """Price what was typed; return the bill, and the fields that the chosen tariff asks for with what is wrong at each."""
    with language.speaking(told.get("lang")), edge.reading() as act:
        asked = Asked.of(told, at=act.at)
        looked = _look(act, asked)
        faults = dict(looked.faults)
        if looked.trouble is not None and looked.trouble.at_field:
            faults[looked.trouble.at_field] = looked.trouble.say
        answer = {
            "asked": told.get("asked"),
            "fields": [_described(each, asked.answers) for each in _questions(act, asked, looked)],
            "errors": faults,
            **_more(looked, asked),
            "can_save": looked.verified is not None and Permission.TARIFFS_MANAGE in act.actor.permissions,
        }
        return _drawn(looked), answer


def _look(act: Act, asked: Asked) -> Looked:
    try:
        held = _held(act, asked)
    except Misread as error:
        return Looked(faults=error.faults)
    except NotATariff as error:
        href = f"{EDITOR}{asked.answers['tariff']}#{error.faults[0].path}"
        return Looked(trouble=Trouble(error.message, "tariff", href, _("Open in the editor")))
    except NoEdition as error:
        return Looked(trouble=Trouble(error.message, "tariff"))
    except NoTariff as error:
        return Looked(trouble=Trouble(error.message, "", "/billing/assignments", _("Where tariffs hold")))
    return _priced(held, asked) if held else Looked()


def _priced(held: tuple[Held, ...], asked: Asked) -> Looked:
    edition, zone = held[0].edition, held[0].zone or ""
    tariff, typed = edition.tariff, asked.answers
    begun = {name: _one_of(typed.get(name, ""), known) for name, known in (("vehicle", tariff.vehicles), ("zone", tariff.zones))}
    try:
        answers = questions.read(tariff, {**typed, **begun}, zone=zone, counts=asked.counts)
        return Looked(held, answers, verification.verify(edition, answers, held=held))
    except Misread as error:
        return Looked(held, faults=error.faults)
    except Unpriceable as error:
        return Looked(held, trouble=_trouble(error, edition))
    except NoTariff as error:
        return Looked(held, trouble=Trouble(error.message, "", "/billing/calendar", _("Calendar")))


def _held(act: Act, asked: Asked) -> tuple[Held, ...]:
    """
    Find what is asked about; nothing where nothing was chosen yet.

    Raises:
        Misread: the site or the time of arrival is missing.
        NoEdition, NotATariff, NoTariff: there is none, or none that holds.
    """
    answers = asked.answers
    if answers["by"] != "site":
        key = _key(answers.get("tariff", ""))
        return (Held(verification.find_edition(act.tx, key, at=act.at)),) if key else ()
    site = _key(answers.get("site", ""))
    if site is None:
        return ()
    if site not in act.scope.sites(act.tx):
        raise Misread({"site": _("Choose one of the list.")})
    from_ms, to_ms = (questions.instant(answers[name], city_zone()) for name in ("entry", "exit"))
    if from_ms is None:
        raise Misread({"entry": _("Write day and time, such as 2026-11-20 08:00.")})
    space, vehicle = _key(answers.get("space", "")), _one_of(answers.get("vehicle", ""), list(VEHICLES))
    return verification.find_assigned(
        act.tx, site_id=site, space_id=space, vehicle=vehicle, from_ms=from_ms, to_ms=to_ms or from_ms, at=act.at
    )


def _one_of(value: str, known: Sequence[str]) -> str:
    """Return a value that a choice has, else the first one, as the choice shows it."""
    return value if value in known else next(iter(known), "")


def _trouble(error: Unpriceable, edition: Edition) -> Trouble:
    """Say at which field something can be done about a stay without a price, or where else."""
    say = sentence_of(error)
    if isinstance(error, UnknownDay):
        return Trouble(say, "", f"/billing/calendar?year={error.about[:4]}", _("Calendar"))
    if isinstance(error, MissingAttribute):
        return Trouble(say, f"attr.{error.about}")
    if isinstance(error, EndsBeforeStart | NoPlan):
        return Trouble(say, "exit" if isinstance(error, EndsBeforeStart) else "vehicle")
    path = error.about if isinstance(error, Unsettled) else ""
    return Trouble(say, "", f"{EDITOR}{edition.edition_id}#{path}", _("Open in the editor"))


# The form


def _questions(act: Act, asked: Asked, looked: Looked) -> Iterator[Question]:
    answers, edition = asked.answers, looked.edition
    by = tuple((name, str(word)) for name, word in BY.items())
    yield Question("by", _l("Price by"), "choice", "what", options=by, is_needed=True)
    if answers["by"] == "site":
        offered = tuple(sites.list_choices(act.tx, sites=act.scope.sites(act.tx)))
        yield Question("site", _l("Site"), "choice", "what", options=offered, is_needed=True)
    else:
        yield Question("tariff", _l("Tariff"), "choice", "what", options=tuple(verification.list_editions(act.tx)), is_needed=True)
    if edition is not None:
        yield from questions.of_tariff(edition.tariff, has_zone=bool(looked.zone))
    elif answers["by"] == "site":
        classes = tuple((name, str(word)) for name, word in VEHICLES.items())
        yield Question("vehicle", _l("Vehicle"), "choice", "what", options=classes, is_needed=True)
    yield Question("entry", _l("Arrives"), "moment", "when", is_needed=True)
    yield Question("exit", _l("Leaves"), "moment", "when", is_needed=True)
    unit = _currency(edition) if edition else _("yuan")
    yield from questions.beside(asked.counts, unit=unit)


def _more(looked: Looked, asked: Asked) -> Told:
    """Return how many there are of what may count several times, which of these the tariff lets count, and what it is silent of."""
    edition = looked.edition
    tariff = edition and edition.tariff
    asks = questions.several_of(tariff) if tariff else tuple(Several)
    silent = " · ".join(name_of(part) for part in questions.silent_of(tariff)) if tariff else ""
    return {
        "several": [_several(one, asked.counts[one], is_asked=one in asks) for one in Several],
        "silent": _("The tariff does not say how these count: %(names)s.", names=silent) if silent else "",
        "editor": f"{EDITOR}{edition.edition_id}#terms" if edition else "",
    }


def _several(one: Several, n: int, *, is_asked: bool) -> Told:
    add, word = map(str, one.words)
    return {"name": one, "one": one.one, "n": n, "add": add, "word": word, "asked": is_asked and n < questions.MOST_BESIDE}


def _described(each: Question, answers: Mapping[str, str]) -> Told:
    """Return a field as the script of forms draws it; a class and a zone begin with the first one."""
    value = answers.get(each.name, "")
    if each.name in {"vehicle", "zone"}:
        value = _one_of(value, [option for option, _label in each.options])
    return {
        "name": each.name,
        "label": str(each.label),
        "kind": each.kind,
        "group": each.group,
        "value": value,
        "hint": str(each.hint),
        "unit": each.unit,
        "required": each.is_needed,
        "options": list(each.options),
        "longest": 80,
    }


def _currency(edition: Edition) -> str:
    return _("yuan") if edition.tariff.currency == "CNY" else edition.tariff.currency


# The bill


def _drawn(looked: Looked) -> list[Component]:
    edition = looked.edition
    head = [] if edition is None else [_head(edition, looked.zone)]
    if looked.trouble is not None:
        trouble = looked.trouble
        leads = html.A(trouble.does, href=trouble.href, className="button") if trouble.href else None
        return [*head, blank(Blank.STALE, title=_("This stay has no price"), note=trouble.say, action=leads)]
    if edition is None:
        return [
            blank(Blank.EMPTY, title=_("Choose a tariff or a site"), note=_("The price stands here as soon as both are known."))
        ]
    if looked.verified is None or looked.answers is None:
        return [*head, blank(Blank.EMPTY, title=_("Something is still missing"), note=_("The fields say what."))]
    return [*head, *_bill(looked, edition, looked.answers, looked.verified)]


def _head(edition: Edition, zone: str) -> Component:
    name = f"{edition.code} v{edition.number}" if edition.number else edition.code
    leads = html.A(_("Open in the editor"), href=f"{EDITOR}{edition.edition_id}", className="verification__leads")
    words = " · ".join(part for part in (edition.name, _("zone %(zone)s", zone=zone) if zone else "") if part)
    state = Pill(str(STATES[edition.state]), tones.EDITIONS[edition.state].value)
    return box(
        "verification__tariff",
        box("verification__code num", name, tag=html.H2),
        drawer.pill(state),
        span("verification__words", words),
        leads,
    )


def _bill(looked: Looked, edition: Edition, answers: Answers, found: Verified) -> list[Component]:
    price, code = found.price, edition.tariff.currency
    stay = answers.stay
    vehicle = " · ".join(part for part in (str(VEHICLES.get(stay.vehicle, stay.vehicle)), stay.zone) if part)
    facts = [
        Fact(_("Vehicle"), vehicle),
        Fact(_("Arrives"), _moment(edition, moment(stay.entry_ms))),
        Fact(_("Leaves"), _moment(edition, moment(stay.exit_ms))),
        Fact(_("Length"), phrases.length(stay.exit_ms - stay.entry_ms)),
        Fact(_("Before discount"), phrases.amount(price.gross_fen, code)),
        Fact(_("Discount"), phrases.amount(price.gross_fen - price.net_fen, code)),
        Fact(_("After discount"), phrases.amount(price.net_fen, code)),
        Fact(_("Paid before"), phrases.amount(price.paid_fen, code)),
    ]
    until = _("It stays so for a month and more.")
    if found.changes_at is not None and found.then_fen is not None:
        when = _moment(edition, found.changes_at)
        until = _("Until %(time)s, then %(money)s", time=when, money=phrases.amount(found.then_fen, code))
    large = bills.amount(phrases.amount(price.due_fen, code), _currency(edition), name=_("To be paid"), note=until, facts=facts)
    notes = [bills.notes(found.notes)] if found.notes else []
    rows = [_line(edition, line) for line in found.lines]
    sums = [_sum(edition, one) for one in found.sums]
    covered = strips.coverage(edition.tariff, edition.compiled)
    return [
        large,
        *notes,
        drawer.section(_("The stay over the bands"), _days_left_out(found), _over(found)),
        drawer.section(_("Lines"), _("each leads to its rule"), bills.lines(rows, sums)),
        drawer.section(_curve_name(answers), _("from this arrival on"), _curve(looked.held, answers, found)),
        drawer.section(
            _("Every minute of every day"), _("by kind of day and class"), pictures.covered(covered.classes, covered.rows)
        ),
    ]


def _moment(edition: Edition, at: datetime) -> str:
    return f"{at.astimezone(edition.zone):%Y-%m-%d %H:%M:%S}"


def _line(edition: Edition, line: SaidLine) -> bills.Line:
    starts, ends = (f"{at.astimezone(edition.zone):%m-%d %H:%M:%S}" for at in (line.starts_at, line.ends_at))
    rule_at = f"{EDITOR}{line.edition_id}#{line.rule}" if line.rule else ""
    rule = " · ".join(part for part in (line.version, name_of(line.rule)) if part)
    return bills.Line(starts, ends, line.letter, line.band, line.counted, line.before, line.money, rule, rule_at)


def _sum(edition: Edition, one: Sum) -> bills.Sum:
    rule_at = f"{EDITOR}{edition.edition_id}#{one.rule}" if one.rule else ""
    return bills.Sum(one.name, one.how, one.money, name_of(one.rule) if one.rule else "", rule_at)


def _days_left_out(found: Verified) -> str:
    return _("%(n)s days between are not drawn", n=found.left_out_n) if found.left_out_n else ""


def _over(found: Verified) -> Component:
    rows = [
        pictures.strip_of(day.title, day.bands, stay=day.stay, told="–".join(map(phrases.clock, day.stay))) for day in found.days
    ]
    return box("bands", *rows, pictures.axis(), pictures.legend([band for day in found.days for band in day.bands]))


def _curve_name(answers: Answers) -> str:
    return _("Still due over the length of a stay") if answers.beside != NOTHING else _("Price over the length of a stay")


def _curve(held: Sequence[Held], answers: Answers, found: Verified) -> Component:
    edition, stay = held[0].edition, found.stay
    assert edition.days is not None  # what was priced has days
    long_ms = stay.exit_ms - stay.entry_ms
    until_ms = DAY_MS * min(max(1, -(-long_ms // DAY_MS)), _MOST_DAYS)
    versions = [one.version for one in held]
    drawn = previews.curve(edition.tariff.currency, versions, edition.days, stay, answers.beside, until_ms=until_ms)
    return pictures.steps(drawn, name=_curve_name(answers), here_ms=long_ms)


# Golden cases


@edge.guarded(Permission.TARIFFS_MANAGE, Output(ids.saved, "data"), Input(ids.save, "data"), prevent_initial_call=True)
def save(told: Told) -> Told:
    """Save the stay with its price as a golden case; say what is wrong at which field."""
    with language.speaking(told.get("lang")):
        try:
            return {"asked": told.get("asked"), "done": _saved(told)}
        except Misread as error:
            return {"asked": told.get("asked"), "errors": error.faults}
        except ValidationError as failed:
            errors = {str(each["loc"][0]): said(each) for each in failed.errors(include_url=False) if each["loc"]}
            return {"asked": told.get("asked"), "errors": errors}
        except Refused as error:
            edge.note_refusal(error, subject="billing/golden_cases")
            return {"asked": told.get("asked"), "errors": {error.field or "name": error.message}}


def _saved(told: Told) -> str:
    with edge.action() as act:
        asked = Asked.of(told, at=act.at)
        looked = _look(act, asked)
        if looked.edition is None or looked.answers is None or looked.verified is None:
            raise NoTariff(_("This stay has no price"))
        name, source, who = (str(told.get(part) or "").strip() for part in ("name", "source", "who"))
        if lacking := {part: _("This is needed.") for part, text in (("name", name), ("source", source)) if not text}:
            raise Misread(lacking)
        fen = looked.verified.price.due_fen
        told_of = {"name": name, "source": source, "told_by": who}
        verification.save_case(act.tx, looked.edition, looked.answers, **told_of, expected_fen=fen, by=act.actor, at=act.at)
        act.tell(f"billing/golden_cases {looked.edition.code}", after={"name": name, "expected_fen": fen}, reason=source)
        money = phrases.amount(fen, looked.edition.tariff.currency)
        return _("Saved: %(name)s costs %(money)s.", name=name, money=money)


edge.in_browser("verified", Output(ids.heard, "data"), Input(ids.told, "data"), Input(ids.saved, "data"), prevent_initial_call=True)
