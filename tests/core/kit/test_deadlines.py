"""Whoever waits for the outside world looks at the clock himself."""

import time
from collections.abc import Iterator

import pytest
import sqlalchemy
from flask import Flask

from core.kit import deadlines
from core.kit.db import Database
from core.kit.embedded_pg import PgUrls
from core.kit.errors import Unavailable
from tests.ingest.mqtt.proxy import FINE, Fault, Proxy, proxied

REQUEST_S = 0.5


@pytest.fixture
def line(database_urls: PgUrls) -> Iterator[Proxy]:
    with proxied(sqlalchemy.make_url(database_urls.app).port or 0) as proxy:
        yield proxy


@pytest.fixture
def distant(database_urls: PgUrls, line: Proxy) -> Iterator[Database]:
    url = sqlalchemy.make_url(database_urls.app).set(port=line.port).render_as_string(hide_password=False)
    database = Database(url, pool_size=1, statement_s=1)
    yield database
    database.close()


def waited_s(database: Database, line: Proxy) -> float:
    """Return how long a statement waits on a line that went dead under its transaction."""
    began = time.monotonic()
    with pytest.raises(Unavailable):
        ask_while_it_dies(database, line)
    return time.monotonic() - began


def ask_while_it_dies(database: Database, line: Proxy) -> None:
    with database.transaction() as tx:
        tx.value("select 1")
        line.fault = Fault(is_black_hole=True)
        tx.value("select 2")


class TestLeft:
    def test_is_nothing_anybody_knows_outside_a_request(self) -> None:
        assert deadlines.left_s() is None

    def test_runs_out_with_the_request_and_ends_with_it(self) -> None:
        server = Flask("deadlines")
        deadlines.register(server, seconds=REQUEST_S)
        server.add_url_rule("/", view_func=lambda: str(deadlines.left_s()))

        assert 0 < float(server.test_client().get("/").text) <= REQUEST_S
        assert deadlines.left_s() is None


class TestTransaction:
    def test_breaks_off_soon_after_a_statement_should_have_ended(self, distant: Database, line: Proxy) -> None:
        assert waited_s(distant, line) < 4

    def test_breaks_off_with_the_request(self, distant: Database, line: Proxy) -> None:
        server = Flask("deadlines")
        deadlines.register(server, seconds=REQUEST_S)
        server.add_url_rule("/", view_func=lambda: str(waited_s(distant, line)))

        assert float(server.test_client().get("/").text) < 2 * REQUEST_S

    def test_works_again_on_a_new_connection(self, distant: Database, line: Proxy) -> None:
        waited_s(distant, line)
        line.fault = FINE

        with distant.transaction() as tx:
            assert tx.value("select 3") == 3
