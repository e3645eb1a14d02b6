"""Tariffs: the register of drafts and versions; one writes, golden cases are tried, another approves."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from core.access.permissions import Permission
from core.billing import effects, strips, tariffs, verification
from core.billing.language import NotATariff
from core.billing.strips import Subject
from core.billing.tariffs import STATES, State
from core.kit.db import Row
from core.kit.locale import _, _l
from core.places import organisations, sites
from core.ui import comparisons, drawer, formats, previews, tables
from core.ui.comparisons import Compared
from core.ui.drawer import Fact
from core.ui.parts import UNKNOWN, box
from core.ui.register import Action, Chips, Field, Form, Kind, Reader, Register, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import EDITIONS

MOST_LINES: Final = 200
"""Lines of a difference that a drawer shows."""


def _is(state: State, row: Row) -> bool:
    return bool(row["state"] == state)


def show_edition(reader: Reader, row: Row) -> list[Component]:
    """Tell who made an edition and who decided, what it says, and how it differs from the one before."""
    before = tariffs.find_text_before(reader.tx, tariff_id=row["tariff_id"], number=row["number"])
    facts = [
        Fact(_("Written by"), row["made_by"] or UNKNOWN),
        Fact(_("Written at"), formats.moment(row["made_at"], now=reader.at, seconds=False)),
        Fact(_("Decided by"), row["decided_by"] or UNKNOWN),
        Fact(_("Decided at"), formats.moment(row["decided_at"], now=reader.at, seconds=False)),
        Fact(_("Sites now"), str(row["site_n"])),
        Fact(_("Golden cases"), str(row["case_n"])),
    ]
    name = f"{row['code']} v{row['number']}" if row["number"] else f"{row['code']} · {STATES[State.DRAFT]}"
    text = row["rules_text"] or _("This version was delivered with the deployment, in the form that came before the rule language.")
    parts = [
        drawer.heading(name, [drawer.Pill(str(STATES[row["state"]]), EDITIONS[row["state"]].value)], tables.named(row, "name")),
        drawer.section(_("Decisions"), row["decision"] or row["note"], drawer.facts(facts)),
    ]
    if before is not None and before != row["rules_text"]:
        drawn = _differences(row, before)
        parts.append(drawer.section(_("What is different"), _("from the version before"), *drawn))
    parts.append(drawer.section(_("What it would have earned"), _("real stays of a month"), *_effect(reader, row)))
    parts.append(drawer.section(_("Days in bands"), _("every minute of every kind of day"), *_days(reader, row)))
    leads = html.A(_("Look at it by parts"), href=f"/billing/editor?tariff={row['edition_id']}", className="button button--small")
    return [*parts, drawer.section(_("Rules"), "YAML", leads, box("rules", text, tag=html.Pre))]


def _days(reader: Reader, row: Row) -> list[Component]:
    """Draw the days as the first class of vehicles sees them, and whether every class is covered; lead to the verification."""
    edition = verification.find_edition(reader.tx, row["edition_id"], at=reader.at)
    drawn = previews.days(strips.strips_of(edition.tariff, edition.compiled, Subject.of(edition.tariff)))
    covered = strips.coverage(edition.tariff, edition.compiled)
    leads = html.A(_("Verify a price"), href=f"/billing/verification?tariff={row['edition_id']}", className="button button--small")
    return [drawn, previews.covered(covered.classes, covered.rows), leads]


def _effect(reader: Reader, row: Row) -> list[Component]:
    """Tell what the stays of a month would have cost by it, as far as somebody asked; required reading of who approves."""
    rows = _tried(reader, row)
    if not rows:
        return [tables.hint(_("Nobody has tried it yet."))]
    told = comparisons.added([Compared.of(each) for each in rows])
    leads = html.A(_("Site by site"), href=f"/billing/effects?effect_id={rows[0]['effect_id']}", className="button button--small")
    if rows[0]["state"] != "done":
        return [tables.hint(str(effects.STATES[rows[0]["state"]])), leads]
    return [tables.hint(_said(rows, told)), comparisons.whole(told, leads)]


def _tried(reader: Reader, row: Row) -> list[Row]:
    seen = reader.actor.scope.sites(reader.tx)
    return effects.list_of_text(reader.tx, tariff_id=row["tariff_id"], rules_text=row["rules_text"], sites=seen)


def _said(rows: Sequence[Row], told: Compared) -> str:
    return _(
        "%(n)s stays of %(month)s at %(sites)s sites; %(without)s without a price.",
        n=f"{told.stay_n:,}",
        month=f"{rows[0]['month_on']:%Y-%m}",
        sites=len(rows),
        without=f"{sum(each['unpriced_n'] or 0 for each in rows):,}",
    )


def _warn(reader: Reader, rows: Sequence[Row]) -> str:
    """Tell who approves what a version would have earned, or that nobody knows."""
    tried = [each for each in _tried(reader, rows[0]) if each["state"] == "done"]
    if not tried:
        return _("Nobody has tried it on the stays of a month: what it will earn is not known.")
    told = comparisons.added([Compared.of(each) for each in tried])
    said = _(
        "Dearer for %(dearer)s of them, cheaper for %(cheaper)s; revenue %(before)s → %(after)s yuan (%(change)s).",
        dearer=f"{told.dearer_n:,}",
        cheaper=f"{told.cheaper_n:,}",
        before=formats.money(told.before_fen),
        after=formats.money(told.after_fen),
        change=comparisons.change(told),
    )
    return f"{_said(tried, told)} {said}"


def _months(reader: Reader) -> list[tuple[str, str]]:
    return [(month.isoformat(), f"{month:%Y-%m}") for month in effects.list_months(reader.at)]


def _differences(row: Row, before: str) -> list[Component]:
    """Tell what changes: part by part in words, each leading to its place, and line by line."""
    lines = box("rules", *(_line(line) for line in tariffs.list_changes(before, row["rules_text"])[:MOST_LINES]))
    try:
        found = tariffs.list_differences(before, row["rules_text"])
    except NotATariff as fault:
        return [tables.hint(fault.message), lines]
    told = [
        (html.A(" › ".join(each.where), href=_at(row, each.path)), each.before or UNKNOWN, each.after or UNKNOWN) for each in found
    ]
    words = tables.plain([_("Changed part"), _("Was"), _("Is now")], told, empty=_("Only remarks and order."))
    return [words, html.Details([html.Summary(_("Line by line")), lines], className="rules__fold")]


def _at(row: Row, path: str) -> str:
    return f"/billing/editor?tariff={row['edition_id']}#{path}"


def _line(line: str) -> Component:
    looks = {"+": "rules__line rules__line--new", "-": "rules__line rules__line--gone"}
    return box(looks.get(line[:1], "rules__line"), line, tag=html.Div)


TARIFFS = Register(
    name="billing/tariffs",
    path="/billing/tariffs",
    group="tariffs",
    order=1,
    title=_l("Tariffs"),
    one=_l("Tariff"),
    note=_l("One person writes, another approves; what was used is never changed"),
    view=Permission.TARIFFS_VIEW,
    relation=tariffs.TARIFFS,
    for_all="a tariff is published for a city; where it holds is told by its assignments",
    given=lambda reader: {"at": reader.at},
    columns=(
        Column("code", _l("Code"), Look.CODE, 210),
        Column("name", _l("Name"), Look.TEXT, 240, grows=True),
        Column("number", _l("Version"), Look.NUMBER, 100),
        Column("state", _l("State"), Look.STATE, 210, words=STATES, tones=EDITIONS),
        Column("site_n", _l("Sites now"), Look.NUMBER, 110, note=_l("Sites where it holds now.")),
        Column("case_n", _l("Golden cases"), Look.NUMBER, 120, note=_l("Cases of the tariff that are tried on each version.")),
        Column("note", _l("Note"), Look.TEXT, 200, grows=True),
        Column("made_by", _l("Written by"), Look.TEXT, 130),
        Column("made_at", _l("Written at"), Look.MOMENT, 140),
        Column("decided_by", _l("Decided by"), Look.TEXT, 130),
        Column("decided_at", _l("Decided at"), Look.MOMENT, 140, hidden=True),
    ),
    filters=(Typed("code", _l("Code")), Typed("name", _l("Name")), Typed("made_by", _l("Written by"))),
    chips=Chips("state", STATES),
    views=(
        View("waiting", _l("To be approved"), {"state": "checked"}),
        View("drafts", _l("Drafts"), {"state": "draft"}),
        View("live", _l("In force"), {"state": "live"}),
    ),
    sheet=show_edition,
    form=Form(tariffs.Draft, add=tariffs.write, change=tariffs.rewrite, needs=Permission.TARIFFS_MANAGE, fields=(
        Field("organisation_id", _l("Organisation"), choices=lambda reader: organisations.list_choices(reader.tx, by=reader.actor),
              is_fixed=True),
        Field("note", _l("Note"), hint=_l("What this version is for, as its approver reads it.")),
        Field("rules_text", _l("Rules"), kind=Kind.LINES, is_wide=True,
              hint=_l("YAML of the rule language. The code says of which tariff it is; a new code opens a new tariff.")),
    ), when=lambda row: _is(State.DRAFT, row), page="/billing/editor?tariff="),
    actions=(
        Action("check", _l("Check and submit"), tariffs.check, Permission.TARIFFS_MANAGE, when=lambda row: _is(State.DRAFT, row),
               says=_l("Every minute of every kind of day must have a rule, and every golden case its price.")),
        Action("try", _l("Try it on real stays"), effects.ask, Permission.TARIFFS_MANAGE, when=lambda row: bool(row["rules_text"]),
               says=_l("The stays of a month are priced by what holds today and by this text; nothing is charged by it."),
               form=Form(effects.Draft, fields=(
                   Field("month_on", _l("Month"), choices=_months, starts=lambda reader: effects.list_months(reader.at)[0]),
                   Field("site_ids", _l("Sites"), choices=lambda reader: sites.list_choices(
                       reader.tx, sites=reader.actor.scope.sites(reader.tx)),
                         hint=_l("Nothing chosen: the sites where the tariff holds today.")),
                   Field("price_zone", _l("Zone of the tariff"),
                         hint=_l("Of sites where it holds nowhere yet; empty where it has none.")),
               ))),
        Action("approve", _l("Approve"), tariffs.approve, Permission.TARIFFS_APPROVE, is_confirmed=True, warns=_warn,
               when=lambda row: _is(State.CHECKED, row) and row["has_effect"],
               says=_l("It can be assigned from now on, and is never changed any more.")),
        Action("approve_untried", _l("Approve"), tariffs.approve, Permission.TARIFFS_APPROVE, is_confirmed=True, warns=_warn,
               when=lambda row: _is(State.CHECKED, row) and not row["has_effect"], asks_reason=True,
               says=_l("It can be assigned from now on, and is never changed any more. Say why it is approved all the same.")),
        Action("refuse", _l("Refuse"), tariffs.refuse, Permission.TARIFFS_APPROVE, asks_reason=True,
               when=lambda row: _is(State.CHECKED, row)),
        Action("retire", _l("Retire"), tariffs.retire, Permission.TARIFFS_MANAGE, asks_reason=True, is_grave=True,
               when=lambda row: _is(State.APPROVED, row),
               says=_l("It can be assigned no longer. What was priced keeps its price.")),
        Action("drop", _l("Throw away"), tariffs.drop, Permission.TARIFFS_MANAGE, is_grave=True, is_for_many=True,
               when=lambda row: _is(State.DRAFT, row)),
    ),
)  # fmt: skip
