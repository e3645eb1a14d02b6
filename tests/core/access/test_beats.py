"""What a browser tells is kept where it can be true."""

from datetime import UTC, datetime

from core.access.beats import Beat
from core.kit.ids import uuid7

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


class TestBeat:
    def test_takes_what_can_be_true(self) -> None:
        scene_id = uuid7()

        assert Beat.of({"heap_mb": -1, "scene": "x", "viewport": "<b>", "picture_at": "2026-11-20T06:32:08"}) == Beat("", None)
        assert Beat.of(
            {
                "version": "1a",
                "heap_mb": 9,
                "scene": str(scene_id),
                "viewport": "1920x1080",
                "picture_at": "2026-11-20T14:32:08+08:00",
            }
        ) == Beat("1a", 9, scene_id, "1920x1080", AT)
