"""What the map is told as it happens equals what it reads afterwards."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import psycopg
import pytest

from core.devices import devices
from core.insight.dispatch import catalogue, states, stream
from core.insight.dispatch.stream import BERTHS, EVENTS, LOOKS, MOST_EVENTS, LiveBerths
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.kit.live.feed import News, Note
from core.kit.moments import ms_of
from core.stays import news
from core.stays.news import Happening
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import Town

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
UNTOLD = [town.space_id(town.MAGNET, 1), town.space_id(town.VIDEO, 2)]


@pytest.fixture
def street(own_database: Database) -> Database:
    """Return the town, its sensors and its camera heard."""
    town.build(own_database)
    speaker = Town(boot=1)
    Pipeline(own_database).take([speaker.sensor(number, AT, occupied=False, repeat=True) for number in range(1, town.SPACES + 1)])
    return own_database


@pytest.fixture
def live(street: Database) -> LiveBerths:
    """Return the live berths of the town, read."""
    live = LiveBerths()
    with street.transaction() as tx:
        live.read(tx, at=AT)
    return live


def bytes_of(live: LiveBerths) -> bytes:
    """Return the state bytes that are known."""
    return live._states


def looked(live: LiveBerths, tx: Tx, *, at: datetime) -> list[News] | None:
    """Look and take what was found."""
    found = live.look(tx, at=at)
    return None if found is None else live.settle(found)


def of(told: list[News], topic: str) -> list[News]:
    """Return the news of one topic."""
    return [one for one in told if one.topic == topic]


def note_of(space_id: UUID, state: str) -> Note:
    """Return what tells of one space in another state."""
    letter = {"unknown": b"\x00", "free": b"\x01", "occupied": b"\x02"}[state]
    return Note(news.STATES, base64.b64encode(space_id.bytes + letter).decode())


class TestHear:
    def test_ends_where_a_reading_ends(self, street: Database, live: LiveBerths) -> None:
        pipeline, speaker = Pipeline(street), Town(boot=2)
        with psycopg.connect(street.url, autocommit=True) as listener:
            for channel in live.channels:
                listener.execute(f"listen {channel}")
            for step in range(1, 25):
                number, is_taken = step * 7 % town.SPACES + 1, step % 3 != 0
                at = AT + timedelta(minutes=step)
                pipeline.take([speaker.sensor(number, at, occupied=is_taken), speaker.sensor(number % 6 + 1, at, occupied=True)])
            notes = [Note(note.channel, note.payload) for note in listener.notifies(timeout=0.3)]
        told = live.hear(notes, at=AT + timedelta(minutes=25))

        with street.transaction() as tx:
            read = states.read(tx, at=AT + timedelta(minutes=25), live=True)
        assert [byte & 7 for byte in bytes_of(live)] == [byte & 7 for byte in read]
        (berths,) = of(told, BERTHS)
        assert berths.change is not None
        assert {index for index, _byte in berths.change["changes"]} <= set(range(len(read)))
        assert orjson.loads(live.write(BERTHS, berths.now, 3))["seq"] == 3

    def test_lets_flags_go_with_the_vehicle(self, street: Database, live: LiveBerths) -> None:
        with street.transaction() as tx:
            index = catalogue.read(tx).index_of[town.space_id(town.MAGNET, 1)]
        raw = bytearray(bytes_of(live))
        raw[index] = 2 | 8 | 16 | 32 | 64
        live._states = bytes(raw)
        with psycopg.connect(street.url, autocommit=True) as listener:
            listener.execute("listen boshu_states")
            with street.transaction() as tx:
                news.tell_states(tx, [(town.space_id(town.MAGNET, 1), "free")])
            notes = [Note(note.channel, note.payload) for note in listener.notifies(timeout=0.2)]

        (told,) = live.hear(notes, at=AT)

        assert told.change is not None
        assert told.change["changes"] == [(index, 1 | 32 | 64)]

    def test_tells_no_more_than_fifty_events_a_second_and_no_plate(self, live: LiveBerths) -> None:
        one = Happening(ms_of(AT), town.MAGNET, town.space_id(town.MAGNET, 2), "plate", "pda", None)
        note = Note(news.HAPPENINGS, orjson.dumps([tuple(one)] * 40).decode())

        first = live.hear([note], at=AT)
        second = live.hear([note], at=AT + timedelta(milliseconds=500))
        third = live.hear([note], at=AT + timedelta(seconds=1))

        told = [len(change["rows"]) for told in (first, second, third) for one_ in told if (change := one_.change)]
        assert told == [40, MOST_EVENTS - 40, 40]
        row = of(first, EVENTS)[0].now[0]
        assert row == {"at": "2026-11-20T12:00:00+08:00", "site": town.MAGNET, "space": "002", "kind": "plate", "device": "pda",
                       "fen": None}  # fmt: skip

    def test_overlooks_a_space_it_does_not_know(self, live: LiveBerths) -> None:
        before = bytes_of(live)
        with_unknown = Note(news.STATES, base64.b64encode(uuid7().bytes + b"\x02").decode())

        assert live.hear([with_unknown], at=AT) == []
        assert bytes_of(live) == before


class TestLook:
    def test_tells_alarms_raised_and_cleared(self, street: Database, live: LiveBerths) -> None:
        with street.transaction() as tx:
            tx.run(
                "insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail) "
                "values (%(a)s, 'overstay', 2, %(s)s, %(a)s, %(at)s, '{\"space\": \"003\"}')",
                a=uuid7(), s=town.site_id(town.MAGNET), at=AT + timedelta(seconds=1),
            )  # fmt: skip
            raised = looked(live, tx, at=AT + timedelta(seconds=1))
            tx.run("update alarm set cleared_at = %(at)s", at=AT + timedelta(seconds=2))
            cleared = looked(live, tx, at=AT + timedelta(seconds=2))

        assert raised is not None
        assert cleared is not None
        rows = [of(told, EVENTS)[0].change for told in (raised, cleared)]
        assert [(row["rows"][0]["kind"], row["rows"][0]["space"]) for row in rows if row] == [("alarm", "003"), ("cleared", "003")]

    def test_asks_for_everything_when_the_registry_changed(self, street: Database, live: LiveBerths) -> None:
        with street.transaction() as tx:
            tx.run("update registry_version set version = version + 1")
            assert live.look(tx, at=AT) is None
            (berths, *_events) = live.read(tx, at=AT)

        assert berths.change is None

    def test_finds_what_nobody_told_within_so_many_looks(
        self, street: Database, live: LiveBerths, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stream, "LEAST", 1)  # one street a look, as in a large city
        with street.transaction() as tx:
            tx.run("update timeline set state = 'occupied' where subject_id = any(%(p)s)", p=UNTOLD)
            told = [looked(live, tx, at=AT + timedelta(seconds=step)) for step in range(LOOKS)]
            read = states.read(tx, at=AT + timedelta(seconds=LOOKS), live=True)

        changed = [change for found in told if found and (berths := of(found, BERTHS)[0].change) for change in berths["changes"]]
        assert sorted(byte for _index, byte in changed) == [2, 2]
        assert bytes_of(live) == read

    def test_knows_that_what_it_heard_meanwhile_is_newer(self, street: Database, live: LiveBerths) -> None:
        heard, other = UNTOLD
        with street.transaction() as tx:
            tx.run("update timeline set state = 'occupied' where subject_id = any(%(p)s)", p=UNTOLD)
            index_of = catalogue.read(tx).index_of
            found = live.look(tx, at=AT)
            live.hear([note_of(heard, "occupied"), note_of(heard, "free")], at=AT + timedelta(seconds=1))
            assert found is not None
            (berths, *_events) = live.settle(found) or []

        assert [bytes_of(live)[index_of[space_id]] for space_id in (heard, other)] == [1, 2]
        assert berths.change is not None
        assert berths.change["changes"] == [(index_of[other], 2)]

    def test_asks_for_everything_when_a_street_has_other_berths(self, street: Database, live: LiveBerths) -> None:
        with street.transaction() as tx:
            tx.run(
                "insert into space (site_id, space_id, zone_id, code, in_service_from) "
                "select site_id, %(id)s, zone_id, 'Z9', in_service_from from space where space_id = %(like)s",
                id=uuid7(), like=UNTOLD[0],
            )  # fmt: skip
            told = [looked(live, tx, at=AT + timedelta(seconds=step)) for step in range(LOOKS)]

        assert None in told


class TestFaults:
    def test_are_told_at_once_as_they_are_read(self, street: Database, live: LiveBerths) -> None:
        space_id = town.space_id(town.MAGNET, 1)
        with street.transaction() as tx:
            index = catalogue.read(tx).index_of[space_id]
            tx.run("update device set state = 'faulty' where code = 'm1'")
            devices.note_faults(tx, at=AT - timedelta(minutes=1))
            looked(live, tx, at=AT)
            tx.run("update timeline set state = 'unknown', since = %(at)s where subject_id = %(p)s", at=AT, p=space_id)
            told = live.hear([note_of(space_id, "unknown")], at=AT)
            now, then = states.read(tx, at=AT, live=True), states.read(tx, at=AT, live=False)
            tx.run("update device set state = 'live' where code = 'm1'")
            mended = devices.note_faults(tx, at=AT)
            healthy = states.read(tx, at=AT, live=True)

        change = told[0].change
        assert change is not None
        assert change["changes"] == [(index, 4)]
        assert (now[index], then[index], mended, healthy[index]) == (4, 4, 1, 5)


class TestRead:
    def test_tells_what_nobody_told(self, street: Database, live: LiveBerths) -> None:
        with street.transaction() as tx:
            tx.run("update timeline set state = 'occupied' where subject_id = %(p)s", p=town.space_id(town.MAGNET, 1))
            (berths, *_events) = live.read(tx, at=AT + timedelta(seconds=10))

        assert berths.change is not None
        ((_index, byte),) = berths.change["changes"]
        assert byte & 7 == 2


class TestPacked:
    def test_knows_nothing_before_the_first_reading(self) -> None:
        assert LiveBerths().packed() is None

    def test_reads_as_the_browser_reads_it(self, street: Database, live: LiveBerths) -> None:
        body = live.packed()

        assert body is not None
        length = int.from_bytes(body[:4], "little")
        head = orjson.loads(body[4 : 4 + length])
        n = head["n"]
        assert (length % 4, n, len(head["codes"])) == (0, 2 * town.SPACES, n)
        assert len(body) == 4 + length + n * (4 + 4 + 2 + 2) + (n + 3) // 4 * 4
        assert head["sites"][0].keys() == {"code", "name", "name_en", "district", "district_en", "kind", "mode"}
        at = 4 + length + n * 12
        assert body[at : at + n] == bytes_of(live)
