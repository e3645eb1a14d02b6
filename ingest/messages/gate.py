"""Lanes of a gated lot: passages by camera, passages of vehicles without a plate, openings of the barrier."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ingest.messages.envelope import Code, Confidence, Envelope, Flag, PlateBox, PlateColour, PlateText, Sha256, Votes

Declared = Annotated[int, Field(strict=True, ge=-100_000, le=100_000)]
"""A count as the lot's own system declares it; impossible ones are kept, marked and never published (R23)."""

Token = Annotated[str, Field(strict=True, pattern=r"^[A-Z0-9]{8,15}$")]


class Direction(StrEnum):
    """Which way a vehicle crossed the lane."""

    IN = "in"
    OUT = "out"


class Passage(Envelope):
    """`passage`: a vehicle crossed a lane."""

    lane: Code
    direction: Direction
    plate: PlateText
    colour: PlateColour
    min_char_conf: Confidence | None = None
    votes: Votes = 1
    frame_sha256: Sha256 | None = None
    plate_box: PlateBox | None = None
    declared_total: Declared | None = None
    declared_free: Declared | None = None


class Barrier(Envelope):
    """`barrier`: the barrier was opened, by hand `operator` says by whom; an opening without a passage is an audit item (R16)."""

    lane: Code
    action: Literal["opened"]
    manual: Flag
    operator: Code | None = None


class Scan(Envelope):
    """
    `scan`: the driver of a vehicle without a plate showed his token at a lane (R22).

    `loop` tells whether a vehicle stands on the lane's loop: without one nobody passes. Tokens are never given twice.
    """

    lane: Code
    direction: Direction
    token: Token
    loop: Flag
