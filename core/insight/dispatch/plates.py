"""Plates: shown so that a dispatcher can tell a vehicle apart, and a passer-by cannot name it."""

from typing import Final

_HIDDEN: Final = "**"
_FIRST_HANZI: Final = 0x4E00


def masked(plate: str) -> str:
    """Return a plate without its last two characters, a point behind the authority; of a short one only its first."""
    shown = plate[:-2] if len(plate) > 4 else plate[:1]
    if ord(plate[0]) >= _FIRST_HANZI and len(shown) > 2:
        shown = f"{shown[:2]}·{shown[2:]}"
    return shown + _HIDDEN


def masked_or_none(plate: str | None) -> str | None:
    """Return the masked plate; None for None: nobody has read it."""
    return None if plate is None else masked(plate)
