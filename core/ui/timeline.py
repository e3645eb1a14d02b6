"""Timelines: lanes of one period above each other, with what happened as dots below. Positions are per cent of the period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui import formats
from core.ui.parts import box, span

TICKS: Final = 4
_DOTS_APART_PCT: Final = 3.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a lane: `look` is occupied, free, silent, unknown, reserved, open, closed or mismatch; `told` is read on hover."""

    starts_at: datetime
    ends_at: datetime
    look: str
    told: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane; `missing` says why it has no stretches: nothing that could see is installed."""

    label: str
    stretches: tuple[Stretch, ...]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """Something that happened at an instant; `look` is plate, paid, alarm, cleared, case, manual_open or command."""

    at: datetime
    look: str
    told: str


@dataclass(frozen=True, slots=True)
class Period:
    """The half-open period a timeline shows."""

    starts_at: datetime
    ends_at: datetime

    def left(self, at: datetime) -> float:
        """Return where an instant stands, 0 to 100."""
        share = (at - self.starts_at) / (self.ends_at - self.starts_at)
        return round(100 * min(1.0, max(0.0, share)), 3)

    def place(self, starts_at: datetime, ends_at: datetime) -> dict[str, str]:
        """Return the style that puts a stretch at its place."""
        left = self.left(starts_at)
        return {"left": f"{left}%", "width": f"{round(self.left(ends_at) - left, 3)}%"}


def timeline(period: Period, lanes: Sequence[Lane], dots: Sequence[Dot], *, name: str) -> Component:
    """
    Return a timeline.

    Args:
        period: what it shows.
        lanes: from above to below.
        dots: what happened, in any order.
        name: what screen readers hear.
    """
    rows = [_row(period, lane) for lane in lanes]
    told = box("timeline__lane", span("timeline__label", _("Events")), _dots(period, dots))
    axis = box("timeline__axis", *_ticks(period), extra={"aria-hidden": "true"})
    now = box("timeline__cursor", extra={"aria-hidden": "true"})
    inside = (*rows, told, axis, box("timeline__over", now))
    said = {"role": "group", "aria-label": name}
    return box("timeline", *inside, extra=said, starts=period.starts_at.isoformat(), ends=period.ends_at.isoformat())


def _row(period: Period, lane: Lane) -> Component:
    if lane.missing:
        return box("timeline__lane", span("timeline__label", lane.label), box("timeline__none", lane.missing))
    runs = [
        box(
            f"timeline__run timeline__run--{run.look.replace('_', '-')}",
            tag=html.I,
            extra={"title": run.told, "style": period.place(run.starts_at, run.ends_at)},
        )
        for run in lane.stretches
    ]
    return box("timeline__lane", span("timeline__label", lane.label), box("timeline__runs", *runs))


def _dots(period: Period, dots: Sequence[Dot]) -> Component:
    """Return the dots; those too close to be told apart become one that tells of all."""
    groups: list[list[Dot]] = []
    for dot in sorted(dots, key=lambda each: each.at):
        if groups and period.left(dot.at) - period.left(groups[-1][0].at) < _DOTS_APART_PCT:
            groups[-1].append(dot)
        else:
            groups.append([dot])
    drawn = []
    for group in groups:
        many = [span("timeline__many num", str(len(group)))] if len(group) > 1 else []
        look = next((dot.look for dot in group if dot.look == "alarm"), group[-1].look).replace("_", "-")
        said = "\n".join(dot.told for dot in group)
        at = {"title": said, "style": {"left": f"{period.left(group[0].at)}%"}}
        drawn.append(box(f"timeline__dot timeline__dot--{look}", *many, tag=html.I, extra=at))
    return box("timeline__dots", *drawn)


def _ticks(period: Period) -> list[Component]:
    step: timedelta = (period.ends_at - period.starts_at) / TICKS
    ticks = []
    for number in range(TICKS + 1):
        at = period.starts_at + number * step
        edge = {0: " timeline__tick--first", TICKS: " timeline__tick--last"}.get(number, "")
        where = {"style": {"left": f"{100 * number / TICKS}%"}}
        ticks.append(box(f"timeline__tick num{edge}", formats.clock(at, seconds=False), tag=html.Span, extra=where))
    return ticks
