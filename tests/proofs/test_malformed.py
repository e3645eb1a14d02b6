"""Whatever arrives is kept to the byte: as a message, or as a dead letter with its reason (I-05)."""

import hashlib
import random
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.kit.db import Database
from ingest.arrivals import Arrival, Outcome
from ingest.messages.wire import Reason
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MANY, BATCH = 20_000, 1_000
NASTY = (
    b"", b"\x00", b"{", b"[" * 60_000, b"{" * 9_000, b'"\\ud800"', b"null", b"true", b"NaN", b'{"seq":Infinity}',
    b'{"seq":1e999}', b'{"seq":' + b"9" * 5_000 + b"}", b"\xff\xfe\x00", b"\xed\xa0\x80", b"\xf0\x28\x8c\x28", b"x" * 70_000,
    b'{"seq":1,"seq":2}', b'{"a\\u0000b":1}', b"\xef\xbb\xbf{}", b"[1,2,3]", b'{"seq":"1"}', b"\x1f\x8b\x08\x00", b"<xml/>",
)  # fmt: skip
TOPICS = (
    "", "boshu", "boshu/v1/m-street/g1/m1/state/more", "boshu/v2/m-street/g1/m1/state", "boshu/v1/../g1/m1/state",
    "boshu/v1/m-street/g1/m1/STATE", "boshu/v1/m-street/g1/m1/reboot", "boshu/v1/\udcff/g1/m1/state", "boshu/v1/m-street//m1/state",
    "boshu/v1/elsewhere/g1/m1/state", "boshu/v1/m-street/g1/m1/passage", "boshu/v1/lot/g1/kiosk/silent",
)  # fmt: skip


def malformed(dice: random.Random, say: Town, number: int) -> Arrival:
    """Return one arrival: a good message that was cut, flipped, swapped or doubled, or something no device ever meant."""
    at = NOON + timedelta(seconds=number % 3_600)
    good = dice.choice((
        lambda: say.sensor(dice.randint(1, 9), at, occupied=dice.random() < 0.5),
        lambda: say.pole(dice.randint(1, 9), at, occupied=True, plate="江A12345", colour="blue"),
        lambda: say.lane("in", at, f"江A{dice.randint(10_000, 99_999)}"),
        lambda: say.pay(LOT, at, "江A12345", 500, f"T{number:08}"),
        lambda: say.collector(1, at, "江A12345"),
        lambda: say.alive(MAGNET, "g1", at),
    ))()  # fmt: skip
    topic, payload = _spoilt(dice, good)
    return Arrival(topic, payload, good.received_at)


def _spoilt(dice: random.Random, good: Arrival) -> tuple[str, bytes]:
    """Return topic and payload of a good message after something happened to it, or nothing."""
    payload = good.payload
    place = dice.randrange(len(payload))
    number = dice.choice((b":-1", b":1.5", b':"1"', b":null", b":1e400", b":[]"))
    name = dice.choice((b'"sequence"', b'"seq","seq"', b'"at_ms":5,"seq"'))
    return dice.choice((
        (good.topic, dice.choice(NASTY)),
        (dice.choice(TOPICS), payload),
        (good.topic, payload[:place]),
        (good.topic, payload[:place] + dice.randbytes(dice.randint(1, 6)) + payload[place + 3 :]),
        (good.topic, payload.replace(b":1", number)),
        (good.topic, payload.replace(b'"seq"', name)),
        (good.topic, dice.randbytes(dice.randrange(200))),
        (good.topic, payload + dice.choice((b"", b"}", b" ", b"\x00", b"{}", payload))),
    ))  # fmt: skip


class TestTake:
    def test_keeps_every_malformed_arrival_once_and_never_dies(self, own_database: Database) -> None:
        town.build(own_database)
        pipeline, say, dice = Pipeline(own_database), Town(), random.Random(5)
        arrivals = [malformed(dice, say, number) for number in range(MANY)]

        outcomes = [outcome for first in range(0, MANY, BATCH) for outcome in pipeline.take(arrivals[first : first + BATCH])]

        with own_database.transaction() as tx:
            kept = Counter(
                hashlib.sha256(row["payload"]).digest()
                for row in tx.rows("select payload from inbound_message union all select payload from dead_letter")
            )
            letters = tx.rows("select reason, payload, payload_sha256 from dead_letter")
        assert kept == Counter(hashlib.sha256(arrival.payload).digest() for arrival in arrivals)
        assert len(letters) == outcomes.count(Outcome.DEAD_LETTER) > MANY / 4
        assert {row["reason"] for row in letters} >= set(Reason) - {Reason.POISON}
        assert all(hashlib.sha256(row["payload"]).digest() == row["payload_sha256"] for row in letters)
        assert outcomes.count(Outcome.STORED) > MANY / 20

    @pytest.mark.parametrize("payload", [p for p in NASTY if p != b'{"seq":1,"seq":2}'])
    def test_what_is_no_message_becomes_a_dead_letter(self, database: Database, payload: bytes) -> None:
        with database.transaction() as tx:
            is_built = tx.value("select count(*) from site")
        if not is_built:
            town.build(database)

        assert Pipeline(database).take([Arrival("boshu/v1/m-street/g1/m1/state", payload, NOON)]) == [Outcome.DEAD_LETTER]
