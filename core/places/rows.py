"""Rows: berths laid out one behind the other along the line of a street, numbered in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.kit.errors import Refused
from core.kit.locale import _
from core.places import shapes
from core.places.shapes import Point

MOST: Final = 2_000
"""Berths of one row."""


class BadRow(Refused):
    """Such a row of berths cannot be laid out."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    What a row shall be: berths number `first` to `last`, every `step`-th, as `prefix` and so many `digits`.

    The middle of the first berth lies `start_m` metres along the line, each next one `spacing_m` further, all of them
    `aside_m` to the right of the line's direction (negative: to the left).
    """

    prefix: str
    first: int
    last: int
    step: int = 1
    digits: int = 3
    start_m: float = 3.0
    spacing_m: float = 6.0
    aside_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Laid:
    """One berth of a row; without a line nobody knows where it lies."""

    code: str
    point: Point | None


def lay(row: Row, lines: Sequence[Sequence[Point]]) -> list[Laid]:
    """
    Return the berths of a row along lines that follow each other.

    Raises:
        BadRow: it has no berth, or too many, or is longer than the street.
    """
    numbers = range(row.first, row.last + 1, row.step)
    if not numbers:
        raise BadRow(_("The last number lies before the first."), field="last")
    if len(numbers) > MOST:
        raise BadRow(_("At most %(most)s berths are laid out at once.", most=f"{MOST:,}"), field="last")
    codes = [f"{row.prefix}{number:0{row.digits}}" for number in numbers]
    if not lines:
        return [Laid(code, None) for code in codes]
    there_m = sum(shapes.length_m(line) for line in lines)
    needed_m = row.start_m + row.spacing_m * (len(numbers) - 1)
    if needed_m > there_m:
        fitting = max(0, int((there_m - row.start_m) // row.spacing_m) + 1)
        raise BadRow(
            _(
                "%(n)s berths need %(needed)s m, the street has %(there)s m: at most %(fitting)s fit.",
                n=f"{len(numbers):,}", needed=f"{needed_m:,.0f}", there=f"{there_m:,.0f}", fitting=f"{fitting:,}",
            ),
            field="spacing_m",
        )  # fmt: skip
    return [Laid(code, _point(lines, row.start_m + row.spacing_m * place, row.aside_m)) for place, code in enumerate(codes)]


def _point(lines: Sequence[Sequence[Point]], way_m: float, aside_m: float) -> Point:
    """Return the point so far along the lines, one after the other."""
    for line in lines[:-1]:
        long_m = shapes.length_m(line)
        if way_m <= long_m:
            return shapes.point_at(line, way_m, aside_m=aside_m)
        way_m -= long_m
    return shapes.point_at(lines[-1], way_m, aside_m=aside_m)
