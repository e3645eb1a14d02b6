"""Quotes: the register of what people who asked for a price were told, line by line, and of what paid it."""

from collections.abc import Sequence
from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.billing import phrases, quotes, reckonings
from core.billing.quotes import CLAIM, QUOTES, STATES, WHYS, Quote, Reproduction
from core.billing.rules.pricing import Line
from core.billing.rules.settlements import version_of_line
from core.finance.payments import CHANNELS
from core.kit.db import Row
from core.kit.locale import Lazy, _, _l
from core.kit.masks import Mask
from core.kit.moments import moment
from core.places import sites
from core.settings import settings
from core.ui import drawer, formats, tables
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN
from core.ui.register import Between, Chips, Choice, Kind, Reader, Register, Total, Typed, View
from core.ui.tables import Column, Look
from core.ui.tones import Tone

TONES: Final[dict[str, Tone]] = {"valid": Tone.INFO, "used": Tone.GOOD, "expired": Tone.OFF}
_DISCOUNTS: Final[dict[str, Lazy]] = {CLAIM: _l("Evidence came late: the smaller price stands")}


def show_quote(reader: Reader, row: Row) -> list[Component]:
    """Tell what was asked and answered, whether the same comes out today, and which payments named the quote."""
    told = quotes.reproduce(reader.tx, site_id=row["site_id"], quote_id=row["quote_id"])
    shown = tables.shown(row, key=QUOTES.key)
    names = reckonings.list_names(reader.tx, told.quote.tariff_version_ids)
    parts = [
        drawer.heading(
            row["plate"] or UNKNOWN,
            [Pill(str(STATES[row["state"]]), TONES[row["state"]].value)],
            " · ".join((row["quote_no"], shown["site_name"])),
        ),
        drawer.section(_("Asked"), "", drawer.facts(_facts(reader, row, told.quote))),
        drawer.section(_("Price"), _check(told), drawer.facts([Fact(_("Tariff"), " → ".join(names))]), _price(told.quote, names)),
    ]
    payments = _payments(reader, row)
    return [*parts, drawer.section(_("Payments"), "", drawer.notes(payments))] if payments else parts


def _facts(reader: Reader, row: Row, quote: Quote) -> list[Fact]:
    def said(at_column: str) -> str:
        return formats.moment(row[at_column], now=reader.at)

    asked = " · ".join(f"{name}={value}" for name, value in sorted(quote.request["attrs"].items()))
    return [
        Fact(_("Came"), said("entered_at")),
        Fact(_("Priced until"), said("leaves_at")),
        Fact(_("Asked at"), said("issued_at")),
        Fact(_("Valid until"), said("expires_at")),
        Fact(_("Changes at"), formats.moment(quote.changes_at, now=reader.at) if quote.changes_at else UNKNOWN),
        Fact(_("Asked by"), row["device"] or UNKNOWN),
        Fact(_("Calendar"), UNKNOWN if quote.edition is None else f"{quote.edition[0]} · {quote.edition[1]}"),
        Fact(_("Told of the stay"), asked or UNKNOWN),
    ]


def _check(told: Reproduction) -> str:
    """Say what comes out when the quote is reckoned anew from what it keeps."""
    if told.reckoned is None:
        return told.why
    if told.is_same:
        return _("Reckoned anew just now: the same to the fen.")
    return _("Reckoned anew just now: %(money)s. Somebody has to look.", money=formats.money(told.reckoned.due_fen))


def _price(quote: Quote, names: Sequence[str]) -> Component:
    """Draw the lines, what was taken off, and what is due."""
    said = quote.reckoned
    rows = [(_line(line, names), formats.money(line.fen)) for line in said.lines]
    rows += [(str(_DISCOUNTS.get(each.code, each.code)), formats.money(-each.fen)) for each in said.discounts]
    rows += [(_("To pay in all"), formats.money(said.net_fen)), (_("Paid before"), formats.money(said.paid_fen))]
    return tables.plain([_("Item"), _("yuan")], [*rows, (_("Due"), formats.money(said.due_fen))], empty="")


def _line(line: Line, names: Sequence[str]) -> str:
    """Say a line; of several versions, also which one it is by."""
    number, line = version_of_line(line)
    begins, ends = (formats.clock(moment(at_ms), seconds=False) for at_ms in (line.from_ms, line.to_ms))
    by = names[number] if len(names) > 1 else ""
    return " · ".join(part for part in (f"{begins}–{ends}", by, phrases.told(line, settings().currency)) if part)


def _payments(reader: Reader, row: Row) -> list[tuple[str, str]]:
    """List the payment that paid the quote, and those that named it in vain, each with its reason."""
    found = []
    if row["used_at"] is not None:
        said = _("Paid · %(channel)s · %(trade)s", channel=CHANNELS[row["channel"]], trade=row["trade_no"])
        found.append((formats.moment(row["used_at"], now=reader.at, seconds=False), said))
    for each in quotes.list_refusals(reader.tx, site_id=row["site_id"], quote_id=row["quote_id"]):
        said = f"{formats.money(each['fen'])} · {CHANNELS[each['channel']]} · {WHYS[each['why']]}"
        found.append((formats.moment(each["paid_at"], now=reader.at, seconds=False), said))
    return found


ISSUED = Register(
    name="billing/quotes",
    path="/billing/quotes",
    group="tariffs",
    order=8,
    title=_l("Quotes"),
    one=_l("Quote"),
    note=_l("What was told to who asked for a price; nothing of it is ever changed"),
    view=Permission.STAYS_VIEW,
    relation=QUOTES,
    sheet=show_quote,
    heading="plate",
    columns=(
        Column("quote_no", _l("Quote"), Look.CODE, 130),
        Column("plate", _l("Plate"), Look.PLATE, 110, beside="plate_colour", personal=Mask.PLATE),
        Column("site", _l("Site"), Look.TEXT, 160, grows=True, beside="site_name"),
        Column("issued_at", _l("Asked at"), Look.MOMENT, 130),
        Column("entered_at", _l("Came"), Look.MOMENT, 130),
        Column("leaves_at", _l("Priced until"), Look.MOMENT, 130),
        Column("gross_fen", _l("By tariff"), Look.MONEY, 95, hidden=True),
        Column("net_fen", _l("To pay in all"), Look.MONEY, 110),
        Column("paid_fen", _l("Paid before"), Look.MONEY, 100),
        Column("due_fen", _l("Due"), Look.MONEY, 90),
        Column("expires_at", _l("Valid until"), Look.MOMENT, 130),
        Column("state", _l("State"), Look.STATE, 100, words=STATES, tones=TONES),
        Column("channel", _l("Channel"), Look.TEXT, 100, words=CHANNELS),
        Column("trade_no", _l("Trade number"), Look.CODE, 170, hidden=True),
        Column("tariff", _l("Tariff"), Look.CODE, 200, beside="tariff_name", hidden=True),
        Column("device", _l("Asked by"), Look.CODE, 130),
    ),
    filters=(
        Typed("plate", _l("Plate"), "江A12"),
        Choice("site_id", _l("Site"), lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
        Between("issued_at", _l("Asked at"), Kind.DATE),
        Typed("quote_no", _l("Quote"), is_rare=True),
        Typed("trade_no", _l("Trade number"), is_rare=True),
        Between("due_fen", _l("Due"), Kind.MONEY, is_rare=True),
    ),
    chips=Chips("state", STATES),
    totals=(Total("due_fen", _l("Due"), Look.MONEY),),
    views=(View("used", _l("Paid"), {"state": "used"}), View("expired", _l("Expired"), {"state": "expired"}, "-due_fen")),
)
