"""
Fonts of a PDF: the ones of the screens, cut down to the letters that are written, so that a file carries its own Chinese.

The fonts come in slices of the letters, as browsers want them; those that are needed are cut and joined.
"""

import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from core.kit.errors import Unavailable
from core.kit.locale import _

FOLDER: Final = Path(__file__).resolve().parents[3] / "assets" / "vendor" / "fonts"
_SLICES: Final = "noto-sans-sc-*-wght-normal.woff2"
_UNUSED: Final = ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT", "MVAR", "HVAR", "VVAR"]
"""Tables of typesetting that lists do without, and that joining does not understand."""
ALWAYS: Final = frozenset(map(ord, " ?"))


def joined(letters: Iterable[str], path: Path, *, weight: int) -> frozenset[int]:
    """
    Write one font with these letters; return those it has.

    Raises:
        Unavailable: the fonts are not installed.
    """
    wanted, parts = set(map(ord, letters)) | ALWAYS, list[str]()
    with TemporaryDirectory() as folder:
        for file, there in _slices():
            if found := wanted & there:
                wanted -= found
                parts.append(str(Path(folder) / f"{len(parts)}.ttf"))
                _cut(file, found, weight).save(parts[-1])
        if not parts:
            raise Unavailable(_("The fonts of the screens are not installed."))
        font = merge.Merger().merge(parts)
        font.save(path)
    return frozenset(font.getBestCmap())


@cache
def _slices() -> tuple[tuple[Path, frozenset[int]], ...]:
    """Return the slices and the letters of each, read once: the fonts do not change while a process runs."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return tuple((file, frozenset(TTFont(file, lazy=True).getBestCmap())) for file in sorted(FOLDER.glob(_SLICES)))


def _cut(file: Path, letters: set[int], weight: int) -> TTFont:
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False)
    options.drop_tables += _UNUSED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    font = TTFont(file)
    cutter.subset(font)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    return font
