"""
Adapter: the messages of a vendor's gateways in, ours out.

A vendor's topic has five levels: two of a prefix, `GW_<gateway>_DATA`, one more, and a running number. The payload names the
device, its type, the frame in hexadecimal, and when the gateway heard it, milliseconds. A state after a boot, or after we began
to listen, is a report and no change (R4); a packet that comes twice keeps its place in the sequence (R1).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, NamedTuple

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.kit.broker_accounts import ROOT
from ingest.messages.envelope import Code, Moment
from ingest.vendors import frames
from ingest.vendors.frames import Frame, NoFrame
from ingest.vendors.serials import Place, Serials

_TOPIC: Final = re.compile(r"[^/]+/[^/]+/GW_([A-Za-z0-9]{1,40})_DATA/[^/]+/([0-9]{1,18})")

_REMEMBERED: Final = 64
"""Messages of a device that does not count, by which one that comes again is known."""


class Spoken(BaseModel):
    """What a vendor's gateway says of one device; other keys are its own affair."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    device: Code = Field(alias="deviceId")
    type: Annotated[int, Field(strict=True, ge=0, alias="deviceType")]
    data: Annotated[str, Field(strict=True, max_length=512)]
    heard_ms: Moment = Field(alias="lastActivity")


class Gateway(BaseModel):
    """A vendor's gateway as we know it. `spaces` names the spaces of bay cameras: camera, then bay, then our space."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: Code
    gateway: Code
    spaces: dict[Code, dict[int, Code]] = Field(default_factory=dict)


class Told(NamedTuple):
    """One message of ours."""

    topic: str
    payload: bytes


class Adapter:
    """Knows the gateways by their vendor's names, and how far each sensor has counted."""

    def __init__(self, gateways: Mapping[str, Gateway]) -> None:
        """Begin without a past: what is told first of each device is a report."""
        self._gateways = dict(gateways)
        self._serials = Serials()
        self._counts: dict[str, _Counted] = {}

    def translate(self, topic: str, payload: bytes, *, sent_ms: int) -> Told:
        """
        Return what a message says in our words.

        Raises:
            NoFrame: no message of a gateway we know, or of a device that tells nothing of spaces.
        """
        found = _TOPIC.fullmatch(topic)
        gateway = self._gateways.get(found[1]) if found else None
        if found is None or gateway is None:
            raise NoFrame(f"no gateway of ours speaks under {topic[:80]}")
        try:
            spoken = Spoken.model_validate_json(payload)
        except ValidationError as error:
            raise NoFrame(f"{error.error_count()} faults in the payload") from None
        frame = frames.read(spoken.type, spoken.data)
        device = f"{found[1]}/{spoken.device}"
        if frame.serial is None:
            place = self._counted(device, int(found[2]), spoken.heard_ms)
        else:
            place = self._serials.place(device, frame.serial, at_ms=spoken.heard_ms)
        body = _body(frame, place, spoken, gateway, sent_ms=max(sent_ms, spoken.heard_ms))
        kind = "space" if frame.bay else "state"
        return Told(f"{ROOT}/{gateway.site}/{gateway.gateway}/{spoken.device}/{kind}", orjson.dumps(body))

    def _counted(self, device: str, number: int, heard_ms: int) -> Place:
        """Count for a device that does not; the gateway's running number tells which of its messages comes again."""
        is_first = device not in self._counts
        counted = self._counts.setdefault(device, _Counted(heard_ms // 1_000))
        return Place(counted.boot, counted.seq_of(number), is_first=is_first)


@dataclass(slots=True)
class _Counted:
    """How far we have counted for a device, and the places of its newest messages by the gateway's number."""

    boot: int
    seq: int = -1
    places: dict[int, int] = field(default_factory=dict)

    def seq_of(self, number: int) -> int:
        """Return the place of a message: its own where it comes again, else the next one."""
        if number not in self.places:
            self.seq += 1
            self.places[number] = self.seq
            if len(self.places) > _REMEMBERED:
                del self.places[next(iter(self.places))]
        return self.places[number]


def _body(frame: Frame, place: Place, spoken: Spoken, gateway: Gateway, *, sent_ms: int) -> dict[str, Any]:
    """Return a message's own keys, as the wire format has them."""
    body: dict[str, Any] = {
        "seq": place.seq, "boot": place.boot, "at_ms": spoken.heard_ms, "sent_ms": sent_ms,
        "occupied": frame.is_occupied, "repeat": place.is_first or not frame.is_change,
    }  # fmt: skip
    if frame.bay:
        space = gateway.spaces.get(spoken.device, {}).get(frame.bay)
        if space is None:
            raise NoFrame(f"bay {frame.bay} of camera {spoken.device} is no space of ours")
        body["space"] = space
        if frame.plate is not None:
            body |= {"plate": frame.plate, "colour": frame.colour.value}
    return body
