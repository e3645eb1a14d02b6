"""Plates: masked as everywhere, with the point behind the authority that signs and people write."""

from typing import Final

from core.kit import masks
from core.kit.masks import Mask

_AUTHORITY: Final = 2
_FIRST_HANZI: Final = 0x4E00


def masked(plate: str) -> str:
    """Return a plate in part, as `江A·8K3**`; without a point where it names no authority or too little is shown."""
    shown = masks.masked(plate, Mask.PLATE) or ""
    has_point = ord(plate[0]) >= _FIRST_HANZI and len(shown.rstrip(masks.STAR)) > _AUTHORITY
    return f"{shown[:_AUTHORITY]}·{shown[_AUTHORITY:]}" if has_point else shown


def masked_or_none(plate: str | None) -> str | None:
    """Return the masked plate; None for None: nobody has read it."""
    return None if plate is None else masked(plate)
