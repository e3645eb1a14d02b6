"""Tallies: what became of the rows of a file, and how that is told at the end of an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from core.kit.locale import _
from core.kit.money import Fen, to_yuan

WIDTH: Final = 120
"""Columns of a summary that goes to no terminal."""


@dataclass(frozen=True, slots=True)
class Tally:
    """
    The rows of one file: each is added, known already, or refused.

    Repeats, marked rows (kept, but not believed) and the amount count the first two kinds; `fen` is None where files of
    this kind carry no money. `refusals` lists the refused rows for people, `notes` what was found in the whole file.
    """

    file_name: str
    site_code: str
    added_n: int = 0
    known_n: int = 0
    refused_n: int = 0
    repeat_n: int = 0
    marked_n: int = 0
    fen: Fen | None = None
    currency: str = "CNY"
    left_out: str | None = None
    note_n: int = 0
    refusals: Path | None = None
    notes: Path | None = None

    @property
    def row_n(self) -> int:
        """Return how many rows were read."""
        return self.added_n + self.known_n + self.refused_n


def show(tallies: Sequence[Tally], *, seconds: float, console: Console | None = None) -> None:
    """Print the closing summary: a line a file, the sum, the lists of refused rows and the speed."""
    out = console or Console()
    if not out.is_terminal:
        out.width = WIDTH
    table = Table()
    table.add_column(_("File"))
    table.add_column(_("Site"))
    has_money = any(tally.fen is not None for tally in tallies)
    is_yuan = {tally.currency for tally in tallies if tally.fen is not None} <= {"CNY"}
    money = _("Yuan") if is_yuan else _("Amount")
    last = money if has_money else _("Marked")
    for heading in (_("Rows"), _("Added"), _("Known"), _("Refused"), _("Repeats"), last):
        table.add_column(heading, justify="right")
    for tally in tallies:
        table.add_row(tally.file_name, tally.site_code, *_numbers([tally], has_money=has_money))
    table.add_section()
    table.add_row(_("All files"), "", *_numbers(tallies, has_money=has_money))
    out.print(table)
    for tally in tallies:
        if tally.left_out is not None:
            out.print(tally.left_out, soft_wrap=True)
        if tally.refusals is not None:
            out.print(_("Refused rows of %(name)s: %(path)s", name=tally.file_name, path=tally.refusals), soft_wrap=True)
        if tally.notes is not None:
            told = {"name": tally.file_name, "count": f"{tally.note_n:,}", "path": tally.notes}
            out.print(_("%(count)s findings in %(name)s: %(path)s", **told), soft_wrap=True)
    rows = sum(tally.row_n for tally in tallies)
    speed = round(rows / seconds) if seconds else rows
    out.print(
        _(
            "%(count)s rows in %(seconds)s s, %(speed)s rows a second.",
            count=f"{rows:,}",
            seconds=f"{seconds:.1f}",
            speed=f"{speed:,}",
        )
    )


def _numbers(tallies: Sequence[Tally], *, has_money: bool) -> list[str]:
    counts = [
        sum(tally.row_n for tally in tallies),
        sum(tally.added_n for tally in tallies),
        sum(tally.known_n for tally in tallies),
        sum(tally.refused_n for tally in tallies),
        sum(tally.repeat_n for tally in tallies),
    ]
    yuan = to_yuan(Fen(sum(tally.fen or 0 for tally in tallies)))
    last = f"{yuan:,}" if has_money else f"{sum(tally.marked_n for tally in tallies):,}"
    return [*(f"{count:,}" for count in counts), last]
