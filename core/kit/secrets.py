"""
Secrets: what the product must know again and nobody may read in the database.

A value is sealed by AES-256-GCM under the newest key of a file that lies outside of the database, and bound to its place:
moved to another row or column it opens no more. The file holds a key a line, the newest last; older ones open what they
sealed. A sealed value names its key: `v1.<key>.<nonce and text>`.
"""

import base64
import hashlib
import os
import stat
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.kit.errors import Refused
from core.kit.locale import _
from core.settings import settings

_FORM: Final = "v1"
_BITS: Final = 256
_NONCE_BYTES: Final = 12
_NAME_LETTERS: Final = 12
_OWNER_ONLY: Final = 0o600


class NotOpened(Refused):
    """A sealed value does not open: its key is gone, it was changed, or it belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a file. It is read at each use, which is rare, so that a key added counts at once in every process."""

    file: Path

    def seal(self, text: str, *, place: str) -> str:
        """Return what is stored of a text; `place` names its table, column and row."""
        name, key = self._read()[-1]
        nonce = os.urandom(_NONCE_BYTES)
        hidden = nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), place.encode())
        return f"{_FORM}.{name}.{base64.urlsafe_b64encode(hidden).decode()}"

    def open(self, sealed: str, *, place: str) -> str:
        """
        Return the text that was sealed for this place.

        Raises:
            NotOpened: its key is not in the file, it was changed, or it belongs elsewhere.
        """
        form, name, hidden = _parts(sealed)
        key = dict(self._read()).get(name)
        if form != _FORM or key is None:
            raise NotOpened(_("The key of a stored secret is not in the file of keys."))
        try:
            raw = base64.urlsafe_b64decode(hidden)
            return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode("utf-8", "surrogatepass")
        except (InvalidTag, NotBase64, ValueError) as error:
            raise NotOpened(_("A stored secret was changed, or belongs elsewhere.")) from error

    def is_current(self, sealed: str) -> bool:
        """Tell whether a value is sealed by the newest key; one that is not is to be sealed anew when it is used."""
        return _parts(sealed)[1] == self._read()[-1][0]

    def add(self) -> str:
        """Add a key, by which everything is sealed from now on; return its name."""
        self._read()  # which makes the file where there is none
        with self.file.open("a", encoding="ascii") as lines:
            lines.write(_line(key := AESGCM.generate_key(_BITS)))
            lines.flush()
            os.fsync(lines.fileno())
        return _name(key)

    @property
    def is_open_to_others(self) -> bool:
        """Tell whether other accounts of this machine may read the file."""
        return self.file.exists() and bool(self.file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))

    def _read(self) -> list[tuple[str, bytes]]:
        """Return the keys with their names, the newest last."""
        if not self.file.exists():
            _make(self.file)
        keys = [base64.b64decode(line) for line in self.file.read_text("ascii").split()]
        return [(_name(key), key) for key in keys]


def keys() -> Keys:
    """Return the keys of this installation."""
    return Keys(settings().key_file)


def is_sealed(value: str) -> bool:
    """Tell whether a value was sealed, by whatever key."""
    return value.startswith(f"{_FORM}.")


def _make(file: Path) -> None:
    """Make a file of one key, whole or not at all, for its owner alone; of two processes at once, the first one's counts."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w", encoding="ascii") as lines:
        lines.write(_line(AESGCM.generate_key(_BITS)))
        lines.flush()
        os.fsync(lines.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _line(key: bytes) -> str:
    return base64.b64encode(key).decode() + "\n"


def _name(key: bytes) -> str:
    """Return by what a sealed value names its key; the key does not follow from it."""
    return hashlib.sha256(b"name " + key).hexdigest()[:_NAME_LETTERS]


def _parts(sealed: str) -> tuple[str, str, str]:
    form, _dot, rest = sealed.partition(".")
    name, _dot, hidden = rest.partition(".")
    return form, name, hidden
