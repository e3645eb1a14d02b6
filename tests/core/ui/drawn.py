"""What was drawn, as a test reads it."""

from typing import Any

from dash.development.base_component import Component


def texts(piece: Any) -> list[str]:  # a component holds components, lists of them, or text
    """Return every text of what was drawn, from top to bottom."""
    if isinstance(piece, Component):
        return texts(getattr(piece, "children", None))
    if isinstance(piece, list | tuple):
        return [text for each in piece for text in texts(each)]
    return [] if piece is None else [str(piece)]
