"""Plates as people type them: values in, values out."""

import re
import unicodedata
from typing import Final

_FORM: Final = re.compile(r"(?=.*\d)[A-Z\u4e00-\u9fff][A-Z0-9\u4e00-\u9fff]{4,9}")
_LEAVES_OUT: Final = re.compile(r"[\s·•.\-_]+")


def plate_of(text: str) -> str:
    """
    Return a plate as it is stored: full-width letters narrow, small ones large, without blanks and dots.

    Raises:
        ValueError: it cannot be a plate.
    """
    plate = _LEAVES_OUT.sub("", unicodedata.normalize("NFKC", text)).upper()
    if _FORM.fullmatch(plate) is None:
        raise ValueError("not a plate")
    return plate
