"""Effects: the register of what tariffs would have earned, site by site, with the stays whose price changes most."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from core.access.permissions import Permission
from core.billing import effects, trials
from core.billing.assignments import VEHICLES
from core.billing.effects import EFFECTS, OPEN, STATES
from core.billing.rules.tallies import MOST_LARGEST, Reason, Side
from core.kit.clock import city_zone
from core.kit.db import Row, Tx
from core.kit.locale import Lazy, _, _l
from core.kit.moments import moment
from core.ui import comparisons, drawer, formats, tables, tones
from core.ui.comparisons import Compared
from core.ui.drawer import Fact, Gauge, Pill
from core.ui.parts import UNKNOWN, box
from core.ui.register import Action, Chips, Choice, Reader, Register, Total, Typed
from core.ui.tables import Column, Look

SIDES: Final[dict[str, Lazy]] = {Side.BEFORE: _l("today"), Side.AFTER: _l("with this tariff")}
_MILLION: Final = 1_000_000


def show_effect(reader: Reader, row: Row) -> list[Component]:
    """Tell the effect that a row is of: all sites its reader sees, the largest changes, what has no price, how it came about."""
    rows = effects.list_of(reader.tx, row["effect_id"], sites=reader.sites)
    pill = Pill(str(STATES[row["state"]]), tones.OUTCOMES[row["state"]].value)
    parts = [drawer.heading(_name(row), [pill], f"{tables.named(row, 'name')} · {row['month']}")]
    if row["state"] in OPEN:
        parts.append(drawer.section(_("Progress"), "", _progress(row), name="progress"))
    if row["detail"]:
        parts.append(tables.hint(row["detail"]))
    if row["state"] == "done":
        parts += _result(row, rows)
    facts = box("register__pairs", drawer.facts(_definition(reader, row, rows)))
    return [*parts, drawer.section(_("How it is worked out"), "", facts)]


def _name(row: Row) -> str:
    return f"{row['code']} v{row['number']}" if row["number"] else f"{row['code']} · {_('Draft')}"


def _progress(row: Row) -> Component:
    total = row["stay_total"]
    told = f"{row['looked_n']:,}" if total is None else f"{row['looked_n']:,} / {total:,}"
    return drawer.gauges([Gauge(_("Stays"), told, row["done_pct"], "good" if total else "unknown")])


def _result(row: Row, rows: Sequence[Row]) -> list[Component]:
    told = [(f"{each['site']} {tables.named(each, 'site_name')}", Compared.of(each)) for each in rows]
    whole = comparisons.added([each for _site, each in told])
    found = [
        drawer.section(_("Revenue"), _("%(n)s stays", n=f"{whole.stay_n:,}"), comparisons.whole(whole)),
        drawer.section(_("Largest changes"), _("each leads to its verification"), _largest(row, rows)),
        drawer.section(_("Site by site"), "", comparisons.places(told)),
    ]
    reasons = _reasons(rows)
    return [*found, drawer.section(_("Without a price"), _("counted nowhere else"), reasons)] if reasons else found


def _largest(row: Row, rows: Sequence[Row]) -> Component:
    changes = [(each["site"], change) for each in rows for change in each["largest"] or ()]
    changes.sort(key=lambda one: -abs(one[1][-1] - one[1][-2]))
    drawn = [
        (
            _stay(row, site, change),
            formats.money(change[-2]),
            formats.money(change[-1]),
            comparisons.signed(change[-1] - change[-2]),
        )
        for site, change in changes[:MOST_LARGEST]
    ]
    titles = [_("Stay"), _("By today's tariff"), _("With this tariff"), _("Difference")]
    return tables.plain(titles, drawn, empty=_("No stay costs anything else."))


def _stay(row: Row, site: str, change: list[Any]) -> Component:  # JSON of a Change
    """Return a stay as a link to its verification by this tariff."""
    _stay_id, started_ms, ended_ms, vehicle, zone, *_fen = change
    begins, ends = (moment(at_ms).astimezone(city_zone()).replace(tzinfo=None) for at_ms in (started_ms, ended_ms))
    asked = {"tariff": row["edition_id"], "vehicle": vehicle, "zone": zone}
    asked |= {"entry": begins.isoformat(), "exit": ends.isoformat()}
    said = f"{site} · {begins:%m-%d %H:%M} · {formats.length(int((ends - begins) / timedelta(seconds=1)))} · {VEHICLES[vehicle]}"
    if row["edition_id"] is None:
        return html.Span(said)
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return html.A(said, href=f"/billing/verification?{query}")


def _reasons(rows: Sequence[Row]) -> Component | None:
    counted: Counter[Reason] = Counter()
    for row in rows:
        for side, kind, about, n, _stay_id in row["reasons"] or ():
            counted[Reason(Side(side), kind, about)] += n
    drawn = [(trials.sentence(reason), str(SIDES[reason.side]), f"{n:,}") for reason, n in counted.most_common()]
    return tables.plain([_("Why"), _("By which tariff"), _("Stays")], drawn, empty="") if drawn else None


def _definition(reader: Reader, row: Row, rows: Sequence[Row]) -> list[Fact]:
    return [
        Fact(_("Stays"), _("billable, ended in %(month)s", month=f"{row['month']}")),
        Fact(_("Sites"), str(len(rows))),
        Fact(_("Today's tariffs"), ", ".join(row["compared_to"] or ()) or UNKNOWN),
        Fact(_("Calendar"), row["calendar"] or UNKNOWN),
        Fact(_("Engine"), row["engine"] or UNKNOWN),
        Fact(_("Tried by"), row["asked_by"] or UNKNOWN),
        Fact(_("Tried at"), formats.moment(row["asked_at"], now=reader.at)),
        Fact(_("Took"), _took(row)),
    ]


def _took(row: Row) -> str:
    if row["state"] != "done" or not row["looked_n"]:
        return UNKNOWN
    seconds = (row["ended_at"] - row["started_at"]) / timedelta(seconds=1)
    return _("%(s)s s, %(million)s s a million stays", s=f"{seconds:.1f}", million=f"{seconds * _MILLION / row['looked_n']:.0f}")


def _cancel(tx: Tx, _keys: Sequence[str], *, rows: Sequence[Row], at: datetime) -> int:
    return effects.cancel(tx, list({row["effect_id"] for row in rows}), at=at)


TRIED = Register(
    name="billing/effects",
    path="/billing/effects",
    group="tariffs",
    order=5,
    title=_l("Effects"),
    one=_l("Effect of a tariff"),
    note=_l("Real stays of a month, priced by today's tariffs and by one that waits for approval"),
    view=Permission.TARIFFS_VIEW,
    relation=EFFECTS,
    sheet=show_effect,
    heading="site",
    columns=(
        Column("code", _l("Tariff"), Look.CODE, 150),
        Column("number", _l("Version"), Look.NUMBER, 80),
        Column("month", _l("Month"), Look.CODE, 100),
        Column("site", _l("Site"), Look.CODE, 220, grows=True, beside="site_name"),
        Column("state", _l("State"), Look.STATE, 130, words=STATES, tones=tones.OUTCOMES),
        Column("done_pct", _l("Progress"), Look.NUMBER, 90, unit="%"),
        Column("stay_n", _l("Stays"), Look.NUMBER, 90, note=_l("Stays that both tariffs price.")),
        Column("before_fen", _l("By today's tariff"), Look.MONEY, 130),
        Column("after_fen", _l("With it"), Look.MONEY, 130),
        Column("difference_fen", _l("Difference"), Look.MONEY, 130),
        Column("dearer_mill", _l("Dearer"), Look.NUMBER, 100, unit="%", scale=10, places=1),
        Column("equal_mill", _l("Equal"), Look.NUMBER, 100, unit="%", scale=10, places=1),
        Column("cheaper_mill", _l("Cheaper"), Look.NUMBER, 100, unit="%", scale=10, places=1),
        Column("unpriced_n", _l("Without a price"), Look.NUMBER, 120,
               note=_l("One of the tariffs does not price them; a row tells why.")),
        Column("asked_by", _l("Tried by"), Look.TEXT, 120),
        Column("asked_at", _l("Tried at"), Look.MOMENT, 140),
    ),
    filters=(
        Choice("effect_id", _l("Trial"), lambda reader: effects.list_choices(reader.tx), is_many=False),
        Typed("code", _l("Tariff")),
        Typed("site", _l("Site")),
    ),
    chips=Chips("state", STATES),
    totals=(
        Total("before_fen", _l("By today's tariff"), Look.MONEY),
        Total("after_fen", _l("With it"), Look.MONEY),
        Total("difference_fen", _l("Difference"), Look.MONEY),
        Total("unpriced_n", _l("Without a price")),
    ),
    actions=(
        Action("cancel", _l("Cancel"), _cancel, Permission.TARIFFS_MANAGE, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] in OPEN),
    ),
    is_live=True,
)  # fmt: skip
