"""Make identifiers: sortable by time (version 7) or derived from what they name (version 8), both RFC 9562."""

import hashlib
import os
import time
from uuid import UUID

_VARIANT = 0b10 << 62
_MASK_62 = (1 << 62) - 1
_NS_PER_MS = 1_000_000


def uuid7() -> UUID:
    """Return a new id that sorts by the moment it was made (48 bits of milliseconds, 12 bits below them)."""
    ms, ns = divmod(time.time_ns(), _NS_PER_MS)
    below_ms = (ns << 12) // _NS_PER_MS
    drawn = int.from_bytes(os.urandom(8), "big") & _MASK_62
    return UUID(int=(ms & 0xFFFF_FFFF_FFFF) << 80 | 7 << 76 | below_ms << 64 | _VARIANT | drawn)


def derived_id(*parts: str | bytes | UUID) -> UUID:
    """
    Return the one id of these parts, the same on every machine and on every run.

    Each part enters BLAKE2b-128 behind its length, so ("ab", "c") and ("a", "bc") differ. Text counts as UTF-8.
    """
    digest = hashlib.blake2b(digest_size=16, person=b"boshu.id")
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part.bytes if isinstance(part, UUID) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    bits = int.from_bytes(digest.digest(), "big")
    return UUID(int=bits >> 80 << 80 | 8 << 76 | (bits >> 64 & 0xFFF) << 64 | _VARIANT | bits & _MASK_62)
