"""
Signatures: who sent a request, and that not a byte of it was changed.

Signed are five lines: method, path with query, instant, nonce, SHA-256 of the body. The HMAC's key is the secret of the
device or of its gateway.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from werkzeug.datastructures import Headers

from core.kit.locale import _
from ingest.api.refusals import Unauthenticated

KEY: Final = "X-Boshu-Key"
TIMESTAMP: Final = "X-Boshu-Timestamp"
NONCE: Final = "X-Boshu-Nonce"
SIGNATURE: Final = "X-Boshu-Signature"

PATTERNS: Final[Mapping[str, str]] = {
    KEY: r"[A-Za-z0-9_-]{1,64}",
    TIMESTAMP: r"[0-9]{10}",
    NONCE: r"[A-Za-z0-9_-]{16,64}",
    SIGNATURE: r"[0-9a-f]{64}",
}
"""What each header looks like: the key's name, seconds since 1970, a value never used before, the HMAC in hex."""

_NO_SECRET: Final = bytes(32)
_ORDER: Final = (KEY, TIMESTAMP, NONCE, SIGNATURE)


@dataclass(frozen=True, slots=True)
class Signed:
    """The four headers of a signed request, well formed."""

    key_id: str
    timestamp: str
    nonce: str
    signature: str

    @property
    def at(self) -> datetime:
        """Return the instant the sender names."""
        return datetime.fromtimestamp(int(self.timestamp), UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed beside instant and nonce. `target` is path and query, percent signs resolved."""

    method: str
    target: str
    body: bytes

    @property
    def sha256(self) -> bytes:
        """Return what makes two requests the same: all but instant and nonce."""
        return hashlib.sha256("\n".join((self.method, self.target, hashlib.sha256(self.body).hexdigest())).encode()).digest()


def read(headers: Headers) -> Signed:
    """
    Return the headers of a signed request.

    Raises:
        Unauthenticated: one is missing or malformed.
    """
    found = []
    for name in _ORDER:
        value = headers.get(name, "")
        if re.fullmatch(PATTERNS[name], value) is None:
            raise Unauthenticated(_("The header %(name)s is missing or malformed.", name=name))
        found.append(value)
    return Signed(*found)


def sign(secret: bytes, request: Request, *, timestamp: str, nonce: str) -> str:
    """Return the signature of a request, in hex."""
    lines = (request.method, request.target, timestamp, nonce, hashlib.sha256(request.body).hexdigest())
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def verify(signed: Signed, request: Request, *, secret: bytes | None) -> None:
    """
    Check a signature; `secret` None, an unknown key, takes as long and is refused with the same words.

    Raises:
        Unauthenticated: the key is unknown, or the signature is of another request or by another secret.
    """
    wanted = sign(secret or _NO_SECRET, request, timestamp=signed.timestamp, nonce=signed.nonce)
    if not hmac.compare_digest(wanted, signed.signature) or secret is None:
        raise Unauthenticated(_("The key is unknown or the signature does not fit this request."))


def check_clock(signed: Signed, *, at: datetime, window: timedelta) -> None:
    """
    Check that a request was signed just now, by our clock.

    Raises:
        Unauthenticated: the instant it names is further away than `window`.
    """
    if abs(at - signed.at) > window:
        raise Unauthenticated(
            _("The request was signed more than %(seconds)s seconds away from our clock.", seconds=window // timedelta(seconds=1))
        )
