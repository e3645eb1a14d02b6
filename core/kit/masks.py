"""Masks: personal data shown in part, so that people recognise what they know and learn nothing else."""

from enum import StrEnum
from typing import Final

STAR: Final = "*"
_PLATE_SHOWN: Final = 5
_PHONE_HEAD: Final = 3
_PHONE_TAIL: Final = 4


class Mask(StrEnum):
    """What personal data a value is."""

    PLATE = "plate"
    PHONE = "phone"
    NAME = "name"


def masked(value: str | None, mask: Mask) -> str | None:
    """Return a value in part: `京A·6D2**`, `138****5678`, `李*`; None stays None."""
    if not value:
        return value
    match mask:
        case Mask.PLATE:
            return _head(value, min(_PLATE_SHOWN + value.count("·"), max(1, len(value) - 2)))
        case Mask.PHONE if len(value) > _PHONE_HEAD + _PHONE_TAIL:
            hidden = STAR * (len(value) - _PHONE_HEAD - _PHONE_TAIL)
            return f"{value[:_PHONE_HEAD]}{hidden}{value[-_PHONE_TAIL:]}"
        case _:
            return _head(value, 1 if len(value) > 1 else 0)


def _head(value: str, shown: int) -> str:
    return value[:shown] + STAR * (len(value) - shown)
