"""Stays: the register of stays with their claims, and the sheet of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from core.access.permissions import Permission
from core.billing import phrases
from core.billing.quotes import WHYS
from core.billing.rules.pricing import Line
from core.customers.lists import COLOURS
from core.finance import corrections
from core.finance.payments import CHANNELS
from core.insight import stays
from core.insight.dispatch import words
from core.insight.stays import Quote, Sheet
from core.kit.db import Row
from core.kit.locale import _, _l, ngettext
from core.kit.masks import Mask
from core.kit.moments import moment
from core.office import dictionaries
from core.office.dictionaries import Dictionary
from core.places import areas, sites
from core.settings import settings
from core.stays import evidence as pictures
from core.stays.evidence import Brought
from core.ui import drawer, evidence, formats, tables
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN, box
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Reader, Register, Total, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

HAPPENINGS: Final = {
    "space_occupied": _l("Came onto the berth"),
    "space_freed": _l("Left the berth"),
    "plate_read": _l("Plate read"),
    "lane_in": _l("Came in"),
    "lane_out": _l("Went out"),
    "manual_open": _l("Barrier opened by hand"),
    "payment": _l("Paid"),
    "picture": _l("Photographed"),
}
STAY_TONES: Final = {"open": Tone.GOOD, "suspect": Tone.WATCH, "closed": Tone.OFF, "void": Tone.OFF}
ORDER_TONES: Final = {
    "accruing": Tone.INFO, "prepaid": Tone.INFO, "due": Tone.WATCH, "part_paid": Tone.WATCH, "arrears": Tone.ACT,
    **dict.fromkeys(("none", "settled", "free", "void"), Tone.OFF),
}  # fmt: skip


def show(reader: Reader, row: Row) -> list[Component]:
    """Return the sheet of a stay: its facts, its price line by line, what was photographed, and what happened when."""
    told = stays.get_sheet(reader.tx, row, sites=reader.sites, at=reader.at)
    shown = tables.shown(row, key=stays.STAYS.key)
    place = " · ".join(part for part in (row["order_no"], shown["site_name"], row["space"]) if part)
    pills = [_pill(stays.STAY_STATES, STAY_TONES, row["stay_state"]), _pill(stays.ORDER_STATES, ORDER_TONES, row["order_state"])]
    why_not = "" if row["origin"] == "live" else _("brought over without its messages: it cannot be corrected")
    return [
        drawer.heading(row["plate"] or _("Plate not read"), pills, place),
        drawer.section(_("Stay"), str(stays.REASONS[row["price_reason"]]), drawer.facts(_facts(row, told, now=reader.at))),
        drawer.section(_("Price"), _tariff(told), _price(row, told), *_hints(told), *_verification(reader, row)),
        evidence.section(reader, row["site_id"], frames=told.frames, brought=told.brought),
        drawer.section(_("What happened"), why_not, drawer.notes(_flow(told, now=reader.at))),
    ]


def _pill(words_of: Mapping[str, Any], tones_of: Mapping[str, Tone], state: str) -> Pill:
    return Pill(str(words_of[state]), tones_of[state])


def _facts(row: Row, told: Sheet, *, now: datetime) -> list[Fact]:
    owed = formats.arrears(told.owed_n, told.owed_fen)
    return [
        Fact(_("Entered"), formats.moment(row["entered_at"], now=now)),
        Fact(_("Left"), formats.moment(row["left_at"], now=now) if row["left_at"] else UNKNOWN),
        Fact(_("Length"), formats.length(row["length_s"])),
        Fact(_("Kind"), str(stays.KINDS[row["vehicle_kind"]])),
        Fact(_("Watched by"), str(sites.MODES[row["mode"]])),
        Fact(_("Quality"), row["quality"]),
        Fact(_("Owes elsewhere"), owed, "money-owed" if told.owed_fen else ""),
        Fact(_("Collector"), row["collector"] or UNKNOWN),
    ]


def _tariff(told: Sheet) -> str:
    if told.quote is None:
        return ""
    if len(told.quote.versions) > 1:
        return " → ".join(told.quote.versions)
    return _("%(tariff)s, version %(version)s", tariff=told.quote.tariff, version=told.quote.version)


def _hints(told: Sheet) -> list[Component]:
    """Say what the vehicle had used before of its free time, and whether the same comes out when the price is reckoned anew."""
    quote = told.quote
    if quote is None:
        return []
    said = [
        _("%(length)s of the free time %(name)s were used before", length=phrases.length(used_ms), name=name)
        for name, used_ms in quote.used_free_ms.items()
    ]
    if quote.is_same is not None:
        same = _("Reckoned anew just now: the same to the fen.")
        said.append(same if quote.is_same else _("Reckoned anew just now, it comes out otherwise. Somebody has to look."))
    return [box("table__hint", " · ".join(said), tag=html.P)] if said else []


def _price(row: Row, told: Sheet) -> Component:
    """Draw the lines of the price, and below them what they come to."""
    quote = told.quote
    lines = [] if quote is None else [(_line(line, _by(quote, n)), formats.money(line.fen)) for n, line in quote.lines]
    sums = [
        (_("Discount"), row["discount_fen"]),
        (_("Receivable"), row["receivable_fen"]),
        (_("Prepaid"), row["prepaid_fen"]),
        (_("Received"), row["received_fen"]),
        (_("Owed"), row["owed_fen"]),
    ]
    lines += [(name, formats.money(fen)) for name, fen in sums if fen is not None]
    return tables.plain([_("Item"), _("yuan")], lines, empty=str(stays.REASONS[row["price_reason"]]))


def _by(quote: Quote, number: int) -> str:
    """Return the version that priced a line, where several have."""
    return quote.versions[number] if len(quote.versions) > 1 else ""


def _line(line: Line, by: str) -> str:
    begins, ends = (formats.clock(moment(at_ms), seconds=False) for at_ms in (line.from_ms, line.to_ms))
    return " · ".join(part for part in (f"{begins}–{ends}", by, phrases.told(line, settings().currency)) if part)


def _verification(reader: Reader, row: Row) -> list[Component]:
    """Return the way to the price of this very stay, worked out line by line by what held where and when it began."""
    if Permission.TARIFFS_VIEW not in reader.actor.permissions:
        return []
    asked = {"by": "site", "site": row["site_id"], "vehicle": row["vehicle_class"]}
    asked |= {"space": row["subject_id"]} if row["space"] else {}
    asked |= {"entry": formats.iso(row["entered_at"]), "exit": formats.iso(row["left_at"] or reader.at)}
    href = f"/billing/verification?{urlencode(asked)}"
    return [html.A(_("Verify this price"), href=href, className="button button--small")]


def _flow(told: Sheet, *, now: datetime) -> list[tuple[str, str]]:
    """Return what happened, oldest first: what sources told, payments, and corrections."""
    found: list[tuple[datetime, str]] = [(one["at"], _happening(one)) for one in told.happenings]
    found += [(one["paid_at"], _payment(one)) for one in told.payments]
    found += [(one["at"], _amendment(one)) for one in told.amendments]
    found += [(at, _bringing(at, told.brought)) for at in {one.at for one in told.brought}]
    return [(formats.moment(at, now=now, seconds=False), text) for at, text in sorted(found, key=lambda one: one[0])]


def _happening(one: Row) -> str:
    word = str(HAPPENINGS.get(one["kind"], one["kind"]))
    sure = "" if one["min_char_conf_pct"] is None else _("%(pct)s%% sure", pct=one["min_char_conf_pct"])
    late = _("came late") if one["is_late"] else ""
    return " · ".join(part for part in (word, one["device"], sure, late) if part)


def _payment(one: Row) -> str:
    said = [_("Paid %(money)s yuan · %(channel)s", money=formats.money(one["fen"]), channel=CHANNELS[one["channel"]])]
    if one["quote_no"]:
        said.append(_("quote %(number)s", number=one["quote_no"]))
    return " · ".join([*said, str(WHYS[one["why"]])] if one["why"] else said)


def _amendment(one: Row) -> str:
    return " · ".join((str(words.amendment(one["kind"])), one["reason"]))


def _bringing(at: datetime, brought: Sequence[Brought]) -> str:
    """Tell what was brought at an instant, in one go."""
    then = [one for one in brought if one.at == at]
    return " · ".join(
        (ngettext("A picture was brought.", "%(count)s pictures were brought.", len(then)), then[0].by, then[0].reason)
    )


def _is_correctable(row: Row) -> bool:
    """Tell whether a stay follows from messages and is not void."""
    return bool(row["origin"] == "live" and row["stay_state"] != "void")


PICTURE_FORM: Final = Form(pictures.Draft, fields=(evidence.FIELD,))
VOID_FORM: Final = Form(corrections.VoidDraft, fields=(evidence.FIELD,))
PLATE_FORM: Final = Form(
    corrections.PlateDraft,
    fields=(Field("plate", _l("Plate")), Field("plate_colour", _l("Colour of the plate"), choices=COLOURS), evidence.FIELD),
)
TIME_FORM: Final = Form(
    corrections.TimeDraft, fields=(Field("came_at", _l("Really came")), Field("gone_at", _l("Really left")), evidence.FIELD),
)  # fmt: skip

STAYS = Register(
    name="insight/stays",
    path="/parking/stays",
    group="stays",
    order=1,
    title=_l("Stays and orders"),
    one=_l("Stay"),
    note=_l("Who stood where, and what came of it"),
    view=Permission.STAYS_VIEW,
    relation=stays.STAYS,
    given=lambda reader: stays.given(at=reader.at, sites=reader.sites),
    sheet=show,
    heading="plate",
    columns=(
        Column("order_no", _l("Order"), Look.CODE, 122),
        Column("plate", _l("Plate"), Look.PLATE, 108, beside="plate_colour", personal=Mask.PLATE),
        Column("vehicle_kind", _l("Kind"), Look.TEXT, 96, words=stays.KINDS),
        Column("site", _l("Site"), Look.TEXT, 150, grows=True, beside="site_name"),
        Column("space", _l("Berth"), Look.CODE, 80),
        Column("entered_at", _l("Entered"), Look.MOMENT, 112),
        Column("left_at", _l("Left"), Look.MOMENT, 112),
        Column("length_s", _l("Length"), Look.NUMBER, 86, unit=_l("min"), scale=60),
        Column("receivable_fen", _l("Receivable"), Look.MONEY, 84, note=_l("After discounts; not known before the departure.")),
        Column("discount_fen", _l("Discount"), Look.MONEY, 76),
        Column("received_fen", _l("Received"), Look.MONEY, 84),
        Column("owed_fen", _l("Owed"), Look.MONEY, 84, warns=True),
        Column("stay_state", _l("Stay"), Look.STATE, 110, words=stays.STAY_STATES, tones=STAY_TONES),
        Column("order_state", _l("Money"), Look.STATE, 100, words=stays.ORDER_STATES, tones=ORDER_TONES, is_pill=True),
        Column("price_reason", _l("Why this price"), Look.TEXT, 150, words=stays.REASONS),
        Column("mode", _l("Watched by"), Look.TEXT, 120, words=sites.MODES, hidden=True),
        Column("collector", _l("Collector"), Look.CODE, 110, is_sorted=False, hidden=True),
        Column("prepaid_fen", _l("Prepaid"), Look.MONEY, 95, hidden=True, note=_l("Paid while the vehicle still stands there.")),
        Column("gross_fen", _l("By tariff"), Look.MONEY, 95, hidden=True),
        Column("quality", _l("Quality"), Look.CODE, 80, hidden=True, note=_l("A: both ends seen, B: one inferred, C: both.")),
        Column("is_doubtful", _l("To review"), Look.SWITCH, 90, is_sorted=False, hidden=True),
    ),
    filters=(
        Choice("period", _l("Entered"), stays.PERIODS, is_many=False, is_given=True, default=stays.PERIOD, widest="all"),
        Between("left_at", _l("Left"), Kind.DATE),
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Choice("road_id", _l("Road"), lambda reader: stays.list_roads(reader.tx, sites=reader.sites)),
        Choice("site", _l("Site"), lambda reader: stays.list_sites(reader.tx, sites=reader.sites)),
        Choice("business", _l("Business"), sites.KINDS, is_rare=True),
        Typed("plate", _l("Plate"), "江A12"),
        Typed("order_no", _l("Order"), "019aa2f0", is_rare=True),
        Choice("vehicle_kind", _l("Kind"), stays.KINDS),
        Choice("stay_state", _l("Stay"), stays.STAY_STATES, is_rare=True),
        Choice("price_reason", _l("Why this price"), stays.REASONS, is_rare=True),
        Choice("collector", _l("Collector"), lambda reader: stays.list_collectors(reader.tx, sites=reader.sites), is_rare=True),
        Between("owed_fen", _l("Owed"), Kind.MONEY, is_rare=True),
        Between("entered_at", _l("Entered between"), Kind.DATE, is_rare=True),
        Choice("is_doubtful", _l("To review"), {"true": _l("Yes"), "false": _l("No")}, is_many=False, is_rare=True),
    ),
    chips=Chips("order_state", stays.ORDER_STATES),
    totals=(
        Total("prepaid_fen", _l("Prepaid"), Look.MONEY),
        Total("receivable_fen", _l("Receivable"), Look.MONEY),
        Total("discount_fen", _l("Discount"), Look.MONEY),
        Total("received_fen", _l("Received"), Look.MONEY),
        Total("owed_fen", _l("Owed"), Look.MONEY),
    ),
    views=(
        View("inside", _l("Inside"), {"stay_state": ["open", "suspect"], "period": "month"}),
        View("arrears", _l("In arrears"), {"order_state": "arrears", "period": "month"}, "-owed_fen"),
        View("free", _l("Left free"), {"order_state": "free"}),
        View("review", _l("To review"), {"is_doubtful": "true"}),
        View("void", _l("Void"), {"stay_state": "void", "period": "month"}),
    ),
    actions=(
        Action("plate", _l("Correct the plate"), corrections.correct_plate, Permission.STAYS_AMEND,
               asks_reason=True, offers=dictionaries.offers(Dictionary.AMENDMENT_REASON),
               says=_l("Claim and payments find each other anew."), when=_is_correctable, form=PLATE_FORM),
        Action("times", _l("Correct the times"), corrections.correct_times, Permission.STAYS_AMEND,
               asks_reason=True, offers=dictionaries.offers(Dictionary.AMENDMENT_REASON),
               says=_l("It is priced anew, and the difference booked. A vehicle that is inside counts as gone."),
               when=_is_correctable, form=TIME_FORM),
        Action("void", _l("Declare void"), corrections.void, Permission.STAYS_AMEND,
               asks_reason=True, offers=dictionaries.offers(Dictionary.VOID_REASON), is_for_many=True,
               says=_l("It is not counted and costs nothing; what was paid for it waits for a person."), is_grave=True,
               when=_is_correctable, form=VOID_FORM),
        Action("pictures", _l("Add pictures"), pictures.bring_to_stays, Permission.STAYS_AMEND, asks_reason=True,
               says=_l("They stand beside this stay, with your name and reason."), form=PICTURE_FORM),
    ),
)  # fmt: skip
