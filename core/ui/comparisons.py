"""Comparisons: what something costs today and would cost otherwise, in sums, in shares, and place by place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component

from core.kit.locale import _
from core.ui import drawer, formats, tables
from core.ui.drawer import Fact, Gauge
from core.ui.parts import UNKNOWN, Child, box


@dataclass(frozen=True, slots=True)
class Compared:
    """Sums in fen before and after, and of how many stays the price rises, stays and falls; None: not known."""

    before_fen: int | None
    after_fen: int | None
    dearer_n: int
    equal_n: int
    cheaper_n: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Compared":
        """Return what a row of an effect tells; `before_fen`, `after_fen`, `dearer_n`, `equal_n`, `cheaper_n`."""
        return cls(row["before_fen"], row["after_fen"], row["dearer_n"] or 0, row["equal_n"] or 0, row["cheaper_n"] or 0)

    @property
    def difference_fen(self) -> int | None:
        """Return what it would bring."""
        return None if self.before_fen is None or self.after_fen is None else self.after_fen - self.before_fen

    @property
    def stay_n(self) -> int:
        """Return how many stays were compared."""
        return self.dearer_n + self.equal_n + self.cheaper_n


def added(parts: Sequence[Compared]) -> Compared:
    """Return what parts come to together; one that is not known leaves the sum unknown."""
    before, after = [each.before_fen for each in parts], [each.after_fen for each in parts]
    return Compared(
        _sum(before), _sum(after), *(sum(getattr(each, name) for each in parts) for name in ("dearer_n", "equal_n", "cheaper_n"))
    )


def whole(told: Compared, *more: Child) -> Component:
    """Return the sums, what the difference is in per cent, and the shares of stays; `more` stands below."""
    sums = [
        Fact(_("By today's tariff"), formats.money(told.before_fen)),
        Fact(_("With this tariff"), formats.money(told.after_fen)),
        Fact(_("Difference"), change(told)),
    ]
    return box("comparison", drawer.facts(sums), shares(told), *more)


def change(told: Compared) -> str:
    """Return a difference with its sign, and in per cent of what is today."""
    by = told.difference_fen
    if by is None or told.before_fen is None:
        return UNKNOWN
    if told.before_fen == 0:
        return signed(by)
    return f"{signed(by)} · {by * 100 / told.before_fen:+.1f}%".replace("-", "−")


def signed(fen: int) -> str:
    """Return an amount with its sign."""
    return f"+{formats.money(fen)}" if fen > 0 else formats.money(fen)


def shares(told: Compared) -> Component:
    """Return the shares of stays that become dearer, stay, and become cheaper, as bars."""
    rows = ((_("Dearer"), told.dearer_n, "watch"), (_("Equal"), told.equal_n, "good"), (_("Cheaper"), told.cheaper_n, "good"))
    return drawer.gauges([_share(name, n, told.stay_n, level) for name, n, level in rows])


def places(rows: Iterable[tuple[Child, Compared]]) -> Component:
    """Return a table of places: today, with the tariff, the difference."""
    drawn = [(name, formats.money(told.before_fen), formats.money(told.after_fen), _difference(told)) for name, told in rows]
    return tables.plain([_("Site"), _("By today's tariff"), _("With this tariff"), _("Difference")], drawn, empty=_("Nothing here"))


def _share(name: str, n: int, of: int, level: str) -> Gauge:
    if not of:
        return Gauge(name, UNKNOWN, None, "unknown")
    return Gauge(name, f"{n:,} · {n * 100 / of:.1f}%", n * 100 / of, level)


def _difference(told: Compared) -> str:
    return UNKNOWN if told.difference_fen is None else signed(told.difference_fen)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if values and len(known) == len(values) else None
