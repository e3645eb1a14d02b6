"""
KPIs: what each figure means, for the "i" beside it and for every report that shows it.

A definition changes only together with its version; old reports keep the version they were made with.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.insight.sources import Source
from core.kit.locale import Lazy, _l
from core.settings import settings


class Clock(StrEnum):
    """By which instant a fact belongs to a period."""

    CASH = "cash"  # the channel confirmed the payment
    ACCRUAL = "accrual"  # the vehicle departed
    ARRIVAL = "arrival"  # the stay began
    TIME = "time"  # seconds that lie inside the period, clipped at its ends
    NOW = "now"  # the state at one instant


class Unit(StrEnum):
    """What a figure is counted in."""

    FEN = "fen"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a rate is held against: per cent, and which way is the good one."""

    target_pct: float
    better: Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One defined figure."""

    id: str
    name: Lazy
    formula: Lazy
    clock: Clock
    unit: Unit
    sources: tuple[Source, ...]
    version: int = 1
    aim: Aim | None = None


CLOCKS = {
    Clock.CASH: _l("Cash clock: the instant the payment succeeded"),
    Clock.ACCRUAL: _l("Accrual clock: the day the vehicle departed"),
    Clock.ARRIVAL: _l("Arrival clock: the instant the stay began"),
    Clock.TIME: _l("Elapsed time inside the period, clipped at its ends"),
    Clock.NOW: _l("State at the instant shown"),
}
UNITS = {Unit.FEN: _l("yuan, kept to the fen"), Unit.COUNT: _l("number"), Unit.PERCENT: _l("per cent")}

_STREET = (Source.MAGNET, Source.VIDEO)
_ALL = (Source.MAGNET, Source.VIDEO, Source.GATE)

KPIS: dict[str, Kpi] = {
    kpi.id: kpi
    for kpi in (
        Kpi(
            "received_today",
            _l("Received today"),
            _l(
                "Sum of all payments that succeeded since midnight of the city. Compared with the same weekday last week "
                "up to the same time."
            ),
            Clock.CASH,
            Unit.FEN,
            (Source.PAYMENT,),
        ),
        Kpi(
            "stays_today",
            _l("Stays today"),
            _l(
                "Number of stays that began since midnight of the city, without void ones. A vehicle found standing when its "
                "space became known arrived at another time and does not count. Compared with the same weekday last week "
                "up to the same time."
            ),
            Clock.ARRIVAL,
            Unit.COUNT,
            _ALL,
        ),
        Kpi(
            "utilisation_today",
            _l("Berth utilisation today"),
            _l(
                "Occupied time ÷ available time of all on-street berths since midnight. Available time is time in service "
                "without time of unknown state. Coverage is available time ÷ time in service."
            ),
            Clock.TIME,
            Unit.PERCENT,
            _STREET,
        ),
        Kpi(
            "berths",
            _l("Berth states"),
            _l(
                "State of every on-street berth in service. Free = in service − occupied − reserved − unknown; a berth is "
                "reserved while its lock is raised for a booking. Unknown berths are split "
                "into faulty (the device is known to be out of order) and without signal."
            ),
            Clock.NOW,
            Unit.COUNT,
            _STREET,
            version=3,
        ),
        Kpi(
            "occupancy_now",
            _l("Occupancy"),
            _l(
                "Occupied berths ÷ (occupied + free + reserved berths), on-street; unknown berths stay out. The curve shows it "
                "every 15 minutes, today and on the same weekday last week."
            ),
            Clock.NOW,
            Unit.PERCENT,
            _STREET,
            version=2,
        ),
        Kpi(
            "lots_free",
            _l("Places left in lots"),
            _l(
                "Capacity of the lots − vehicles inside, never below zero for one lot. A lot whose lane camera or gateway "
                "is out is not counted."
            ),
            Clock.NOW,
            Unit.COUNT,
            (Source.GATE,),
        ),
        Kpi(
            "received_by_site",
            _l("Received today by site"),
            _l("Sum of the payments that succeeded since midnight of the city, for each site; the ten highest."),
            Clock.CASH,
            Unit.FEN,
            (Source.PAYMENT,),
        ),
        Kpi(
            "payment_mix",
            _l("Payment methods"),
            _l(
                "Amount and number of the payments that succeeded since midnight of the city, for each channel. Shares are "
                "of the amount."
            ),
            Clock.CASH,
            Unit.FEN,
            (Source.PAYMENT,),
        ),
        Kpi(
            "saturation",
            _l("Load of segments and lots"),
            _l(
                "Segments: occupied ÷ (occupied + free + reserved) berths. Lots: vehicles inside ÷ capacity. No "
                "figure where fewer than half of the berths are known."
            ),
            Clock.NOW,
            Unit.PERCENT,
            _ALL,
            version=3,
        ),
        Kpi(
            "sensors_online",
            _l("Sensors online"),
            _l(
                "Magnetometers heard within two of their intervals ÷ magnetometers in service. No figure while the whole "
                "source is silent."
            ),
            Clock.NOW,
            Unit.PERCENT,
            (Source.MAGNET,),
            aim=Aim(98, "up"),
        ),
        Kpi(
            "durations_today",
            _l("Length of stays"),
            _l(
                "Stays that ended since midnight of the city, by whole minutes they had lasted; each band holds what is less "
                "than its end. Void stays are left out, and those whose length is not certain. The median is the least length "
                "that half of them do not exceed."
            ),
            Clock.ACCRUAL,
            Unit.COUNT,
            _ALL,
        ),
        Kpi(
            "month_money",
            _l("Money of the month"),
            _l(
                "Bills of the vehicles that departed since the first of the month. Receivable = gross − discounts. Received: "
                "paid of them within 24 hours of the departure. Arrears: receivable − all that was paid of them so far. "
                "Recovered, by the cash clock: paid this month a day or more after the departure, for bills of any month."
            ),
            Clock.ACCRUAL,
            Unit.FEN,
            (Source.PAYMENT,),
        ),
        Kpi(
            "rates",
            _l("Rates and targets"),
            _l("Six rates, each by its own definition; the tick is the target."),
            Clock.ACCRUAL,
            Unit.PERCENT,
            (Source.PAYMENT,),
        ),
        Kpi(
            "collection_rate",
            _l("Collection rate"),
            _l(
                "Paid within 24 hours of the departure ÷ receivable of the same bills: those of the 30 city days before "
                "yesterday, which have all had their 24 hours."
            ),
            Clock.ACCRUAL,
            Unit.PERCENT,
            (Source.PAYMENT,),
            aim=Aim(92, "up"),
        ),
        Kpi(
            "refusal_rate",
            _l("Refusal rate"),
            _l(
                "Bills of which nothing was paid within 24 hours of the departure ÷ bills over more than nothing, by number, of "
                "the 30 city days before yesterday. Who paid a part refused nothing."
            ),
            Clock.ACCRUAL,
            Unit.PERCENT,
            (Source.PAYMENT,),
            aim=Aim(5, "down"),
        ),
        Kpi(
            "recovery_rate",
            _l("Recovery rate"),
            _l(
                "Of the arrears that arose in 30 city days: paid up to 90 days after the departure ÷ arrears. The days are "
                "those whose 90 days are over."
            ),
            Clock.ACCRUAL,
            Unit.PERCENT,
            (Source.PAYMENT,),
            aim=Aim(60, "up"),
        ),
        Kpi(
            "sign_in_rate",
            _l("Sign-in rate"),
            _l(
                "Collectors' shifts of the city day signed in to no later than 10 minutes after their beginning ÷ shifts that "
                "began at least 10 minutes ago."
            ),
            Clock.NOW,
            Unit.PERCENT,
            (),
            aim=Aim(98, "up"),
        ),
        Kpi(
            "cash_share",
            _l("Share of cash"),
            _l("Cash ÷ all payments that succeeded since midnight of the city, by amount."),
            Clock.CASH,
            Unit.PERCENT,
            (Source.PAYMENT,),
            aim=Aim(5, "down"),
        ),
        Kpi(
            "collectors",
            _l("Collectors"),
            _l(
                "Shifts of collectors that run now and are signed in to, of those planned; and whose handhelds took most since "
                "midnight of the city. A payment belongs to whoever was signed in at the handheld's segment."
            ),
            Clock.CASH,
            Unit.FEN,
            (Source.HANDHELD,),
        ),
        Kpi(
            "happenings",
            _l("Latest events"),
            _l("Departures, payments and overstays of the last ten minutes, newest first."),
            Clock.NOW,
            Unit.COUNT,
            (*_ALL, Source.PAYMENT),
        ),
    )
}


def target_pct(kpi: str) -> float | None:
    """Return the target of a rate in per cent: the operator's, else the dictionary's own; None where it has none."""
    aim = KPIS[kpi].aim
    return settings().kpi_targets.get(kpi, None if aim is None else aim.target_pct)


def dictionary() -> list[dict[str, object]]:
    """Return all definitions in the reader's language, ready for JSON."""
    return [_told(kpi) for kpi in KPIS.values()]


def _told(kpi: Kpi) -> dict[str, object]:
    return {
        "id": kpi.id,
        "name": str(kpi.name),
        "formula": str(kpi.formula),
        "clock": str(CLOCKS[kpi.clock]),
        "unit": str(UNITS[kpi.unit]),
        "sources": [{"id": source.value, "name": str(source.label)} for source in kpi.sources],
        "version": kpi.version,
        "target_pct": target_pct(kpi.id),
    }
