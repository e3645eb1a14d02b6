"""Ages: from when on data is late, and from when on stale, as settings have it. The page's script judges by them, too."""

from dataclasses import dataclass

from core.settings import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Silence in whole seconds after which a feed is late, and after which its figures are stale."""

    late_s: int
    stale_s: int

    @property
    def late_share(self) -> str:
        """Return how far late lies on the way to stale, as a CSS length."""
        return f"{round(100 * self.late_s / self.stale_s)}%"


def limits() -> Limits:
    """Return the limits of this deployment. Source: settings BOSHU_LATE_AFTER_S, BOSHU_STALE_AFTER_S."""
    return Limits(settings().late_after_s, settings().stale_after_s)
