"""Tones of states: how a state looks, whatever its thing. Each tone has a colour and a shape of its own, and a word beside it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Tone(StrEnum):
    """What a state asks of its reader."""

    GOOD = "good"
    """As it should be."""
    INFO = "info"
    """To be known: on its way, or in hand."""
    WATCH = "watch"
    """To be looked at some time."""
    ACT = "act"
    """To be dealt with now."""
    OFF = "off"
    """Over, or without meaning for today."""


LIFE: Final[Mapping[str, Tone]] = {
    **dict.fromkeys(("active", "bound", "current", "holds", "in_service", "live", "on", "open", "used"), Tone.GOOD),
    **dict.fromkeys(("asked", "coming", "due", "installed", "ordered", "own", "planned"), Tone.INFO),
    **dict.fromkeys(("held_open", "suspended"), Tone.WATCH),
    **dict.fromkeys(("faulty",), Tone.ACT),
    **dict.fromkeys(
        ("closed", "disabled", "ended", "none", "off", "over", "past", "refused", "removed", "retired", "revoked", "standard"),
        Tone.OFF,
    ),
}
"""States of things that come, are in use, and end."""

OUTCOMES: Final[Mapping[str, Tone]] = {
    **dict.fromkeys(("done", "passed", "taken"), Tone.GOOD),
    **dict.fromkeys(("pending", "running", "waiting"), Tone.INFO),
    **dict.fromkeys(("cancelled", "expired"), Tone.OFF),
    **dict.fromkeys(("refused",), Tone.WATCH),
    **dict.fromkeys(("denied", "failed", "turned-away"), Tone.ACT),
}
"""What came of what was tried."""

EDITIONS: Final[Mapping[str, Tone]] = {
    "draft": Tone.INFO,
    "checked": Tone.WATCH,
    **dict.fromkeys(("approved", "live"), Tone.GOOD),
    **dict.fromkeys(("refused", "retired"), Tone.OFF),
}
"""States of what is written, approved by another, and replaced."""
