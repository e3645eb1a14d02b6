"""Frames say what changed and nothing else."""

import orjson

from core.kit.live import frames


class TestDifference:
    def test_sends_dicts_of_parts_part_by_part_and_the_rest_whole(self) -> None:
        last = {"at": "1", "day": "a", "tiles": {"x": {"n": 1}, "y": {"n": 2}}, "alarms": {"p1": 0, "rows": []}, "same": [1]}
        now = {"at": "2", "day": None, "tiles": {"x": {"n": 1}, "y": {"n": 3}}, "alarms": {"p1": 1, "rows": []}, "same": [1]}

        told = orjson.loads(frames.difference(last, now, seq=7))

        assert told == {"seq": 7, "at": "2", "day": None, "tiles": {"y": {"n": 3}}, "alarms": {"p1": 1, "rows": []}}

    def test_says_the_instant_even_where_nothing_changed(self) -> None:
        assert orjson.loads(frames.difference({"at": "1"}, {"at": "1"}, seq=8)) == {"seq": 8, "at": "1"}


class TestFrame:
    def test_is_one_event_whatever_the_text(self) -> None:
        body = frames.written({"text": "two\nlines"}, seq=3, version="b")

        assert frames.frame("snapshot", 3, body).count(b"\n") == 4
