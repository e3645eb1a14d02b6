"""A day in the town, with everything that goes wrong in a day: late, lost and repeated messages, swaps, silences."""

import random
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.arrivals import Arrival
from tests.ingest.town import LOT, MAGNET, SPACES, VIDEO, Town, milliseconds

MIDNIGHT = datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
HEARTBEAT_MIN = 20
_CHANNELS = ("wechat", "alipay", "cash", "unionpay")


def arrivals_of_a_day(seed: int) -> list[Arrival]:
    """Return the messages of one day, each once, in no particular order; the same seed gives the same day."""
    dice = random.Random(seed)
    town = Town()
    said: list[Arrival] = []
    for number in range(1, SPACES + 1):
        said += _space_day(town, dice, number, is_video=False)
        said += _space_day(town, dice, number, is_video=True)
    for car in range(250):
        said += _lot_visit(town, dice, _plate(dice, car), at(dice.uniform(0, 1300)))
    return said


def at(minute: float) -> datetime:
    """Return an instant of the day, to the millisecond."""
    return MIDNIGHT + timedelta(milliseconds=round(minute * 60_000))


def _space_day(town: Town, dice: random.Random, number: int, *, is_video: bool) -> list[Arrival]:
    """Tell the day of one space: vehicles come and go, heartbeats in between."""
    speak = town.pole if is_video else town.sensor
    said = [speak(number, at(0), occupied=False, repeat=True)]
    minute, beaten = dice.uniform(0, 60), 0.0
    while minute < 1380:
        left = min(minute + dice.choice((0.2, 4, 16, 30, 75, 140, 300)) * dice.uniform(0.8, 1.2), 1430)
        beats = [beat for beat in range(HEARTBEAT_MIN, 1440, HEARTBEAT_MIN) if beaten < beat < left]
        said += [speak(number, at(beat), occupied=beat > minute, repeat=True) for beat in beats]
        beaten = left
        said += _street_visit(town, dice, number, minute, left, is_video=is_video)
        minute = left + dice.choice((0.1, 2, 15, 45)) * dice.uniform(0.5, 1.5)
    return said


def _street_visit(town: Town, dice: random.Random, number: int, minute: float, left: float, *, is_video: bool) -> list[Arrival]:
    """Tell one stay on the street: some messages are lost, some kept back, some plates misread or never read."""
    speak = town.pole if is_video else town.sensor
    plate = _plate(dice, dice.randrange(40))
    named: dict[str, Any] = {"plate": plate[0], "colour": plate[1], "votes": dice.randint(1, 4)} if is_video else {}
    said: list[Arrival] = []
    if dice.random() > 0.03:
        said.append(speak(number, at(minute), occupied=True, **named, **_kept_back(dice, minute)))
    if not is_video:
        said += _collected(town, dice, number, plate, minute, left)
    if dice.random() > 0.04:
        said.append(speak(number, at(left), occupied=False, **_kept_back(dice, left)))
    if dice.random() < 0.7:
        said.append(_paid(town, dice, VIDEO if is_video else MAGNET, plate, minute, left + dice.uniform(-5, 40)))
    return said


def _collected(town: Town, dice: random.Random, number: int, plate: tuple[str, str], minute: float, left: float) -> list[Arrival]:
    """Tell what collectors read at one stay, and whether its sensor fell silent."""
    said: list[Arrival] = []
    if dice.random() > 0.15:
        seen = dice.uniform(minute - 1, left)
        said.append(town.collector(number, at(seen), *plate, **_kept_back(dice, seen)))
    if dice.random() < 0.1:
        said.append(town.collector(number, at(minute + (left - minute) * 0.8), *_plate(dice, dice.randrange(40))))
    if dice.random() < 0.05:
        said.append(town.silent(number, at(minute + (left - minute) * 0.6)))
    return said


def _lot_visit(town: Town, dice: random.Random, plate: tuple[str, str], came: datetime) -> list[Arrival]:
    """Tell one visit to the lot: perhaps an exit nobody saw, an entry nobody saw, a payment before or after or twice."""
    minute = (came - MIDNIGHT) / timedelta(minutes=1)
    left = min(minute + dice.choice((5, 29, 31, 65, 190, 500)) * dice.uniform(0.9, 1.1), 1435)
    said = []
    if dice.random() > 0.03:
        said.append(town.lane("in", came, *plate, **_kept_back(dice, minute)))
    if dice.random() > 0.03:
        said.append(town.lane("out", at(left), *plate, **_kept_back(dice, left)))
    times = dice.choice((0, 1, 1, 1, 2))
    said += [_paid(town, dice, LOT, plate, minute, left + dice.uniform(-15, 5)) for _ in range(times)]
    return said


def _paid(town: Town, dice: random.Random, code: str, plate: tuple[str, str], entered: float, minute: float) -> Arrival:
    named = {"entered_ms": milliseconds(at(entered))} if dice.random() < 0.8 else {}
    trade = f"T{dice.randrange(10**12):012}"
    fen = dice.choice((150, 300, 500, 800, 1100, 3000))
    return town.pay(code, at(minute), plate[0], fen, trade, plate[1], channel=dice.choice(_CHANNELS), **named)


def _kept_back(dice: random.Random, minute: float) -> dict[str, Any]:
    """Let one message in twelve be sent only long after it happened."""
    return {"sent": at(minute + dice.uniform(5, 300))} if dice.random() < 0.08 else {}


def _plate(dice: random.Random, car: int) -> tuple[str, str]:
    colour = ("blue", "blue", "blue", "green", "yellow", "white")[car % 6]
    return f"江{chr(65 + car % 20)}{10_000 + car * 37}", colour
