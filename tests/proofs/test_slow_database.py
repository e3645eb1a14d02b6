"""However bad the line to the database is, no request waits long, and the last picture is shown with its age (D-03)."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event, Thread
from typing import Final, NamedTuple
from urllib.error import HTTPError

import pytest
import sqlalchemy
from flask import Flask

from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from tests.core.kit.live.test_routes import Answer, Web, serving
from tests.core.upkeep.street import Site, a_device, a_site
from tests.ingest.api.sender import SECRET, Sender, alive
from tests.ingest.mqtt.proxy import FINE, Fault, Proxy, proxied
from tests.ingest.mqtt.stage import FULL

LONGEST_S: Final = 10.0
RECOVERED_S: Final = 30.0
PAUSE_S: Final = 0.5
AGE_S: Final = 4
TORN_EVERY_S: Final = 0.02


class Case(NamedTuple):
    """What is wrong with the line, for how many seconds, and whether the picture must be seen to age meanwhile."""

    fault: Fault
    lasts_s: float
    is_torn: bool = False
    is_away: bool = True


CASES = {
    "black hole": Case(Fault(is_black_hole=True), 12),
    "reset": Case(FINE, 6, is_torn=True, is_away=False),
    "+2 s": Case(Fault(delay_s=2.0), 12, is_away=False),
    "1 KB/s": Case(Fault(bytes_per_s=1_000), 12, is_away=False),
}
SIZES = [
    *(pytest.param(case, id=name) for name, case in CASES.items()),
    *(pytest.param(case._replace(lasts_s=300), id=f"{name} for 5 min", marks=FULL) for name, case in CASES.items()),
]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Asks a web process for everything that needs the database, and stops the time."""

    web: Web
    site: Site
    key_id: str

    def wall(self) -> Answer:
        """Ask for the present picture."""
        return self.web.get("/live/wall.json")

    def past(self) -> Answer:
        """Ask for a picture of the past, which is drawn for this request."""
        return self.web.get("/live/wall.json?at=2026-11-20T14:30")

    def ready(self) -> Answer:
        """Ask whether the database answers."""
        return self.web.get("/readyz")

    def places(self) -> Answer:
        """Ask for the places."""
        return self.web.get("/live/places.json")

    def door(self) -> Answer:
        """Bring a message."""
        at = utc_now()
        path = f"/api/v1/sites/{self.site.code}/gateways/G1/devices/G1/alive"
        body = json.dumps(alive(int(at.timestamp() * 1000), at)).encode()
        headers = Sender(Flask("nothing"), FixedClock(at), self.key_id).headers(path, body)
        return _posted(self.web.url + path, body, headers)

    @property
    def questions(self) -> dict[str, Callable[[], Answer]]:
        """Return everything that is asked, by name."""
        return {"wall": self.wall, "past": self.past, "ready": self.ready, "places": self.places, "door": self.door}


class Timed(NamedTuple):
    """An answer, and how long it took."""

    took_s: float
    answer: Answer


def _posted(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    request = urllib.request.Request(url, data=body, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=15) as response:
            return Answer(response.status, dict(response.headers), response.read())
    except HTTPError as error:
        return Answer(error.code, dict(error.headers), error.read())


@pytest.fixture
def line(own_database: Database) -> Iterator[Proxy]:
    """Return the line to the database of this test."""
    with proxied(sqlalchemy.make_url(own_database.url).port or 0) as proxy:
        yield proxy


@pytest.fixture
def visitor(own_database: Database, line: Proxy) -> Iterator[Visitor]:
    """Return a visitor of a web process that reaches its database by the line alone."""
    with own_database.transaction() as tx:
        site = a_site(tx)
        a_device(tx, site, kind="gateway", gateway="G1", code="G1", secret=SECRET)
        key_id = tx.value("select key_id from device where site_id = %(id)s", id=site.site_id)
    url = sqlalchemy.make_url(own_database.url).set(port=line.port).render_as_string(hide_password=False)
    with serving(url) as web:
        yield Visitor(web, site, key_id)


@contextmanager
def bad(line: Proxy, case: Case) -> Iterator[None]:
    """Make the line bad for the length of the block."""
    over = Event()

    def tear() -> None:
        while not over.wait(TORN_EVERY_S):
            line.tear()

    tearing = Thread(target=tear)
    line.fault = case.fault
    if case.is_torn:
        tearing.start()
    try:
        yield
    finally:
        over.set()
        line.fault = FINE
        if case.is_torn:
            tearing.join()


def asked(question: Callable[[], Answer], until: float) -> list[Timed]:
    """Ask again and again until an instant of time.monotonic."""
    answers = []
    while (began := time.monotonic()) < until:
        answer = question()
        answers.append(Timed(time.monotonic() - began, answer))
        time.sleep(PAUSE_S)
    return answers


def is_live(visitor: Visitor) -> bool:
    """Tell whether everything is answered as if nothing had been; broker and jobs are nobody's here, so never ready."""
    answers = {name: question() for name, question in visitor.questions.items()}
    return (
        answers.pop("ready").json["parts"]["database"] == "ok"
        and all(answer.status == HTTPStatus.OK for answer in answers.values())
        and answers["wall"].json["sources"]["database"]["age_s"] <= 2
    )


@pytest.mark.timeout(600)
class TestWeb:
    @pytest.mark.parametrize("case", SIZES)
    def test_answers_soon_whatever_happens_to_the_line(self, visitor: Visitor, line: Proxy, case: Case) -> None:
        assert is_live(visitor)

        with bad(line, case), ThreadPoolExecutor() as pool:
            until = time.monotonic() + case.lasts_s
            asking = {name: pool.submit(asked, question, until) for name, question in visitor.questions.items()}
            answers = {name: asking[name].result() for name in asking}
        began = time.monotonic()
        while not (recovered := is_live(visitor)) and time.monotonic() - began < RECOVERED_S:
            time.sleep(PAUSE_S)

        longest = {name: round(max(one.took_s for one in timed), 2) for name, timed in answers.items()}
        print(f"D-03 longest {longest}; live again after {time.monotonic() - began:.1f} s")
        ages = [one.answer.json["sources"]["database"]["age_s"] for one in answers["wall"]]
        assert {one.answer.status for one in answers["wall"]} == {HTTPStatus.OK}
        assert max(ages) >= AGE_S or not case.is_away
        assert max(longest.values()) <= LONGEST_S
        assert recovered
