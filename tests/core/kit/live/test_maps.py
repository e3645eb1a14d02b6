"""The routes of the map, asked over HTTP."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from core.kit.db import Database
from ingest.pipeline import Pipeline
from tests.core.kit.live.test_routes import Answer, Web, serving
from tests.ingest import town
from tests.ingest.town import Town

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def web(database: Database) -> Iterator[Web]:
    """Return a web process on a town in which one car came and one sensor speaks."""
    town.build(database)
    speaker, pipeline = Town(), Pipeline(database)
    pipeline.take([speaker.sensor(number, AT, occupied=False, repeat=True) for number in range(1, 5)])
    pipeline.take([speaker.sensor(1, AT + timedelta(minutes=10), occupied=True)])
    with serving(database.url) as web:
        web.events(1, "/live/stream?topics=berths")
        yield web


def states_of(answer: Answer) -> list[int]:
    """Return the states in a packed answer."""
    length = int.from_bytes(answer.body[:4], "little")
    n = orjson.loads(answer.body[4 : 4 + length])["n"]
    at = 4 + length + 12 * n
    return [byte & 7 for byte in answer.body[at : at + n]]


class TestBerths:
    def test_tell_places_and_states_now_and_then(self, web: Web) -> None:
        now, before = web.get("/live/berths.bin"), web.get("/live/berths.bin?at=2026-11-20T12:05:00")

        assert now.headers["Content-Type"] == "application/octet-stream"
        assert states_of(now)[:4] == [2, 1, 1, 1]
        assert states_of(before)[:4] == [1, 1, 1, 1]

    def test_say_that_nothing_changed(self, web: Web) -> None:
        before = web.get("/live/berths.bin?at=2026-11-20T12:05:00")

        assert web.get("/live/berths.bin?at=2026-11-20T12:05:00", If_None_Match=before.headers["ETag"]).status == 304

    def test_are_told_to_those_who_poll(self, web: Web) -> None:
        now, before = (web.get(f"/live/berths.json{asked}").json for asked in ("", "?at=2026-11-20T12:05:00"))

        assert [byte & 7 for byte in base64.b64decode(now["states"])][:4] == [2, 1, 1, 1]
        assert (before["seq"], before["at"]) == (0, "2026-11-20T12:05:00+08:00")

    @pytest.mark.parametrize("path", ["berths.bin?at=tomorrow", "berths.json?at=2999-01-01", "replay.bin", "replay.bin?from=x"])
    def test_refuse_in_a_sentence_what_cannot_be_shown(self, web: Web, path: str) -> None:
        answer = web.get(f"/live/{path}")

        assert answer.status == 400
        assert answer.json["error"].endswith("。")


class TestReplay:
    def test_tells_the_changes_of_a_period(self, web: Web) -> None:
        answer = web.get("/live/replay.bin?from=2026-11-20T12:05:00&to=2026-11-20T12:30:00")

        length = int.from_bytes(answer.body[:4], "little")
        head, rest = orjson.loads(answer.body[4 : 4 + length]), answer.body[4 + length :]
        assert head["n_changes"] == 1
        assert list(rest[:4]) == [1, 1, 1, 1]
        assert int.from_bytes(rest[12:16], "little") == 300
        assert rest[20] & 7 == 2

    @pytest.mark.parametrize("to", ["2026-11-20T12:05:00", "2026-11-21T12:05:01", "2026-11-19"])
    def test_refuses_an_empty_and_a_long_period(self, web: Web, to: str) -> None:
        assert web.get(f"/live/replay.bin?from=2026-11-20T12:05:00&to={to}").status == 400
