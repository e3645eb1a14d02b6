"""Tell when two reads of a plate may be the same plate (R10, R19, R21)."""

from typing import Final, NamedTuple

_ALIKE = ("0ODQ", "1IL7T", "2Z", "5S", "8B", "6G", "CG", "MN", "VY", "UV", "PR", "KX", "EF", "HN")
_PAIRS = frozenset((a, b) for group in _ALIKE for a in group for b in group if a != b)
_NEV_LENGTH = 8

NO_PLATE: Final = "none"
"""The colour of what is no plate: the text is the token that a vehicle without one was given at the lane (R22)."""


class Plate(NamedTuple):
    """Text and colour together name a vehicle: the same characters in two colours are two vehicles."""

    text: str
    colour: str


def is_confusable(one: Plate, other: Plate) -> bool:
    """
    Tell whether one read may be a misreading of the other.

    Colours must agree, or one be unknown. The texts differ in one character that recognisers confuse, in the
    province character, or by the last character of a new-energy plate, which is often lost. Tokens are not misread.
    """
    if NO_PLATE in (one.colour, other.colour):
        return one == other
    if one.colour != other.colour and "unknown" not in (one.colour, other.colour):
        return False
    if len(one.text) == len(other.text):
        return _differs_in_one_alike(one.text, other.text)
    short, long = sorted((one.text, other.text), key=len)
    return len(long) == _NEV_LENGTH and long[:-1] == short


def _differs_in_one_alike(one: str, other: str) -> bool:
    faults = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if not faults:
        return True
    place = faults[0]
    return len(faults) == 1 and (place == 0 or (one[place], other[place]) in _PAIRS)
