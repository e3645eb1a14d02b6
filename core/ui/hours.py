"""Hours of a wall: when it loads anew and when it is quiet, as settings have it. The address of a screen may say otherwise."""

from dataclasses import dataclass

from core.settings import settings


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of day in the city's zone; empty where nothing is set."""

    reload_at: str
    quiet: str


def hours() -> Hours:
    """Return the hours of this deployment. Source: settings BOSHU_WALL_RELOAD_AT, BOSHU_WALL_QUIET."""
    now = settings()
    return Hours(now.wall_reload_at or "", now.wall_quiet or "")
