"""Codes: QR codes that a phone's camera reads, drawn as vectors. Black on white in every theme, for cameras want it so."""

from typing import Final

import segno
from markupsafe import Markup, escape

_QUIET: Final = 4
"""Modules of white around a code, as ISO/IEC 18004 asks."""


def drawn(text: str, *, label: str) -> Markup:
    """Return a code as an SVG element for a page of ours; `label` is what a reader who does not see it is told."""
    svg = _code(text).svg_inline(border=_QUIET, dark="black", light="white", omitsize=True, svgclass="code", lineclass=None)
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1))  # noqa: S704  # segno's own text


def address(text: str) -> str:
    """Return a code as the data address of a picture."""
    uri: str = _code(text).svg_data_uri(border=_QUIET, dark="black", light="white")
    return uri


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m")
