"""
CSV: a head of names and values, an empty line, the titles, the rows. UTF-8 with the mark by which Excel knows it.

The hash covers every byte from the titles on. The head has room for it, and for the number of rows, before they are known.
"""

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Final

from core.kit.locale import _
from core.kit.sheets.guard import guarded
from core.kit.sheets.sheet import Head, Tick, Written, unique
from core.kit.sheets.source import Source, line

_MARK: Final = b"\xef\xbb\xbf"


def write(path: Path, source: Source, head: Head, *, row_n: int, tick: Tick) -> Written:
    """Write a list; `row_n` is how many rows it will be, counted in the same transaction."""
    digest, done_n = hashlib.sha256(), 0
    with path.open("wb") as file, closing(source.blocks()) as blocks:
        file.write(_MARK)
        for name, value in head.lines(row_n=row_n):
            file.write(line([name, guarded(value)]))
        file.write(line([_("SHA-256 from the titles on"), None])[:-1])
        room_at = file.tell()
        file.write(b" " * (digest.digest_size * 2) + b"\n\n")
        titles = line([guarded(title) for title in unique(source.columns)])
        digest.update(titles)
        file.write(titles)
        for block in blocks:
            digest.update(block.data)
            file.write(block.data)
            done_n += block.row_n
            tick(done_n)
        file.seek(room_at)
        file.write(digest.hexdigest().encode())
    return Written(done_n, digest.digest())
