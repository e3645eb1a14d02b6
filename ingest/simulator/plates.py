"""
Plates of the demo city: the fictional province 江, all classes, one plate a vehicle number.

A vehicle number is a whole number from 0; residents come first, visitors after them. The map from number and seed to
plate is one to one, so two vehicles never share one.
"""

from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.ids import derived_id

PROVINCE: Final = "江"
CITIES: Final = "ABCDEFGH"
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""I and O are left out: they look like 1 and 0."""

BANDS: Final = (
    ("blue", 143),
    ("green", 46),
    ("yellow", 4),
    ("black", 3),
    ("white", 2),
    ("yellow_green", 2),
)
"""How many of 200 vehicles bear a plate of each colour."""
_EVERY: Final = sum(count for _colour, count in BANDS)
_MIX: Final = 1_000_003
"""A prime, hence coprime to every range below: neighbours in number do not look like neighbours."""


class Plate(NamedTuple):
    """The characters of a plate and its colour; together they are one vehicle."""

    text: str
    colour: str

    @property
    def vehicle_id(self) -> UUID:
        """Return the id of the vehicle that bears it."""
        return derived_id("vehicle", self.text, self.colour)


@lru_cache(maxsize=65_536)
def plate_of(seed: int, vehicle: int) -> Plate:
    """Return the plate of a vehicle."""
    row, place = divmod(vehicle, _EVERY)
    for colour, count in BANDS:
        if place < count:
            return Plate(_WRITERS[colour](seed, row * count + place), colour)
        place -= count
    raise AssertionError("the bands add up")


def _mixed(seed: int, number: int, size: int) -> int:
    assert number < size, "more vehicles of a colour than plates"
    return (number * _MIX + seed * 7_919) % size


def _blue(seed: int, number: int) -> str:
    """One letter among four digits, as most plates look."""
    rest, digits = divmod(_mixed(seed, number, 10_000 * 24 * 5 * len(CITIES)), 10_000)
    rest, letter = divmod(rest, 24)
    city, place = divmod(rest, 5)
    text = f"{digits:04d}"
    return f"{PROVINCE}{CITIES[city]}{text[:place]}{_LETTERS[letter]}{text[place:]}"


def _green(seed: int, number: int) -> str:
    """Small vehicles with new energy: D or F, then five digits."""
    rest, digits = divmod(_mixed(seed, number, 100_000 * 2 * len(CITIES)), 100_000)
    city, letter = divmod(rest, 2)
    return f"{PROVINCE}{CITIES[city]}{'DF'[letter]}{digits:05d}"


def _yellow(seed: int, number: int) -> str:
    city, digits = divmod(_mixed(seed, number, 100_000 * len(CITIES)), 100_000)
    return f"{PROVINCE}{CITIES[city]}{digits:05d}"


def _black(seed: int, number: int) -> str:
    rest, digits = divmod(_mixed(seed, number, 1_000 * 24 * len(CITIES)), 1_000)
    city, letter = divmod(rest, 24)
    return f"{PROVINCE}{CITIES[city]}{_LETTERS[letter]}{digits:03d}领"


def _white(seed: int, number: int) -> str:
    city, digits = divmod(_mixed(seed, number, 10_000 * len(CITIES)), 10_000)
    return f"{PROVINCE}{CITIES[city]}{digits:04d}警"


def _yellow_green(seed: int, number: int) -> str:
    """Large vehicles with new energy: the letter comes last."""
    rest, digits = divmod(_mixed(seed, number, 100_000 * 2 * len(CITIES)), 100_000)
    city, letter = divmod(rest, 2)
    return f"{PROVINCE}{CITIES[city]}{digits:05d}{'DF'[letter]}"


_WRITERS: Final = {
    "blue": _blue,
    "green": _green,
    "yellow": _yellow,
    "black": _black,
    "white": _white,
    "yellow_green": _yellow_green,
}
