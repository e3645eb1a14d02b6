"""The routes, served by a real gunicorn with threads, and asked as browsers ask."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import orjson
import pytest

from core.kit.db import Database
from core.kit.embedded import LOOPBACK
from core.kit.embedded_pg import EmbeddedPg
from core.kit.live import routes
from core.kit.locale import Language, use
from tests.core.kit.live.away import closed
from tests.fixtures.visitors import Visitor, sign_in

ROOT = Path(__file__).resolve().parents[4]
ALONE = {"database": "ok", "schema": "ok", "live": "ok", "broker": "", "jobs": "", "disk": ""}
"""What a web process sees by itself; the others are other processes."""
WORK = "import app; from core.settings import settings; app.serve_web(settings())"
NOW = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came back with."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True)
class Web:
    """A web process."""

    url: str
    process: "subprocess.Popen[bytes]"
    visitor: Visitor

    def get(self, path: str, **headers: str) -> Answer:
        """Ask once."""
        request = urllib.request.Request(
            self.url + path,
            headers={**self.visitor.headers, **{name.replace("_", "-"): value for name, value in headers.items()}},
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def events(self, count: int, path: str = "/live/wall") -> list[tuple[str, dict[str, Any]]]:
        """Open a stream and take so many events."""
        request = urllib.request.Request(self.url + path, headers=self.visitor.headers)
        with urllib.request.urlopen(request, timeout=15) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            taken: list[tuple[str, dict[str, Any]]] = []
            kind = ""
            while len(taken) < count:
                line = stream.readline().decode().rstrip("\n")
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    taken.append((kind, orjson.loads(line.removeprefix("data: "))))
            return taken


@contextmanager
def serving(database_url: str) -> Iterator[Web]:
    """Run a web process for the length of the block; it must leave quickly when it is told to."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database_url, "BOSHU_WEB_PORT": str(port), "BOSHU_WEB_THREADS": "40"}
    process = subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=environment)
    web = Web(f"http://{LOOPBACK}:{port}", process, sign_in(Database(database_url, pool_size=1)))
    try:
        wait_for(web)
        yield web
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)


def wait_for(web: Web) -> None:
    """Wait until the process answers."""
    ends_at = time.monotonic() + 30
    while True:
        try:
            web.get("/healthz")
            return
        except (URLError, ConnectionError):
            assert time.monotonic() < ends_at, "the web process never answered"
            assert web.process.poll() is None, "the web process ended"


@pytest.fixture(scope="module")
def web(database: Database) -> Iterator[Web]:
    """Return a web process on the database of this module."""
    with serving(database.url) as web:
        yield web


class TestWall:
    def test_streams_a_picture_and_then_what_changes(self, web: Web) -> None:
        events = web.events(4)

        assert [kind for kind, _body in events] == ["snapshot", "delta", "delta", "delta"]
        first = events[0][1]["seq"]
        assert [body["seq"] for _kind, body in events] == [first, first + 1, first + 2, first + 3]
        assert set(events[0][1]["tiles"]) >= {"received_today", "berths", "map", "ticker"}

    def test_answers_once_for_those_who_poll(self, web: Web) -> None:
        answer = web.get("/live/wall.json")

        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json["live"] is True
        assert answer.json["version"] == web.events(1)[0][1]["version"]

    def test_shows_a_past_moment(self, web: Web) -> None:
        answer = web.get("/live/wall.json?at=2026-01-15T10:00")

        assert (answer.json["at"], answer.json["live"]) == ("2026-01-15T10:00:00+08:00", False)

    @pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01", "9999-01-01", "2026-11-20T25:00", "0001-01-01T00:00:00%2B14:00"])
    def test_says_in_a_sentence_which_moments_it_cannot_show(self, web: Web, at: str) -> None:
        answer = web.get(f"/live/wall.json?at={at}&lang=en")

        assert answer.status == 400
        assert answer.json["error"].endswith(".")

    def test_speaks_the_readers_language(self, web: Web) -> None:
        assert web.get("/live/wall.json?at=x&lang=zh").json["error"].endswith("。")
        assert web.get("/live/wall.json?at=x", Accept_Language="en-GB,en;q=0.8").json["error"].endswith(".")

    def test_serves_many_streams_at_once(self, web: Web) -> None:
        with ThreadPoolExecutor(max_workers=30) as pool:
            streams = list(pool.map(lambda _n: [body["seq"] for _kind, body in web.events(3)], range(30)))

        assert all(seqs == list(range(seqs[0], seqs[0] + 3)) for seqs in streams)


class TestStream:
    def test_carries_the_topics_asked_for_and_no_others(self, web: Web) -> None:
        both = web.events(6, "/live/stream?topics=wall,berths")
        berths = web.events(3, "/live/stream?topics=berths")

        assert {kind for kind, _body in both} == {"snapshot", "delta", "berths-snapshot", "berths-delta"}
        assert [kind for kind, _body in berths] == ["berths-snapshot", "berths-delta", "berths-delta"]
        first = berths[0][1]["seq"]
        assert [body["seq"] for _kind, body in berths] == [first, first + 1, first + 2]

    @pytest.mark.parametrize("topics", ["nothing", "wall,nothing", ","])
    def test_refuses_a_topic_nobody_tells(self, web: Web, topics: str) -> None:
        assert web.get(f"/live/stream?topics={topics}").status == 400


class TestWhatStandsStill:
    def test_tells_the_places(self, web: Web) -> None:
        assert set(web.get("/live/places.json").json) == {"version", "city", "demo", "sites"}

    def test_tells_the_definitions_in_both_languages(self, web: Web) -> None:
        chinese, english = (web.get(f"/live/kpis.json?lang={language}").json for language in ("zh", "en"))

        assert [kpi["id"] for kpi in chinese] == [kpi["id"] for kpi in english]
        assert chinese[0]["name"] == "今日实收"


class TestHealth:
    def test_tells_the_process_from_the_database(self, server: EmbeddedPg, own_database: Database) -> None:
        with serving(own_database.url) as web:
            assert (web.get("/healthz").status, web.get("/live/wall.json").status) == (200, 200)
            assert web.get("/readyz").json["parts"] | {"broker": "", "jobs": "", "disk": ""} == ALONE

            with closed(server, own_database):
                ends_at = time.monotonic() + 20
                while not {"database", "live"} <= set((ready := web.get("/readyz")).json["missing"]):
                    assert time.monotonic() < ends_at

                assert (ready.status, web.get("/healthz").status) == (503, 200)
                aged = web.get("/live/wall.json").json["sources"]["database"]["age_s"]
                assert aged >= 3, "five seconds without an answer, in a picture up to one and a half old, in whole seconds"
                assert web.get("/live/wall.json?at=2026-01-15").status == 503
                assert web.get("/live/places.json").headers["Retry-After"] == "2"


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/live/wall.json", "/healthz", "/nowhere"])
    def test_forbid_eval_and_foreign_sources(self, web: Web, path: str) -> None:
        headers = web.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

        assert policy["default-src"] == "'self'"
        assert "unsafe" not in policy["script-src"]
        assert policy["script-src"].count("'sha256-") >= 1
        assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"

    def test_keep_out_who_asks_for_another_name(self, web: Web) -> None:
        assert web.get("/healthz", Host="parking.example").status == 400

    def test_serve_the_strict_bundle_of_plotly(self, web: Web) -> None:
        bundle = web.get("/_dash-component-suites/plotly/package_data/plotly.min.js")

        assert bundle.body == (ROOT / "assets/vendor/plotly/plotly-strict.min.js").read_bytes()


class TestMoment:
    def test_takes_a_moment_without_zone_for_the_citys(self) -> None:
        assert routes.moment("2026-11-20T14:00", now=NOW) == datetime(2026, 11, 20, 6, tzinfo=UTC)
        assert routes.moment("2026-11-20 ", now=NOW) == datetime(2026, 11, 19, 16, tzinfo=UTC)

    def test_reads_a_plus_sign_that_was_not_escaped(self) -> None:
        assert routes.moment("2019-05-17T18:00 08:00", now=NOW) == datetime(2019, 5, 17, 10, tzinfo=UTC)

    def test_refuses_the_future(self) -> None:
        with use(Language.EN), pytest.raises(routes.BadMoment, match="not come yet"):
            routes.moment("2026-11-20T14:32:09", now=NOW)
