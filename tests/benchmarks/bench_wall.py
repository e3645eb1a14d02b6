"""
P9: a day of the wall, 17,280 refreshes, told in minutes; heap after a collection, nodes and listeners at the end of 12 laps.

P3: 400 walls, one stream each, and the CPU of the web process that serves them beside the CPU of one wall; the commits of the
database a second tell that its work does not depend on how many look on.
"""

import os
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from core.kit import clock
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded import LOOPBACK
from tests.browser.conftest import Feed, Web, chromium, demo_city, demo_past, feed, free_port, own_context
from tests.browser.day import Day, Held, pictures_of, replayed, watched
from tests.browser.screen import screen_of

__all__ = ["chromium", "demo_city", "demo_past", "feed", "own_context"]

LAPS, LAP, PER_S = 12, 1_440, 60.0
HEAP_MB, HEAP_SHARE, SLOPE_MB = 10.0, 1.3, 0.5
STREAMS, WATCH_S, CORE_PCT = 400, 20.0, 10.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@pytest.fixture
def hall(demo_city: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Return a web process with a thread for each wall."""
    monkeypatch.setenv("BOSHU_WEB_THREADS", str(STREAMS + 50))
    web = Web(demo_city.url, free_port())
    web.start()
    yield web
    web.stop()


class BenchDay:
    def bench_p9(self, own_context: BrowserContext, demo_past: Database, hall: Web) -> None:
        own_context.add_init_script("delete window.SharedWorker")  # the page holds the stream, too
        yesterday, _today = clock.city_day(clock.city_date(utc_now()) - timedelta(days=1))
        day = Day(hall.url, pictures_of(hall.url, yesterday, hall.signed_in), LAPS, LAP, PER_S)
        with replayed(day) as home:
            screen = screen_of(own_context, home)
            screen.open(f"{home}/?lang=zh")
            seen = watched(screen.page, day)
        first, last = seen[0], seen[-1]
        slope = (last.heap_mb - first.heap_mb) / (last.refresh - first.refresh) * 1_000
        print(f"P9  {last.refresh:,} refreshes: heap {first.heap_mb:.2f} → {last.heap_mb:.2f} MB (reach +{HEAP_MB:.0f}), "
              f"{slope:+.3f} MB per 1,000 (reach {SLOPE_MB}), nodes {first.nodes} → {last.nodes}, listeners "
              f"{first.listeners} → {last.listeners}; laps {_laps(seen)}")  # fmt: skip
        assert last.heap_mb - first.heap_mb <= HEAP_MB
        assert last.heap_mb <= HEAP_SHARE * first.heap_mb
        assert slope <= SLOPE_MB
        assert abs(last.nodes - first.nodes) <= 0.02 * first.nodes
        assert last.listeners == first.listeners


class BenchWalls:
    def bench_p3(self, demo_past: Database, feed: Feed, hall: Web) -> None:
        with streams(hall, 1) as one:
            alone = _work(hall, demo_past, one)
        with streams(hall, STREAMS) as many:
            crowd = _work(hall, demo_past, many)
        rise = crowd.cpu_pct - alone.cpu_pct
        print(f"P3  {STREAMS} walls: {crowd.cpu_pct:.1f} % of a core (one wall {alone.cpu_pct:.1f} %), "
              f"{crowd.events / WATCH_S / STREAMS:.2f} events a second each; the walls beyond the first cost "
              f"{rise:.1f} % (reach {CORE_PCT:.0f}), ratio {rise / CORE_PCT:.2f}; "
              f"commits a second {alone.commits / WATCH_S:.1f} → {crowd.commits / WATCH_S:.1f}")  # fmt: skip
        assert crowd.events >= 0.9 * STREAMS * WATCH_S
        assert rise <= CORE_PCT
        assert crowd.commits <= 1.2 * alone.commits + WATCH_S


class Work:
    """What a web process did in a while."""

    def __init__(self, *, cpu_pct: float, commits: int, events: int) -> None:
        """Keep the share of one core, the commits of its database, and the events its streams told."""
        self.cpu_pct, self.commits, self.events = cpu_pct, commits, events


@contextmanager
def streams(web: Web, count: int) -> Iterator[list[socket.socket]]:
    """Hold that many streams open for the length of the block."""
    asked = f"GET /live/stream?topics=wall HTTP/1.1\r\nHost: {LOOPBACK}:{web.port}\r\nAccept: text/event-stream\r\n"
    asked += f"Cookie: {web.signed_in.headers['Cookie']}\r\n\r\n"
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection((LOOPBACK, web.port), timeout=10)) for _ in range(count)]
        for one in opened:
            one.sendall(asked.encode())
            one.setblocking(False)
        yield opened


def _work(web: Web, database: Database, opened: list[socket.socket]) -> Work:
    """Listen for a while, after everyone was told the first picture."""
    _listen(opened, 5)
    cpu, commits, began = _cpu_s(web), _commits(database), time.monotonic()
    events = _listen(opened, WATCH_S)
    lasted = time.monotonic() - began
    return Work(cpu_pct=100 * (_cpu_s(web) - cpu) / lasted, commits=_commits(database) - commits, events=events)


def _listen(opened: list[socket.socket], for_s: float) -> int:
    """Read what comes; return how many events there were."""
    events, ends = 0, time.monotonic() + for_s
    with selectors.DefaultSelector() as selector:
        for one in opened:
            selector.register(one, selectors.EVENT_READ)
        while (left := ends - time.monotonic()) > 0:
            events += sum(key.fileobj.recv(1 << 20).count(b"event: ") for key, _mask in selector.select(left))  # type: ignore[union-attr]  # sockets were registered
    return events


def _cpu_s(web: Web) -> float:
    """Return the CPU seconds of the web's processes so far: its session's leader and workers."""
    assert web.process is not None
    leader = web.process.pid
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(told[3]) == leader:  # its session
            total += int(told[11]) + int(told[12])
    return total / TICKS_PER_S


def _commits(database: Database) -> int:
    with database.transaction() as tx:
        found: int = tx.value("select xact_commit from pg_stat_database where datname = current_database()")
    return found


def _laps(seen: list[Held]) -> str:
    return " ".join(f"{each.heap_mb:.2f}" for each in seen)
