"""
Frames: the hexadecimal payloads of a common family of parking gateways (events.md D.1.1).

Magnetometer: a byte that is 0 for a heartbeat and anything else for a change, the serial number, the state, 0 for empty.
Ultrasonic: a byte whose bit 3 tells a report from an answer, the serial number, the state. Bay camera: the maker, whether it is
occupied, the bay, the colour and the length of the plate, the plate in GBK; one maker writes the province as a number.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ingest.messages.envelope import PlateColour

_MAGNET: Final = frozenset({196, 212, 213})
_ULTRASONIC: Final = 193
_BAY_CAMERA: Final = 200
_REPORTS: Final = 0b1000
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_COLOURS: Final = (
    PlateColour.UNKNOWN, PlateColour.BLUE, PlateColour.YELLOW, PlateColour.WHITE, PlateColour.BLACK, PlateColour.GREEN,
    PlateColour.YELLOW_GREEN,
)  # fmt: skip
_BAYS: Final = 3
_CAMERA_HEAD: Final = 5


class Maker(IntEnum):
    """Who made a bay camera: the second one writes the province as a number from 1."""

    PLAIN = 1
    NUMBERED = 2


class NoFrame(Exception):
    """Bytes that are no frame of a device we know; they are handed on unread."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What one frame says. serial None: the device counts nothing; bay 0: it watches one space. A plate has a colour."""

    is_occupied: bool
    is_change: bool
    serial: int | None = None
    bay: int = 0
    plate: str | None = None
    colour: PlateColour = PlateColour.UNKNOWN


def read(device_type: int, data: str) -> Frame:
    """
    Return what a frame says.

    Raises:
        NoFrame: another type of device, no hexadecimal bytes, or too few of them.
    """
    try:
        body = bytes.fromhex(data)
    except ValueError:
        raise NoFrame("not hexadecimal") from None
    if device_type in _MAGNET:
        return _sensor(body, is_change=bool(body and body[0]))
    if device_type == _ULTRASONIC:
        return _sensor(body, is_change=bool(body and body[0] & _REPORTS))
    if device_type == _BAY_CAMERA:
        return _camera(body)
    raise NoFrame(f"devices of type {device_type} tell nothing of spaces")


def _sensor(body: bytes, *, is_change: bool) -> Frame:
    if len(body) < 3:
        raise NoFrame(f"{len(body)} bytes")
    return Frame(is_occupied=body[2] != 0, is_change=is_change, serial=body[1])


def _camera(body: bytes) -> Frame:
    if len(body) < _CAMERA_HEAD or body[0] not in set(Maker) or not 1 <= body[2] <= _BAYS or body[3] >= len(_COLOURS):
        raise NoFrame("no bay camera's")
    maker, occupied, bay, colour, length = body[:_CAMERA_HEAD]
    if len(body) != _CAMERA_HEAD + length:
        raise NoFrame(f"{len(body) - _CAMERA_HEAD} bytes of plate, {length} told")
    plate = _plate(Maker(maker), body[_CAMERA_HEAD:]) if occupied and length else None
    return Frame(is_occupied=occupied != 0, is_change=True, bay=bay, plate=plate, colour=_COLOURS[colour])


def _plate(maker: Maker, written: bytes) -> str:
    province = ""
    if maker is Maker.NUMBERED:
        if not 1 <= written[0] <= len(_PROVINCES):
            raise NoFrame(f"no province has the number {written[0]}")
        province, written = _PROVINCES[written[0] - 1], written[1:]
    try:
        return province + written.decode("gbk")
    except UnicodeDecodeError:
        raise NoFrame("a plate that is not GBK") from None
