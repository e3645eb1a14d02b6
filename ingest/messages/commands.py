"""
Commands to devices and their answers (R26).

A command goes down `boshu/v1/<site>/<gateway>/<device>/cmd` and names the instant after which it must not be done any
more, by our clock. A device does a command once however often it comes, and answers with what it sees afterwards.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.messages.envelope import Code, Envelope, Flag, Identifier, Moment
from ingest.messages.guidance import MOST_NUMBERS, Shown

CMD = "cmd"
"""The last level of a command's topic."""


class Command(BaseModel):
    """What we tell a device. `booking` goes with raising a lock, `rows` with the numbers of a screen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command_id: Identifier
    action: Literal["raise", "lower", "show"]
    issued_ms: Moment
    expires_ms: Moment
    booking: Code | None = None
    rows: Annotated[list[Shown], Field(max_length=MOST_NUMBERS)] | None = None


class Result(StrEnum):
    """What a device says of a command."""

    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class Ack(Envelope):
    """`ack`: the answer to a command; a lock tells how it stands now, because a motor that ran proves nothing (R26)."""

    command_id: Identifier
    result: Result
    locked: Flag | None = None
