"""What every message carries beside what it says."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

END_OF_TIME_MS = 253_402_300_799_000
MAX_PAYLOAD_BYTES = 65_536

Count = Annotated[int, Field(strict=True, ge=0, lt=2**62)]
Moment = Annotated[int, Field(strict=True, ge=0, le=END_OF_TIME_MS)]
Code = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]
PlateText = Annotated[str, Field(strict=True, pattern=r"^[^\x00-\x20\x7f]{2,16}$")]
Confidence = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Sha256 = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]
Votes = Annotated[int, Field(strict=True, ge=1, le=1000)]
Flag = Annotated[bool, Field(strict=True)]
Pixel = Annotated[int, Field(strict=True, ge=0, lt=65_536)]
Identifier = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class PlateColour(StrEnum):
    """Colours of plates; colour is part of a plate's identity (R21). `none`: the text is the token of a vehicle without one."""

    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"
    YELLOW_GREEN = "yellow_green"
    WHITE = "white"
    BLACK = "black"
    UNKNOWN = "unknown"
    NONE = "none"


class PlateBox(BaseModel):
    """Where in a frame a plate was read, pixels; frame and box belong together (R29)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    left: Pixel
    top: Pixel
    width: Pixel
    height: Pixel


class Envelope(BaseModel):
    """Place in the device's own sequence, and the two readings of its clock: when it happened, when it was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: Count
    boot: Count
    at_ms: Moment
    sent_ms: Moment
    backfill: Flag = False


class Alive(Envelope):
    """`alive`: the device or gateway lives; nothing else is said."""

    battery_mv: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = None
    rssi_dbm: Annotated[int, Field(strict=True, ge=-200, le=50)] | None = None
