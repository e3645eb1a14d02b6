"""
Legibility: from how far a wall's text is read.

A character is read where it is seen under 16 minutes of arc (NUREG-0700, large displays). The canvas is 1,080 pixels high on
whatever hangs there, so that distance and height of the picture count as their ratio alone.
"""

import math
from enum import StrEnum
from typing import Final

CANVAS_PX: Final = 1_080
_LEAST_ARC: Final = math.radians(16 / 60)


class Text(StrEnum):
    """What of a wall is read from somewhere; each takes in those after it."""

    ALL = "all"
    """The smallest text, of 20 pixels: hanzi fill 92 % of it."""
    FIGURES = "figures"
    """The figures of the panels, of 34 pixels: digits fill 70 % of it."""
    HEADLINES = "headlines"
    """The figures of today, of 56 pixels."""


CHARACTER_PX: Final = {Text.ALL: 20 * 0.92, Text.FIGURES: 34 * 0.70, Text.HEADLINES: 56 * 0.70}
"""How high the characters are, pixels of the canvas."""


def needed_px(*, picture_cm: float, seat_cm: float) -> float:
    """Return how high a character must be, pixels of the canvas, to be read from a seat."""
    return math.tan(_LEAST_ARC) * seat_cm / picture_cm * CANVAS_PX


def farthest_cm(text: Text, *, picture_cm: float) -> float:
    """Return the distance up to which a text is read."""
    return CHARACTER_PX[text] / CANVAS_PX * picture_cm / math.tan(_LEAST_ARC)


REACH: Final = {text: farthest_cm(text, picture_cm=1) for text in Text}
"""How far each text is read, in heights of the picture."""
