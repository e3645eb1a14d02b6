"""
P2: a sensor's MQTT message → the berth painted anew on the dispatch map in Chromium, while 1,000 messages a second come in.

The whole way: broker, ingest, database, live feed, web process, browser, each a process of its own. One message in five
changes a state, the others are heartbeats. Twenty sensors of a street in the middle of the map are the probes; a probe's
message is timed from its publication to the frame in which its new state was painted, both by the machine's clock.
"""

import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import orjson
import paho.mqtt.client as paho
import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from core.devices.devices import DeviceKind
from core.kit import broker_accounts, mqtt, roles
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import ADMIN, EmbeddedPg
from core.kit.migrations import migrate
from ingest.simulator import city, places
from ingest.simulator.places import Device, Site
from tests.browser.conftest import BROWSERS, QUIET, ROOT, free_port
from tests.browser.screen import until
from tests.fixtures.visitors import sign_in

SEED = 7
RATE, CHANGED_SHARE = 1_000, 0.2
WARM_S, MEASURED_S = 10, 40
PROBES, PROBES_A_SECOND = 20, 5
REACH_MS = {10_000: 300, 100_000: 600}

_WATCH = """([site, codes]) => {
  const painted = (window.painted = []);
  const waiting = (window.waiting = []);
  let wanted = null;
  fetch("/live/berths.bin").then((answer) => answer.arrayBuffer()).then((body) => {
    const length = new DataView(body).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length)));
    const place = head.sites.findIndex((one) => one.code === site);
    const sites = new Uint16Array(body.slice(4 + length + head.n * 10, 4 + length + head.n * 12));
    wanted = new Map();
    head.codes.forEach((code, index) => sites[index] === place && codes.includes(code) && wanted.set(index, code));
  });
  boshu.live.listen((message) => {
    if (message.type !== "berths-delta" || !wanted) return;
    for (const [index, state] of message.data.changes)
      if (wanted.has(index)) waiting.push([message.data.seq, wanted.get(index), state & 7]);
  }, { topics: ["berths"] });
  const look = () => {
    while (waiting.length && waiting[0][0] <= boshu.dispatch.lastPaintedSeq) {
      const [, code, state] = waiting.shift();
      painted.push([code, state, performance.timeOrigin + performance.now()]);
    }
    requestAnimationFrame(look);
  };
  look();
}"""


class Sensors:
    """Publishes for the magnetometers of the city: a steady stream, and the probes' changes."""

    def __init__(self, url: str, devices: list[Device]) -> None:
        """Connect."""
        self.devices, self.seq, self.taken = devices, dict.fromkeys((one.topic for one in devices), 0), dict[str, bool]()
        self.client = mqtt.new_client(url, "boshu-bench-pixels", clean_session=True)
        self.client.max_inflight_messages_set(2_000)
        self.client.max_queued_messages_set(0)
        mqtt.connect(self.client, url)
        self.client.loop_start()

    def say(self, device: Device, *, change: bool) -> paho.MQTTMessageInfo:
        """Let a sensor speak; return when it was handed over."""
        topic, now_ms = device.topic, time.time_ns() // 1_000_000
        self.seq[topic] += 1
        if change:
            self.taken[topic] = not self.taken.get(topic, False)
        told = {"seq": self.seq[topic], "boot": 1, "at_ms": now_ms, "sent_ms": now_ms, "repeat": not change,
                "occupied": self.taken.get(topic, False)}  # fmt: skip
        return self.client.publish(f"{topic}/state", orjson.dumps(told), qos=1)

    def speak_until(self, stopped: threading.Event) -> None:
        """Let random sensors speak, so many a second."""
        luck, due_at = random.Random(1), time.monotonic()
        while not stopped.is_set():
            for _ in range(RATE // 50):
                self.say(luck.choice(self.devices), change=luck.random() < CHANGED_SHARE)
            due_at += 1 / 50
            stopped.wait(max(0, due_at - time.monotonic()))

    def close(self) -> None:
        """Disconnect."""
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def programs(database_url: str, broker_url: str, port: int) -> Iterator[None]:
    """Run the web and the ingest processes for the length of the block."""
    given = {"DATABASE_URL": database_url, "BOSHU_OWNER_URL": database_url, "MQTT_URL": broker_url,
             "BOSHU_WEB_PORT": str(port), "BOSHU_LOG_LEVEL": "ERROR"}  # fmt: skip
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "core.kit.cli", name], cwd=ROOT, env={**os.environ, **given}, start_new_session=True
        )
        for name in ("web", "ingest")
    ]
    try:
        ends_at = time.monotonic() + 60
        while not _is_ready(port):
            assert time.monotonic() < ends_at, "the web process does not answer"
            time.sleep(0.2)
        yield
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False


def measured(page: Page, sensors: Sensors, site: Site, probes: list[tuple[str, Device]]) -> list[float]:
    """Return the milliseconds from publication to paint of the probes' messages."""
    page.evaluate(_WATCH, [site.code, [code for code, _device in probes]])
    time.sleep(WARM_S)
    told: list[tuple[str, int, float]] = []
    for number in range(MEASURED_S * PROBES_A_SECOND):
        code, device = probes[number % len(probes)]
        began_ms = time.time_ns() / 1e6
        sensors.say(device, change=True)
        told.append((code, 2 if sensors.taken[device.topic] else 1, began_ms))
        time.sleep(1 / PROBES_A_SECOND)
    time.sleep(5)
    painted: list[tuple[str, int, float]] = page.evaluate("painted")
    took = [
        min((at_ms - began_ms for one, now, at_ms in painted if (one, now) == (code, state) and at_ms >= began_ms), default=None)
        for code, state, began_ms in told
    ]
    left = page.evaluate("() => [painted.length, waiting.length, boshu.dispatch.lastPaintedSeq]")
    assert None not in took, f"{took.count(None)} of {len(took)} were never painted; painted, waiting, last: {left}"
    return [ms for ms in took if ms is not None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser: the machine's, else playwright's own."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class BenchPixels:
    @pytest.mark.parametrize("berths", [10_000, 100_000])
    def bench_p2(self, run_folder: Path, browser: Browser, berths: int) -> None:
        server, broker = EmbeddedPg(run_folder / "pixels-pg"), EmbeddedBroker(run_folder / f"pixels-broker-{berths}")
        server.start()
        broker.start()
        try:
            took = _p2(server, broker, browser, berths)
        finally:
            broker.stop()
            server.stop()
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"P2  {berths:,} berths, {RATE:,} msg/s: message → painted {statistics.median(took):.0f} ms median, "
              f"{p95:.0f} ms p95, {max(took):.0f} ms worst of {len(took)} (reach {REACH_MS[berths]} ms p95, "
              f"ratio {p95 / REACH_MS[berths]:.2f})")  # fmt: skip


def _p2(server: EmbeddedPg, broker: EmbeddedBroker, browser: Browser, berths: int) -> list[float]:
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(f"p{berths}"), sql.Identifier(roles.OWNER)))
    urls = server.urls_of(f"p{berths}")
    migrate(urls.owner)
    database = Database(urls.app, statement_s=600)
    city.build(database, seed=SEED, berths=berths, at=utc_now() - timedelta(minutes=1))
    layout = places.layout(SEED, berths)
    site = next(one for one in layout.sites if _sensors_of(one))
    watched = [(device, _code(site, device)) for device in _sensors_of(site)][:PROBES]
    probes = [(code, device) for device, code in watched]
    aside = {device.topic for _code_of, device in probes}
    devices = [device for one in layout.sites for device in _sensors_of(one)]
    port = free_port()
    with programs(urls.app, broker.url(broker_accounts.COLLECTOR), port):
        sensors = Sensors(broker.url(broker_accounts.SIMULATOR), devices)
        for _code_of, device in probes:
            sensors.say(device, change=False)
        sensors.devices = [device for device in devices if device.topic not in aside]
        stopped = threading.Event()
        speaking = threading.Thread(target=sensors.speak_until, args=(stopped,), daemon=True)
        speaking.start()
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.context.add_cookies(sign_in(database).playwright_cookies)  # type: ignore[arg-type]  # a TypedDict with these keys
        page.goto(f"http://127.0.0.1:{port}/dispatch?lat={site.centre[1]}&lon={site.centre[0]}&z=18", timeout=60_000)
        until(lambda: bool(page.evaluate("() => window.boshu?.dispatch?.lastPaintedSeq > 0")), 60)  # no eval in our pages
        try:
            return measured(page, sensors, site, probes)
        finally:
            stopped.set()
            speaking.join()
            page.close()
            sensors.close()
            database.close()


def _sensors_of(site: Site) -> list[Device]:
    return [device for device in site.devices if device.kind is DeviceKind.GEOMAGNETIC and device.speaks]


def _code(site: Site, device: Device) -> str:
    """Return the code of the space a sensor watches."""
    space_id = device.watches[0].target_id
    return next(space.code for space in site.spaces if space.space_id == space_id)
