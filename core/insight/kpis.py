"""
KPIs: what each figure means, for the "i" beside it and for every report that shows it.

A definition changes only together with its version; old reports keep the version they were made with.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.insight.sources import Source
from core.kit.locale import Lazy, _l


class Clock(StrEnum):
    """By which instant a fact belongs to a period."""

    CASH = "cash"  # the channel confirmed the payment
    ARRIVAL = "arrival"  # the stay began
    TIME = "time"  # seconds that lie inside the period, clipped at its ends
    NOW = "now"  # the state at one instant


class Unit(StrEnum):
    """What a figure is counted in."""

    FEN = "fen"
    COUNT = "count"
    PERCENT = "percent"


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


CLOCKS = {
    Clock.CASH: _l("Cash clock: the instant the payment succeeded"),
    Clock.ARRIVAL: _l("Arrival clock: the instant the stay began"),
    Clock.TIME: _l("Elapsed time inside the period, clipped at its ends"),
    Clock.NOW: _l("State at the instant shown"),
}
UNITS = {Unit.FEN: _l("fen (1/100 yuan)"), Unit.COUNT: _l("number"), Unit.PERCENT: _l("per cent")}

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
                "State of every on-street berth in service. Free = in service − occupied − unknown. Unknown berths are "
                "split into offline (device silent) and faulty (device faulty or never heard) where that is known."
            ),
            Clock.NOW,
            Unit.COUNT,
            _STREET,
        ),
        Kpi(
            "occupancy_now",
            _l("Occupancy"),
            _l(
                "Occupied berths ÷ (occupied + free berths), on-street; unknown berths stay out. The curve shows it every "
                "15 minutes, today and on the same weekday last week."
            ),
            Clock.NOW,
            Unit.PERCENT,
            _STREET,
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
                "Segments: occupied ÷ (occupied + free) berths. Lots: vehicles inside ÷ capacity. No figure where nothing is known."
            ),
            Clock.NOW,
            Unit.PERCENT,
            _ALL,
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
    }
