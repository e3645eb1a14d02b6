"""Drawn pictures of the demo city: a road, the lines of a berth, a vehicle in a plain colour, when and where. No plate."""

import zlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from core.kit.clock import city_zone
from core.kit.moments import moment

SIZE: Final = (640, 360)
QUALITY: Final = 70
MOST_BYTES: Final = 25_000
PAINTS: Final = ("#d9dde2", "#8d98a5", "#22272e", "#7d2f2f", "#2f4f7d", "#3f6b52", "#b8a27a", "#f1f3f5")
Point = tuple[float, float]

_DAY: Final = range(6, 19)
_GROUNDS: Final = {True: ("#8fa6b8", "#6b7078", "#a3a8ae"), False: ("#141b26", "#2b3038", "#3b424c")}
"""Sky, road and kerb, by day and by night."""
_BERTH: Final = ((70, 330), (190, 190), (520, 190), (610, 330))
_BODY: Final = ((96, 300), (96, 236), (150, 214), (214, 160), (392, 160), (462, 214), (540, 230), (548, 300))
_GLASS: Final = (((226, 172), (180, 214), (296, 214), (296, 172)), ((308, 172), (308, 214), (440, 214), (386, 172)))
_WHEELS: Final = ((136, 268, 208, 340), (430, 268, 502, 340))


@dataclass(frozen=True, slots=True)
class Shot:
    """What a camera saw. `place` names site and berth or lane, `vehicle` who stands there; None: nobody."""

    place: str
    at_ms: int
    vehicle: int | None


def draw(shot: Shot) -> bytes:
    """Return a JPEG; the same shot gives the same bytes."""
    at = moment(shot.at_ms).astimezone(city_zone())
    sky, road, kerb = _GROUNDS[at.hour in _DAY]
    picture = Image.new("RGB", SIZE, road)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 118), fill=sky)
    pen.rectangle((0, 118, SIZE[0], 136), fill=kerb)
    _houses(pen, zlib.crc32(shot.place.encode()), is_day=at.hour in _DAY)
    pen.line((*_BERTH, _BERTH[0]), fill="#e8eaed", width=4)
    if shot.vehicle is not None:
        _vehicle(pen, PAINTS[shot.vehicle % len(PAINTS)])
    _stamp(pen, f"{at:%Y-%m-%d %H:%M:%S}", shot.place)
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _houses(pen: ImageDraw.ImageDraw, number: int, *, is_day: bool) -> None:
    """Draw a row of houses that is always the same at one place."""
    left = 0
    while left < SIZE[0]:
        number = zlib.crc32(number.to_bytes(4))
        width, height = 60 + number % 70, 30 + number // 70 % 60
        shade = (96 if is_day else 24) + number // 4_200 % 40
        pen.rectangle((left, 118 - height, left + width, 118), fill=(shade, shade + 6, shade + 14))
        left += width + 8


def _vehicle(pen: ImageDraw.ImageDraw, paint: str) -> None:
    pen.ellipse((84, 318, 560, 348), fill="#1b1f24")
    pen.polygon(_BODY, fill=paint, outline="#11151a")
    for glass in _GLASS:
        pen.polygon(glass, fill="#2d3d4c")
    for wheel in _WHEELS:
        pen.ellipse(wheel, fill="#15181c", outline="#6b7078", width=6)
    pen.rectangle((534, 238, 547, 256), fill="#ffe9b0")
    pen.rectangle((97, 244, 108, 262), fill="#c0392b")


def _stamp(pen: ImageDraw.ImageDraw, left: str, right: str) -> None:
    pen.rectangle((0, 0, SIZE[0], 30), fill="#000000")
    pen.text((10, 5), left, fill="#ffffff", font=_letters())
    pen.text((SIZE[0] - 10, 5), right, fill="#ffffff", font=_letters(), anchor="ra")


@cache
def _letters() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """Return the letters of the stamp: those that come with the library."""
    return ImageFont.load_default(18)
