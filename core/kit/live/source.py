"""What the hub asks of whoever draws the picture."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from core.kit.db import Tx

Picture = dict[str, Any]
"""JSON of everything shown. A value that is itself a dict of parts is sent part by part, as far as they changed."""


class Source(Protocol):
    """Draws the picture."""

    @property
    def cadence_s(self) -> Mapping[str, float]:
        """Return how often each group is drawn anew, seconds."""

    def read(self, tx: Tx, *, at: datetime, due: Collection[str], last: Picture | None) -> Picture:
        """Return the picture at an instant: the groups due drawn anew, the others as in the last picture."""

    def age(self, last: Picture | None, *, at: datetime) -> Picture:
        """Return the last picture as it looks at an instant at which the database does not answer."""

    def headline(self, picture: Picture) -> Any:
        """Return what of a picture concerns also those who look at a part of it alone; JSON, told whenever it changes."""
