"""Beats: what a screen's browser tells of itself, as far as it can be true. Table wall_screen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

_MOST_MB: Final = 1_000_000
_VIEWPORT: Final = re.compile(r"\d{2,5}x\d{2,5}")


@dataclass(frozen=True, slots=True)
class Beat:
    """What a screen tells of itself."""

    version: str
    heap_mb: int | None
    scene_id: UUID | None = None
    viewport: str = ""
    """Its window in pixels, as 1920x1080."""
    picture_at: datetime | None = None
    """The instant of the newest picture it showed."""

    @classmethod
    def of(cls, told: Mapping[str, object]) -> "Beat":
        """Return what a browser says of itself, as far as that can be true."""
        heap, viewport = told.get("heap_mb"), str(told.get("viewport", ""))
        return cls(
            version=str(told.get("version", "")),
            heap_mb=heap if isinstance(heap, int) and 0 <= heap < _MOST_MB else None,
            scene_id=uuid_of(told.get("scene")),
            viewport=viewport if _VIEWPORT.fullmatch(viewport) else "",
            picture_at=_instant(told.get("picture_at")),
        )


def uuid_of(told: object) -> UUID | None:
    """Return the id that a browser tells; None where that is none."""
    try:
        return UUID(str(told))
    except ValueError:
        return None


def _instant(told: object) -> datetime | None:
    """Return an instant that a browser tells; None where that is none."""
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return at if at.tzinfo else None
