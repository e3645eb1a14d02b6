"""Guidance screens (M20.11, M20.14): devices that show how many places are left, and say what they show."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ingest.messages.envelope import Code, Envelope

MOST_NUMBERS = 32
"""Numbers on one screen."""

Number = Annotated[int, Field(strict=True, ge=0, le=99_999)]


class Shown(BaseModel):
    """One number of a screen: the places left at a site; null where the screen shows a dash."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Code
    free: Number | None


class Screen(Envelope):
    """`shown`: every number a screen shows at an instant."""

    rows: Annotated[list[Shown], Field(min_length=1, max_length=MOST_NUMBERS)]
