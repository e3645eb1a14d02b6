"""Signs of the desk: drawn by the page's script at the size of the place they stand in."""

from dash.development.base_component import Component

from core.ui.parts import span


def sign(name: str) -> Component:
    """Return the place of a sign; `name` is one of glyphs.js or desk/signs.js."""
    return span("sign", glyph=name)
