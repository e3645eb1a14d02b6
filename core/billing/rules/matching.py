"""
Match a place and a vehicle with the one tariff assigned to them.

Of the assignments that fit, those of the highest priority count; of these the one that is narrower than every other. Where
two stand side by side, neither narrower, nothing is guessed. Instants are milliseconds since 1970, UTC.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from core.billing.rules.terms import OnChange


class Selector(NamedTuple):
    """What an assignment holds for; None or empty: whatever it is."""

    zone_id: UUID | None = None
    space_class: str = ""
    vehicle_class: str = ""

    def fits(self, place: "Selector") -> bool:
        """Tell whether a place with its vehicle is meant."""
        return all(not mine or mine == its for mine, its in zip(self, place, strict=True))

    def is_within(self, other: "Selector") -> bool:
        """Tell whether everything that is meant here the other means, too."""
        return all(not its or mine == its for mine, its in zip(self, other, strict=True))

    def meets(self, other: "Selector") -> bool:
        """Tell whether there may be something that both mean."""
        return all(not mine or not its or mine == its for mine, its in zip(self, other, strict=True))


class Assigned(NamedTuple):
    """
    One assignment: a version from an instant to another, None: without end; `name` is what people call its version.

    `on_change` is what it means to who came while it held that another one begins, where the tariff does not say. `pool_id` is
    the site or group of sites in which a vehicle gets once what the tariff gives it once a day.
    """

    assignment_id: UUID
    tariff_version_id: UUID
    selector: Selector
    priority: int
    from_ms: int
    to_ms: int | None
    price_zone: str
    name: str
    on_change: OnChange | None = None
    pool_id: UUID | None = None

    def holds_at(self, at_ms: int) -> bool:
        """Tell whether it holds at an instant."""
        return self.from_ms <= at_ms and (self.to_ms is None or at_ms < self.to_ms)

    def overlaps(self, other: "Assigned") -> bool:
        """Tell whether both hold at some instant."""
        return (other.to_ms is None or self.from_ms < other.to_ms) and (self.to_ms is None or other.from_ms < self.to_ms)


class TwoHold(ValueError):
    """Two assignments hold for one place, and neither is narrower."""

    def __init__(self, one: Assigned, other: Assigned) -> None:
        """Keep both."""
        super().__init__(f"{one.name} and {other.name}")
        self.one, self.other = one, other


def choose(assigned: Iterable[Assigned], place: Selector, *, at_ms: int) -> Assigned | None:
    """
    Return the assignment that holds for a place and its vehicle at an instant; None where none does.

    Raises:
        TwoHold: two hold, and nobody said which comes first.
    """
    fitting = [one for one in assigned if one.holds_at(at_ms) and one.selector.fits(place)]
    if not fitting:
        return None
    top = max(one.priority for one in fitting)
    found = [one for one in fitting if one.priority == top]
    narrowest = [one for one in found if all(one.selector.is_within(other.selector) for other in found)]
    if len(narrowest) != 1:
        raise TwoHold(found[0], found[1])
    return narrowest[0]


def find_rival(new: Assigned, assigned: Iterable[Assigned]) -> Assigned | None:
    """Return an assignment that would stand beside a new one, neither narrower, for something both mean."""
    for other in assigned:
        if other.priority != new.priority or not new.overlaps(other) or not new.selector.meets(other.selector):
            continue
        one_within, other_within = new.selector.is_within(other.selector), other.selector.is_within(new.selector)
        if one_within == other_within:
            return other
    return None
