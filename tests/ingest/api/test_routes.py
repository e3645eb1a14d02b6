"""The door: signed requests are stored once and answered; everything else is refused with a sentence."""

import json
import random
from datetime import timedelta
from http import HTTPStatus

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from ingest.api import signatures
from ingest.api.bodies import BATCH_MAX
from ingest.arrivals import Outcome
from tests.core.upkeep.street import Site, a_device, a_site
from tests.ingest.api.sender import AT, SECRET, WINDOW, Recorder, Sender, a_server, alive


@pytest.fixture(scope="module")
def site(database: Database) -> Site:
    """Return a site with a gateway and two devices, one of them with a key of its own."""
    with database.transaction() as tx:
        site = a_site(tx)
        a_device(tx, site, kind="gateway", gateway="G1", code="G1", secret=SECRET)
        a_device(tx, site, gateway="G1", code="D1", secret=SECRET)
        a_device(tx, site, gateway="G1", code="D2")
        a_device(tx, site, gateway="G2", code="D3")
    return site


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands."""
    return FixedClock(AT)


@pytest.fixture
def recorder() -> Recorder:
    """Return what takes the messages."""
    return Recorder()


@pytest.fixture
def gateway(database: Database, site: Site, clock: FixedClock, recorder: Recorder) -> Sender:
    """Return the gateway, which speaks for all devices below it."""
    return sender_of(database, site, "G1", clock, recorder)


@pytest.fixture
def device(database: Database, site: Site, clock: FixedClock, recorder: Recorder) -> Sender:
    """Return a device with a key of its own."""
    return sender_of(database, site, "D1", clock, recorder)


def sender_of(database: Database, site: Site, code: str, clock: FixedClock, recorder: Recorder) -> Sender:
    """Return the sender with the key of a device."""
    with database.transaction() as tx:
        key_id = tx.value("select key_id from device where site_id = %(id)s and code = %(code)s", id=site.site_id, code=code)
    return Sender(a_server(database, recorder, clock), clock, key_id)


def path(site: Site, device: str = "D1", gateway: str = "G1", kind: str = "alive") -> str:
    """Return the path of a message."""
    return f"/api/v1/sites/{site.code}/gateways/{gateway}/devices/{device}/{kind}"


class TestMessage:
    def test_is_handed_to_the_pipeline_to_the_byte(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        body = b'{"seq": 1,  "boot": 1, "at_ms": 1, "sent_ms": 1}'

        answer = gateway.post(path(site), body, gateway.headers(path(site), body))

        assert answer.status_code == HTTPStatus.OK
        assert answer.json is not None
        assert answer.json["result"] == "stored"
        [arrival] = recorder.taken
        assert (arrival.topic, arrival.payload) == (f"boshu/v1/{site.code}/G1/D1/alive", body)
        assert (arrival.received_at, arrival.transport) == (AT, "https")

    @pytest.mark.parametrize(
        ("outcome", "status"),
        [(Outcome.STORED, 200), (Outcome.DUPLICATE, 200), (Outcome.QUARANTINED, 202), (Outcome.DEAD_LETTER, 422)],
    )
    def test_is_answered_by_what_became_of_it(
        self, gateway: Sender, site: Site, recorder: Recorder, outcome: Outcome, status: int
    ) -> None:
        recorder.outcome = outcome

        answer = gateway.send(path(site), alive(1))

        assert answer.status_code == status
        assert answer.json is not None
        assert answer.json["result"] == outcome.value
        assert answer.json["message"].endswith(".")

    def test_is_refused_with_retry_after_while_the_database_is_away(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        nonce = uuid7().hex
        recorder.fails_with = Unavailable("away")

        answer = gateway.send(path(site), alive(1), nonce=nonce)

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        recorder.fails_with = None
        assert gateway.send(path(site), alive(1), nonce=nonce).status_code == HTTPStatus.OK

    def test_is_refused_where_it_is_too_large(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        assert gateway.post(path(site), b" " * 65_537, gateway.headers(path(site), b" " * 65_537)).status_code == 413
        assert gateway.post(path(site), b" " * 65_536, gateway.headers(path(site), b" " * 65_536)).status_code == 200
        assert len(recorder.taken) == 1

    def test_is_refused_where_it_is_not_json(self, gateway: Sender, site: Site) -> None:
        headers = gateway.headers(path(site), b"{}") | {"Content-Type": "text/plain"}

        assert gateway.post(path(site), b"{}", headers).status_code == 415

    def test_is_answered_in_the_language_of_the_sender(self, gateway: Sender, site: Site) -> None:
        headers = gateway.headers(path(site), b"{}")

        chinese = gateway.post(path(site), b"{}", headers | {"Accept-Language": "zh-CN", signatures.NONCE: "x"})
        english = gateway.post(path(site), b"{}", headers | {"Accept-Language": "en", signatures.NONCE: "x"})

        assert chinese.json != english.json


class TestRepetition:
    def test_gets_the_same_answer_without_effect(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        body = json.dumps(alive(7)).encode()
        headers = gateway.headers(path(site), body)

        first, *others = [gateway.post(path(site), body, headers) for _ in range(5)]

        assert len(recorder.taken) == 1
        assert {(other.status_code, other.data) for other in others} == {(first.status_code, first.data)}

    def test_gets_it_still_after_the_window(self, gateway: Sender, site: Site, clock: FixedClock, recorder: Recorder) -> None:
        body = json.dumps(alive(8)).encode()
        headers = gateway.headers(path(site), body)
        first = gateway.post(path(site), body, headers)
        clock.advance(timedelta(hours=25))

        assert gateway.post(path(site), body, headers).data == first.data
        assert len(recorder.taken) == 1

    def test_may_be_signed_anew(self, gateway: Sender, site: Site, clock: FixedClock, recorder: Recorder) -> None:
        nonce = uuid7().hex
        first = gateway.send(path(site), alive(9), nonce=nonce)
        clock.advance(timedelta(hours=1))

        assert gateway.send(path(site), alive(9), nonce=nonce).data == first.data
        assert len(recorder.taken) == 1

    def test_of_a_nonce_with_another_body_is_a_conflict(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        nonce = uuid7().hex
        gateway.send(path(site), alive(1), nonce=nonce)

        assert gateway.send(path(site), alive(2), nonce=nonce).status_code == HTTPStatus.CONFLICT
        assert gateway.send(path(site, device="D2"), alive(1), nonce=nonce).status_code == HTTPStatus.CONFLICT
        assert len(recorder.taken) == 1

    def test_is_told_apart_by_key(self, gateway: Sender, device: Sender, site: Site, recorder: Recorder) -> None:
        nonce = uuid7().hex
        gateway.send(path(site), alive(1), nonce=nonce)

        assert device.send(path(site), alive(2), nonce=nonce).status_code == HTTPStatus.OK
        assert len(recorder.taken) == 2


class TestSignature:
    def test_must_be_made_just_now(self, gateway: Sender, site: Site, clock: FixedClock, recorder: Recorder) -> None:
        for offset, status in ((WINDOW, 200), (-WINDOW, 200), (WINDOW + timedelta(seconds=1), 401)):
            clock.at = AT + offset
            body = json.dumps(alive(1)).encode()
            headers = gateway.headers(path(site), body)
            clock.at = AT

            assert gateway.post(path(site), body, headers).status_code == status
        assert len(recorder.taken) == 2

    def test_of_an_unknown_key_is_refused_like_a_wrong_one(self, gateway: Sender, site: Site) -> None:
        unknown = Sender(gateway.server, gateway.clock, "nobody").send(path(site), alive(1))
        wrong = Sender(gateway.server, gateway.clock, gateway.key_id, secret=b"guessed").send(path(site), alive(1))

        assert unknown.status_code == wrong.status_code == HTTPStatus.UNAUTHORIZED
        assert unknown.data == wrong.data

    def test_is_wanted(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        for name in signatures.PATTERNS:
            headers = gateway.headers(path(site), b"{}")
            del headers[name]

            assert gateway.post(path(site), b"{}", headers).status_code == HTTPStatus.UNAUTHORIZED
        assert recorder.taken == []

    @pytest.mark.parametrize("many", [2_000, pytest.param(10_000, marks=pytest.mark.prove)])
    def test_fits_no_other_request(self, gateway: Sender, site: Site, recorder: Recorder, many: int) -> None:
        """Of many requests that differ in something from a signed one, none is taken (I-08)."""
        mutation = Mutation(gateway, site, random.Random(20_261_122))

        answers = [mutation.send() for _ in range(many)]

        assert recorder.taken == []
        assert {status for status in answers if status < 400} == set()
        assert {401} < set(answers) <= {400, 401, 403, 404, 405, 413, 415}


class Mutation:
    """Signed requests with one thing changed after signing."""

    def __init__(self, sender: Sender, site: Site, dice: random.Random) -> None:
        self._sender, self._site, self._dice = sender, site, dice
        self._ways = (self._body, self._path, self._query, self._header, self._method, self._swapped)

    def send(self) -> int:
        """Send one; return the status."""
        self._target = path(self._site, device=self._dice.choice(["D1", "D2"]), kind=self._dice.choice(["alive", "state"]))
        self._sent = json.dumps(alive(self._dice.randrange(10**6))).encode()
        self._headers = self._sender.headers(self._target, self._sent)
        self._verb = "POST"
        self._dice.choice(self._ways)()
        return self._sender.post(self._target, self._sent, self._headers, self._verb).status_code

    def _body(self) -> None:
        at = self._dice.randrange(len(self._sent))
        other = bytes([self._sent[at] ^ self._dice.randrange(1, 256)])
        self._sent = self._dice.choice(
            [self._sent[:at] + other + self._sent[at + 1 :], self._sent[:at], self._sent + b" ", b" " + self._sent, b""]
        )

    def _path(self) -> None:
        change = self._dice.choice([("D1", "D2"), ("D2", "D1"), ("alive", "state"), ("state", "alive"), ("G1", "G2"), ("v1", "V1")])
        while change[0] not in self._target:
            change = self._dice.choice([("D1", "D2"), ("D2", "D1"), ("G1", "G2")])
        self._target = self._target.replace(*change)

    def _query(self) -> None:
        self._target += self._dice.choice(["?a=1", "?=", "?&", "/", "?%00", "?seq=2"])

    def _header(self) -> None:
        name = self._dice.choice(list(signatures.PATTERNS))
        text = self._headers[name]
        at = self._dice.randrange(len(text))
        other = self._dice.choice([c for c in "0123456789abcdef" if c != text[at]])
        self._headers[name] = self._dice.choice(
            [text[:at] + other + text[at + 1 :], text[:at], text + other, text.upper() + "Z", "", "é", text[::-1] + "0"]
        )

    def _method(self) -> None:
        self._verb = self._dice.choice(["PUT", "GET", "DELETE", "PATCH", "OPTIONS", "HEAD"])

    def _swapped(self) -> None:
        """Take the signature of another request, or none of this server's."""
        other = self._sender.headers(self._target, self._sent + b"x")
        self._headers[signatures.SIGNATURE] = self._dice.choice([other[signatures.SIGNATURE], "0" * 64, "f" * 64])


class TestKey:
    @pytest.mark.parametrize("device", ["D3", "D9"])
    def test_of_a_gateway_speaks_for_no_other_gateway(self, gateway: Sender, site: Site, recorder: Recorder, device: str) -> None:
        assert gateway.send(path(site, device=device, gateway="G2"), alive(1)).status_code == HTTPStatus.FORBIDDEN
        assert recorder.taken == []

    def test_of_a_gateway_speaks_for_devices_nobody_knows_yet(self, gateway: Sender, site: Site) -> None:
        assert gateway.send(path(site, device="D9"), alive(1)).status_code == HTTPStatus.OK

    def test_of_a_device_speaks_for_itself_alone(self, device: Sender, site: Site, recorder: Recorder) -> None:
        assert device.send(path(site, device="D1"), alive(1)).status_code == HTTPStatus.OK
        assert device.send(path(site, device="D2"), alive(1)).status_code == HTTPStatus.FORBIDDEN
        assert len(recorder.taken) == 1

    def test_speaks_for_no_other_site(self, gateway: Sender, recorder: Recorder) -> None:
        assert gateway.send(path(Site(uuid7(), "elsewhere")), alive(1)).status_code == HTTPStatus.FORBIDDEN
        assert recorder.taken == []

    def test_of_a_retired_device_is_unknown(self, database: Database, site: Site, clock: FixedClock, recorder: Recorder) -> None:
        with database.transaction() as tx:
            a_device(tx, site, gateway="G4", code="D5", secret=SECRET)
            tx.run("update device set state = 'retired' where site_id = %(id)s and code = 'D5'", id=site.site_id)
        retired = sender_of(database, site, "D5", clock, recorder)

        assert retired.send(path(site, device="D5", gateway="G4"), alive(1)).status_code == HTTPStatus.UNAUTHORIZED


class TestAddress:
    @pytest.mark.parametrize("kind", ["silent", "tailgated", "unheard", "STATE"])
    def test_has_a_kind_that_devices_send(self, gateway: Sender, site: Site, recorder: Recorder, kind: str) -> None:
        """`silent` is what our own clock says; through a door it would turn spaces unknown."""
        assert gateway.send(path(site, kind=kind), alive(1)).status_code == HTTPStatus.NOT_FOUND
        assert recorder.taken == []

    def test_is_refused_where_there_is_none(self, gateway: Sender, site: Site) -> None:
        client = gateway.server.test_client()

        assert client.get("/api/v1/nothing").status_code == HTTPStatus.NOT_FOUND
        answer = client.get("/api/v1/nothing", headers={"Accept-Language": "en"})
        assert answer.json == {"message": "There is no such address."}
        assert client.get(path(site)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert client.get(path(site)).headers["Allow"] == "POST"


class TestBatch:
    PATH = "/api/v1/messages"

    def addressed(self, at: Site, seq: int, **other: object) -> dict[str, object]:
        address = {"site": at.code, "gateway": "G1", "device": "D1", "kind": "alive"}
        return {**address, "message": alive(seq), **other}

    def test_is_stored_in_one_transaction_and_answered_one_by_one(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        answer = gateway.send(self.PATH, [self.addressed(site, seq) for seq in range(3)])

        assert answer.status_code == HTTPStatus.OK
        assert answer.json is not None
        assert [one["result"] for one in answer.json["results"]] == ["stored"] * 3
        assert [json.loads(arrival.payload)["seq"] for arrival in recorder.taken] == [0, 1, 2]

    def test_gets_the_same_answer_again(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        nonce = uuid7().hex
        batch = [self.addressed(site, seq) for seq in range(3)]

        first = gateway.send(self.PATH, batch, nonce=nonce)

        assert gateway.send(self.PATH, batch, nonce=nonce).data == first.data
        assert len(recorder.taken) == 3

    def test_is_refused_whole_for_one_device_that_is_not_its_own(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        batch = [self.addressed(site, 1), self.addressed(site, 2, gateway="G2", device="D3")]

        assert gateway.send(self.PATH, batch).status_code == HTTPStatus.FORBIDDEN
        assert recorder.taken == []

    @pytest.mark.parametrize("change", [{"kind": "silent"}, {"device": "a/b"}, {"more": 1}, {"message": 1}, {"site": ""}])
    def test_is_refused_whole_where_one_cannot_be_read(
        self, gateway: Sender, site: Site, recorder: Recorder, change: dict[str, object]
    ) -> None:
        answer = gateway.send(self.PATH, [self.addressed(site, 1), self.addressed(site, 2, **change)])

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert recorder.taken == []

    @pytest.mark.parametrize("body", [b"", b"[", b"{}", b"[]", b"null", b"[1]", b"\xff", b"[" * 100_000])
    def test_is_refused_where_it_is_no_list_of_messages(self, gateway: Sender, recorder: Recorder, body: bytes) -> None:
        answer = gateway.post(self.PATH, body, gateway.headers(self.PATH, body))

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert recorder.taken == []

    def test_has_a_limit(self, gateway: Sender, site: Site, recorder: Recorder) -> None:
        most = [self.addressed(site, seq) for seq in range(BATCH_MAX)]

        assert gateway.send(self.PATH, [*most, self.addressed(site, BATCH_MAX)]).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert gateway.send(self.PATH, most).status_code == HTTPStatus.OK
        assert gateway.post(self.PATH, b" " * 1_048_577, gateway.headers(self.PATH, b" " * 1_048_577)).status_code == 413
        assert len(recorder.taken) == BATCH_MAX
