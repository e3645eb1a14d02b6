"""A real wall: the demo city in a real database, fed as by devices, served by the web process, looked at by Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from core.access.roles import RoleCode
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded import LOOPBACK
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.simulator import city, history
from ingest.simulator.simulation import Event, Simulation
from tests.browser.desk import Desk, desk_of
from tests.browser.screen import Screen, screen_of, until
from tests.fixtures.visitors import Visitor, sign_in

SEED = 20_261_122
BERTHS = 1_000
PAST_DAYS = 8  # today and the same weekday last week
ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--autoplay-policy=document-user-activation-required",  # as on a desk; a kiosk is told otherwise
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a browser: the machine's, else playwright's own."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def warm(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a browser that keeps styles, scripts and fonts from test to test, as a desk does; `context` forgets the rest."""
    yield from _one_screen(chromium)


@pytest.fixture
def context(warm: BrowserContext, visitor: Visitor) -> Iterator[BrowserContext]:
    """Return a visitor with a screen of 1920 by 1080 who signed in, prefers Chinese and keeps no cookies of others."""
    let_in(warm, visitor)
    yield warm
    warm.clear_cookies()
    for page in warm.pages:
        kept = {"origin": "://".join(urlsplit(page.url)[:2]), "storageTypes": "local_storage,indexeddb,cache_storage"}
        warm.new_cdp_session(page).send("Storage.clearDataForOrigin", kept)
        page.close()


@pytest.fixture
def own_context(chromium: Browser, visitor: Visitor) -> Iterator[BrowserContext]:
    """Return a browser like `context` for one test alone, which changes what scripts find there."""
    for context in _one_screen(chromium):
        let_in(context, visitor)
        yield context


def _one_screen(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def screen(context: BrowserContext, web: "Web") -> Screen:
    """Return a screen that has not opened anything yet."""
    return screen_of(context, web.url)


@pytest.fixture(scope="module")
def visitor(database: Database) -> Visitor:
    """Return somebody of the command center who signed in."""
    return sign_in(database)


@pytest.fixture
def desk(context: BrowserContext, database: Database, web: "Web") -> Iterator[Desk]:
    """Return the desk of somebody of finance, who prices and pays; the browser must not complain."""
    context.clear_cookies()
    let_in(context, sign_in(database, RoleCode.FINANCE))
    desk = desk_of(context, web.url)
    yield desk
    assert desk.screen.complained == []
    assert desk.screen.foreign == []
    assert desk.complaints() == []


def let_in(context: BrowserContext, visitor: Visitor) -> None:
    """Let a browser be a visitor's."""
    context.add_cookies(visitor.playwright_cookies)  # type: ignore[arg-type]  # a TypedDict with these keys


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(slots=True)
class Web:
    """The web process, which can go and come back at the same address."""

    database_url: str
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    env: Mapping[str, str] = field(default_factory=dict)
    visitor: Visitor | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def let_in(self, context: BrowserContext) -> None:
        """Sign a browser in, all of them as the same person of the command center."""
        let_in(context, self.signed_in)

    @property
    def signed_in(self) -> Visitor:
        """Return who signed in."""
        if self.visitor is None:
            self.visitor = sign_in(Database(self.database_url, pool_size=1))
        return self.visitor

    def start(self) -> None:
        given = {
            "DATABASE_URL": self.database_url,
            "BOSHU_OWNER_URL": self.database_url,
            "MQTT_URL": "mqtt://nobody:asks@127.0.0.1:1",
            "BOSHU_WEB_PORT": str(self.port),
        }
        command = [sys.executable, "-m", "core.kit.cli", "web"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **given, **self.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self._answers, 30)

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(15)
            self.process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return True
        except (URLError, OSError):
            return False


@pytest.fixture(scope="module")
def web(demo_city: Database) -> Iterator[Web]:
    """Return the web process over the demo city."""
    yield from served(demo_city)


def served(database: Database, env: Mapping[str, str] | None = None) -> Iterator[Web]:
    """Yield a web process over a database, with settings of its own."""
    web = Web(database.url, free_port(), env=env or {})
    web.start()
    yield web
    web.stop()


@pytest.fixture(scope="module")
def demo_city(database: Database) -> Database:
    """Return a database in which the demo city was built just now and has seen nothing."""
    city.build(database, seed=SEED, berths=BERTHS, at=utc_now(), days=PAST_DAYS)
    return database


@pytest.fixture(scope="module")
def demo_past(demo_city: Database) -> Database:
    """Return the demo city with a past of some days."""
    history.load(demo_city, seed=SEED, until=utc_now(), days=PAST_DAYS)
    return demo_city


@dataclass(slots=True)
class Feed:
    """The devices' messages, given to the pipeline as they fall due; those of the magnetometers can be held back."""

    simulation: Simulation
    pipeline: Pipeline
    sensors: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    held: list[Event] = field(default_factory=list)

    def run(self) -> None:
        while not self.ended.wait(0.25):
            at = utc_now()
            waiting = [*self.held, *self.simulation.events(at)]
            self.held = [] if self.sensors.is_set() else [event for event in waiting if is_of_sensors(event)]
            due = waiting if self.sensors.is_set() else [event for event in waiting if not is_of_sensors(event)]
            for first in range(0, len(due), 500):
                self.pipeline.take([Arrival(event.topic, event.payload, at) for event in due[first : first + 500]])


def is_of_sensors(event: Event) -> bool:
    """Tell whether a message comes over a gateway of magnetometers; the demo city names those G and a number."""
    return event.topic.split("/")[3].startswith("G")


@pytest.fixture(scope="module")
def feed(demo_city: Database) -> Iterator[Feed]:
    """Return the running feed of the city's devices, from now on."""
    feed = Feed(Simulation(SEED, utc_now(), berths=BERTHS), Pipeline(demo_city))
    feed.sensors.set()
    thread = threading.Thread(target=feed.run, daemon=True)
    thread.start()
    yield feed
    feed.ended.set()
    thread.join(10)
