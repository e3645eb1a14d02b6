"""Pictures from outside: two formats, drawn anew, no bomb opened."""

import gzip
import os
import struct
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.kit.pictures import MOST_BYTES, NoPicture, clean

PATIENCE_S: Final = 2.0
MEMORY_MB: Final = 150


def drawn(size: tuple[int, int] = (320, 180), form: str = "JPEG", **more: Any) -> bytes:
    """Draw a picture."""
    file = BytesIO()
    Image.new(more.pop("mode", "RGB"), size, "steelblue").save(file, form, **more)
    return file.getvalue()


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a PNG that claims a size."""
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(data)),
        (b"IEND", b""),
    ):
        parts += [struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(kind + body))]
    return b"".join(parts)


def a_text_bomb() -> bytes:
    """Return a PNG whose text would fill the memory."""
    info = PngInfo()
    info.add_text("comment", "x" * 60_000_000, zip=True)
    return drawn(form="PNG", pnginfo=info)


BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "50,000 × 50,000 png": lambda: png(50_000, 50_000),
    "65,535 × 65,535 jpeg": lambda: _resized(drawn(), 65_535, 65_535),
    "24 million and one": lambda: png(24_000_001, 1),
    "long and thin": lambda: png(20_000, 1),
    "more data than it says": lambda: png(0, 0, bytes(50_000_000)),
    "text that grows": a_text_bomb,
    "gif": lambda: drawn(form="GIF"),
    "gif that says jpeg": lambda: b"GIF89a" + drawn(),
    "jpeg that is a gif behind": lambda: b"\xff\xd8\xff" + drawn(form="GIF"),
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n",
    "psd": lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3),
    "fits": lambda: gzip.compress(b"SIMPLE  =                    T" + bytes(10_000_000)),
    "tiff": lambda: drawn(form="TIFF"),
    "webp": lambda: drawn(form="WEBP"),
    "bmp": lambda: drawn(form="BMP"),
    "zip": lambda: b"PK\3\4" + gzip.compress(bytes(10_000_000)),
    "half a jpeg": lambda: drawn((2_000, 2_000), quality=95)[:2_000],
    "noise behind a start": lambda: b"\xff\xd8\xff" + os.urandom(100_000),
    "too many bytes": lambda: drawn() + bytes(MOST_BYTES),
    "nothing": lambda: b"",
}  # fmt: skip


def _resized(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG that claims another size."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def peak_mb() -> float:
    """Return how much memory this process holds at most since it was last asked."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


class TestClean:
    @pytest.mark.parametrize("name", BOMBS)
    def test_refuses_a_bomb_at_once_and_without_much_memory(self, name: str) -> None:
        bomb = BOMBS[name]()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        before_mb, begun = peak_mb(), time.thread_time()

        with pytest.raises(NoPicture):
            clean(bomb)

        assert time.thread_time() - begun < PATIENCE_S
        assert peak_mb() - before_mb < MEMORY_MB

    @pytest.mark.parametrize("form", ["JPEG", "PNG"])
    @pytest.mark.parametrize("mode", ["RGB", "L"])
    def test_draws_a_good_one_anew(self, form: str, mode: str) -> None:
        kept = clean(drawn(form=form, mode=mode))

        with Image.open(BytesIO(kept.raw)) as opened:
            assert (opened.format, opened.mode, opened.size) == ("JPEG", "RGB", (320, 180))
        assert (kept.width, kept.height) == (320, 180)

    def test_keeps_nothing_that_hides_in_it(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "where I live"
        exif[0x0112] = 6  # turned by a quarter
        exif.get_ifd(0x8825)[2] = (30.0, 31.0, 12.0)

        kept = clean(drawn(exif=exif, comment=b"a comment") + b"PK\3\4 a second file")

        with Image.open(BytesIO(kept.raw)) as opened:
            assert dict(opened.getexif()) == {}
            assert opened.size == (180, 320)  # upright, as it was meant
        for hidden in (b"where I live", b"a comment", b"a second file", b"Exif"):
            assert hidden not in kept.raw
