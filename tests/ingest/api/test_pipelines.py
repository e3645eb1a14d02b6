"""The door with the whole pipeline behind it: many threads, each message stored once."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from ingest.api import pipelines
from ingest.api.pipelines import Pipelines
from ingest.arrivals import Arrival, Outcome
from tests.ingest import town
from tests.ingest.api.sender import SECRET, Sender, a_server, alive
from tests.ingest.town import MAGNET, Town

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def lent(own_database: Database) -> Pipelines:
    """Return the pipelines of a town."""
    town.build(own_database)
    return Pipelines(own_database)


def messages(database: Database) -> dict[str, int]:
    """Count the messages by what became of them."""
    with database.transaction() as tx:
        return {
            row["parse_state"]: row["n"] for row in tx.rows("select parse_state, count(*) as n from inbound_message group by 1")
        }


class TestTake:
    def test_stores_a_message_once_whoever_brings_it(self, lent: Pipelines, own_database: Database) -> None:
        said = [Town().sensor(1, AT, occupied=True)]

        with ThreadPoolExecutor(8) as threads:
            outcomes = list(threads.map(lambda _number: lent.take(said)[0], range(24)))

        assert Counter(outcomes) == {Outcome.STORED: 1, Outcome.DUPLICATE: 23}
        assert messages(own_database) == {"parsed": 1, "duplicate": 23}

    def test_does_not_wait_for_ever(self, own_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pipelines, "WAIT_S", 0.01)

        with pytest.raises(Unavailable):
            Pipelines(own_database, count=0).take([])

    def test_lends_a_pipeline_again_that_failed(self) -> None:
        nowhere = Pipelines(Database("postgresql://nobody@127.0.0.1:1/nothing"), count=1)

        for _ in range(2):
            with pytest.raises(Unavailable):
                nowhere.take([Arrival("a", b"", AT)])


class TestDoor:
    @pytest.fixture
    def sender(self, lent: Pipelines, own_database: Database) -> Sender:
        """Return the sensor of the first space, which has a key."""
        with own_database.transaction() as tx:
            tx.run("update device set key_id = 'm1', key_secret = %(secret)s where code = 'm1'", secret=SECRET)
        clock = FixedClock(AT + timedelta(seconds=1))
        return Sender(a_server(own_database, lent, clock), clock, "m1")

    def bodies(self) -> Sequence[object]:
        say = Town()
        sensed = [say.sensor(1, AT, occupied=True), say.sensor(1, AT + timedelta(hours=2), occupied=False)]
        return [orjson.loads(arrival.payload) for arrival in sensed]

    def test_makes_a_stay_of_what_a_device_says(self, sender: Sender, own_database: Database) -> None:
        path = f"/api/v1/sites/{MAGNET}/gateways/g1/devices/m1/state"

        for body in self.bodies():
            assert sender.send(path, body).status_code == 200
            sender.clock.advance(timedelta(hours=2))

        with own_database.transaction() as tx:
            assert tx.rows("select started_at, ended_at, state from stay") == [
                {"started_at": AT, "ended_at": AT + timedelta(hours=2), "state": "closed"}
            ]
            assert tx.value("select distinct transport from inbound_message") == "https"

    def test_changes_nothing_by_a_repetition(self, sender: Sender, own_database: Database) -> None:
        """The same request gets its answer again; the same message in a new request is a duplicate (I-08)."""
        path = f"/api/v1/sites/{MAGNET}/gateways/g1/devices/m1/state"
        first_body = self.bodies()[0]
        nonce = uuid7().hex

        first, *others = [sender.send(path, first_body, nonce=nonce).data for _ in range(4)]
        anew = sender.send(path, first_body)

        assert set(others) == {first}
        assert anew.json is not None
        assert (anew.status_code, anew.json["result"]) == (200, "duplicate")
        assert messages(own_database) == {"parsed": 1, "duplicate": 1}

    def test_gives_a_nonce_to_one_of_several_requests_at_once(self, sender: Sender, own_database: Database) -> None:
        path = f"/api/v1/sites/{MAGNET}/gateways/g1/devices/m1/alive"
        nonce = uuid7().hex

        with ThreadPoolExecutor(8) as threads:
            answers = threads.map(lambda seq: sender.send(path, alive(seq, AT), nonce=nonce).status_code, range(16))

        assert Counter(answers) == {200: 1, 409: 15}
        assert messages(own_database) == {"parsed": 1}

    def test_keeps_what_it_cannot_understand(self, sender: Sender, own_database: Database) -> None:
        path = f"/api/v1/sites/{MAGNET}/gateways/g1/devices/m1/state"
        body = b'{"seq": 1, "occupied": NaN}'

        answer = sender.post(path, body, sender.headers(path, body))

        assert answer.status_code == 422
        with own_database.transaction() as tx:
            assert tx.rows("select transport, payload, reason from dead_letter") == [
                {"transport": "https", "payload": body, "reason": "schema"}
            ]
