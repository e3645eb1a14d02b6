"""The build: one short name for the code and style a process serves; screens reload when it changes."""

import hashlib
from pathlib import Path
from typing import Final

_FOLDERS: Final = ("core", "callbacks", "pages", "assets/css", "assets/js", "assets/map")
_SUFFIXES: Final = frozenset({".py", ".css", ".js", ".po", ".geojson"})


def build_id(root: Path) -> str:
    """Return twelve hex digits over names and contents of everything a screen is made of."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(path for folder in _FOLDERS for path in (root / folder).rglob("*") if path.suffix in _SUFFIXES):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()
