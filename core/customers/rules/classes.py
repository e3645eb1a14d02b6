"""Class, energy and right of a vehicle, as far as the colour of its plate tells (glossary A.2)."""

from typing import Final, NamedTuple


class VehicleTraits(NamedTuple):
    """What decides price and free rights. class: small, large, motor, other; energy: nev, other; right: casual, exempt."""

    vehicle_class: str
    energy: str
    right_kind: str


_TRAITS: Final = {
    "blue": VehicleTraits("small", "other", "casual"),
    "yellow": VehicleTraits("large", "other", "casual"),
    "green": VehicleTraits("small", "nev", "casual"),
    "yellow_green": VehicleTraits("large", "nev", "casual"),
    "white": VehicleTraits("small", "other", "exempt"),  # police and forces: counted, never charged
    "black": VehicleTraits("small", "other", "casual"),
    "unknown": VehicleTraits("small", "other", "casual"),
    "none": VehicleTraits("small", "other", "casual"),  # no plate at all: known by a token
}


def traits_of(colour: str) -> VehicleTraits:
    """
    Return the traits of a plate's colour.

    Raises:
        KeyError: no colour of plates; the wire format admits no other.
    """
    return _TRAITS[colour]
