"""Drawn pictures: small, the same for the same shot, and told apart by what they show."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from ingest.simulator.drawings import MOST_BYTES, PAINTS, SIZE, Shot, draw

NOON_MS = 1_795_588_200_000
HOUR_MS = 3_600_000
SHOT = Shot("S-012 0112", NOON_MS, 7)


class TestDraw:
    @pytest.mark.parametrize("vehicle", [None, *range(len(PAINTS))])
    @pytest.mark.parametrize("hours", range(0, 24, 6))
    def test_makes_a_small_jpeg(self, vehicle: int | None, hours: int) -> None:
        raw = draw(Shot("S-012 0112", NOON_MS + hours * HOUR_MS, vehicle))

        with Image.open(BytesIO(raw)) as opened:
            assert (opened.format, opened.size) == ("JPEG", SIZE)
        assert len(raw) < MOST_BYTES

    def test_shows_the_same_twice_and_another_shot_otherwise(self) -> None:
        others = [
            replace(SHOT, vehicle=8),
            replace(SHOT, vehicle=None),
            replace(SHOT, at_ms=NOON_MS + 1_000),
            replace(SHOT, place="S"),
        ]

        assert draw(SHOT) == draw(SHOT)
        assert len({draw(SHOT), *map(draw, others)}) == len(others) + 1
