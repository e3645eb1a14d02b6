"""
Pictures from outside: looked at before they are opened, opened as JPEG or PNG and nothing else, drawn anew.

What is kept of one is our own JPEG: no text, place, thumbnail or second file hides in it.
"""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from core.kit.errors import Refused, Unavailable
from core.kit.locale import _

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 24_000_000
MOST_SIDE: Final = 16_000
FORMATS: Final = ("JPEG", "PNG")
QUALITY: Final = 85
WAITS_S: Final = 6.0
_AT_ONCE: Final = 2
"""Pictures one process draws at once: each takes a hundred megabytes at most."""
_turn: Final = BoundedSemaphore(_AT_ONCE)
_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class NoPicture(Refused):
    """The bytes are no picture that may be kept."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    raw: bytes
    width: int
    height: int

    @property
    def sha256(self) -> bytes:
        """Return the hash of the bytes."""
        return hashlib.sha256(self.raw).digest()


def clean(raw: bytes) -> Picture:
    """
    Return a picture drawn anew from the bytes that came.

    Raises:
        NoPicture: too many bytes or pixels, not JPEG or PNG, or broken.
        Unavailable: too many others are being drawn.
    """
    if len(raw) > MOST_BYTES:
        raise NoPicture(_("A picture may have %(n)s MB.", n=MOST_BYTES // 1024 // 1024))
    if not raw.startswith(_STARTS):
        raise NoPicture(_("A picture is a JPEG or a PNG."))
    if not _turn.acquire(timeout=WAITS_S):
        raise Unavailable(_("Too many pictures come at once. Try again in a moment."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(raw)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(_("This picture cannot be opened.")) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as error:  # what broken files make of Pillow
        raise NoPicture(_("This picture cannot be opened.")) from error
    finally:
        _turn.release()


def _drawn(raw: bytes) -> Picture:
    with Image.open(BytesIO(raw), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
            raise NoPicture(_("A picture may have %(n)s million pixels.", n=MOST_PIXELS // 1_000_000))
        upright = ImageOps.exif_transpose(opened)
        drawn = upright if upright.mode == "RGB" else upright.convert("RGB")
        drawn.info.clear()
        kept = BytesIO()
        drawn.save(kept, "JPEG", quality=QUALITY, optimize=True)
        return Picture(kept.getvalue(), *drawn.size)
