"""
A day of the wall in minutes: a server that hands everything on to the web, but replays the pictures of a past day as stream.

The pictures are the web's own, one every half hour of the day; in between the instant moves on and money and stays grow, so
that every refresh writes to the page. What a past picture does not know, the freshness of its sources, is that of now.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import orjson
from playwright.sync_api import CDPSession, Page

from core.kit.embedded import LOOPBACK
from tests.fixtures.visitors import Visitor

Picture = dict[str, Any]  # JSON of the whole wall

STEP: Final = timedelta(seconds=5)
"""A refresh every five seconds: 17,280 make a day."""
_TOLD: Final = "(last) => Number(document.querySelector('.wall').dataset.seq) >= last"
APART: Final = timedelta(minutes=30)
_KEPT: Final = ("Content-Type", "Cookie", "X-CSRFToken", "Accept", "Accept-Language", "Sec-Fetch-Site")


@dataclass(frozen=True, slots=True)
class Held:
    """What a page holds after a collection: heap in megabytes, elements and other nodes, listeners."""

    refresh: int
    heap_mb: float
    nodes: int
    listeners: int


@dataclass(slots=True)
class Day:
    """Pictures told over and over in laps; at the end of each lap the stream waits until the page was looked at."""

    home: str
    pictures: Sequence[Picture]
    laps: int
    lap: int
    """Refreshes of one lap; at its end the page shows the same as at the end of every other."""
    per_s: float
    told: int = 0
    looked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ended: threading.Event = field(default_factory=threading.Event)

    def picture(self, refresh: int) -> Picture:
        """Return the picture of one refresh."""
        instant = (datetime.fromisoformat(self.pictures[0]["at"]) + refresh * STEP).isoformat(timespec="seconds")
        done = (refresh - 1) % self.lap
        picture = self.pictures[done * len(self.pictures) // self.lap]
        tiles = {key: {**tile, "as_of": instant, "state": "live"} for key, tile in picture["tiles"].items()}
        tiles["received_today"]["fen"] = (tiles["received_today"]["fen"] or 0) + 100 * done
        tiles["stays_today"]["n"] = (tiles["stays_today"]["n"] or 0) + done
        sources = {name: {"state": "live", "age_s": 1, "last_at": instant, "installed": True} for name in picture["sources"]}
        return {**picture, "seq": refresh, "at": instant, "day": instant[:10], "live": True, "tiles": tiles, "sources": sources}

    def stream(self) -> Iterator[bytes]:
        """Yield the events of the stream from where it was told to: one whole picture, then what changed."""
        yield _event("snapshot", self.picture(self.told))
        while self.told < self.laps * self.lap:
            if self.told % self.lap == 0:
                self.looked.acquire()
            if self.ended.wait(1 / self.per_s):
                return
            self.told += 1
            yield _event("delta", self.picture(self.told))
        self.ended.wait()


def pictures_of(home: str, begins: datetime, who: Visitor) -> list[Picture]:
    """Return the pictures of a day that is over."""
    asked = [f"{home}/live/wall.json?at={quote((begins + step * APART).isoformat())}" for step in range(48)]
    return [orjson.loads(urlopen(Request(url, headers=who.headers), timeout=30).read()) for url in asked]


class _Server(ThreadingHTTPServer):
    """Replays one day."""

    daemon_threads = True

    def __init__(self, day: Day) -> None:
        super().__init__((LOOPBACK, 0), _Replays)
        self.day = day


class _Replays(BaseHTTPRequestHandler):
    """Answers the stream by the day, and everything else by what the web says."""

    server: _Server

    def do_GET(self) -> None:
        if not self.path.startswith("/live/stream"):
            self._hand_on(None)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with suppress(OSError):  # the page has gone
            for event in self.server.day.stream():
                self.wfile.write(event)
                self.wfile.flush()

    def do_POST(self) -> None:
        self._hand_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _hand_on(self, body: bytes | None) -> None:
        told = {name: self.headers[name] for name in _KEPT if name in self.headers}
        try:
            answer = urlopen(Request(self.server.day.home + self.path, data=body, headers=told), timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            text = answer.read()
            self.send_response(answer.status or 502)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/octet-stream"))
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing."""


@contextmanager
def replayed(day: Day) -> Iterator[str]:
    """Serve a day for the length of the block; return its address. It begins when it is watched."""
    server = _Server(day)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        day.ended.set()
        day.looked.release()
        server.shutdown()
        server.server_close()


def held(page: Page, chrome: CDPSession) -> Held:
    """Return what a page holds now."""
    chrome.send("HeapProfiler.collectGarbage")
    found = {each["name"]: each["value"] for each in chrome.send("Performance.getMetrics")["metrics"]}
    refresh = int(page.get_attribute(".wall", "data-seq") or 0)
    return Held(refresh, found["JSHeapUsedSize"] / 1_048_576, int(found["Nodes"]), int(found["JSEventListeners"]))


def watched(page: Page, day: Day) -> list[Held]:
    """Let the laps be told; return what the page held at the end of each."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("Performance.enable")
    seen = []
    for lap in range(1, day.laps + 1):
        day.looked.release()
        page.wait_for_function(_TOLD, arg=lap * day.lap, timeout=0)
        page.wait_for_timeout(1_500)  # figures have rolled in, and one beat has passed
        seen.append(held(page, chrome))
    return seen


def _event(name: str, data: Picture) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
