"""What the devices of the demo city do when they are told to, and the whole way there and back."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.devices import commands
from core.devices.devices import DeviceKind
from core.kit.broker_accounts import ROOT
from core.kit.db import Database
from core.kit.moments import ms_of
from core.stays import guidance
from ingest.arrivals import Arrival
from ingest.messages.commands import CMD, Ack, Command, Result
from ingest.messages.guidance import Screen
from ingest.messages.magnetometer import State
from ingest.messages.wire import read_payload, read_topic
from ingest.mqtt.publisher import payload_of
from ingest.pipeline import Pipeline
from ingest.simulator import city, places
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Event, Simulation

SEED = 20_261_122
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LOCKS = "XF-02"
LOT = "P-05"
AT = START + timedelta(minutes=30)
BEATS = """
    update device_state as s set last_seen_at = %(at)s
    from device as d
    where d.device_id = s.device_id and d.kind = 'guidance_screen'
"""
"""The screens live, but for their heartbeats, which would take this test most of its time."""


def a_command(action: str, **detail: object) -> bytes:
    """Return a command as it goes over the wire, alive for eight seconds."""
    told = {"command_id": "00000000-0000-8000-8000-000000000001", "issued_ms": ms_of(AT), "expires_ms": ms_of(AT) + 8_000}
    return Command.model_validate({**told, "action": action, **detail}).model_dump_json().encode()


def said(events: list[Event]) -> list[object]:
    """Return the messages of events."""
    return [read_payload(read_topic(event.topic).kind, event.payload) for event in events]


@pytest.fixture
def simulation() -> Simulation:
    """Return a city of locks and a lot, half an hour after it began."""
    simulation = Simulation(SEED, START, sites={LOCKS, LOT})
    for _event in simulation.events(AT):
        pass
    return simulation


@pytest.fixture
def lock(simulation: Simulation) -> str:
    """Return the topic of the commands of a lock in a free space."""
    site = next(site for site in places.layout(SEED).sites if site.code == LOCKS)
    free = next(
        device
        for device in site.devices
        if device.kind is DeviceKind.SPACE_LOCK and device.speaks and not simulation.is_occupied(spot_of(site, device), ms_of(AT))
    )
    return f"{free.topic}/{CMD}"


def spot_of(site: places.Site, device: places.Device) -> tuple[int, int]:
    """Return site and spot of a lock."""
    return site.index, [space.space_id for space in site.spaces].index(device.watches[0].target_id)


class TestObey:
    def test_raises_a_lock_for_a_booking_and_says_so(self, simulation: Simulation, lock: str) -> None:
        ack, state = said(simulation.obey(lock, a_command("raise", booking="B7"), AT))

        assert isinstance(ack, Ack)
        assert (ack.result, ack.locked) == (Result.DONE, True)
        assert isinstance(state, State)
        assert (state.locked, state.booking, state.repeat) == (True, "B7", True)

    def test_does_a_command_once_however_often_it_comes(self, simulation: Simulation, lock: str) -> None:
        simulation.obey(lock, a_command("raise", booking="B7"), AT)
        simulation.obey(lock, a_command("lower", command_id="00000000-0000-8000-8000-000000000002"), AT)

        again, state = said(simulation.obey(lock, a_command("raise", booking="B7"), AT))

        assert isinstance(again, Ack)
        assert again.result is Result.DONE
        assert isinstance(state, State)
        assert state.locked is False

    def test_does_nothing_that_comes_too_late(self, simulation: Simulation, lock: str) -> None:
        ack, state = said(simulation.obey(lock, a_command("raise"), AT + timedelta(seconds=8)))

        assert isinstance(ack, Ack)
        assert ack.result is Result.EXPIRED
        assert isinstance(state, State)
        assert state.locked is False

    def test_lets_a_screen_show_what_it_is_told(self, simulation: Simulation) -> None:
        topic = f"{ROOT}/{LOT}/L1/S1/{CMD}"
        ack, shown = said(simulation.obey(topic, a_command("show", rows=[{"target": LOT, "free": 12}]), AT))

        assert isinstance(ack, Ack)
        assert ack.result is Result.DONE
        assert isinstance(shown, Screen)
        assert [(row.target, row.free) for row in shown.rows] == [(LOT, 12)]

    def test_leaves_a_stuck_screen_as_it_was(self) -> None:
        simulation = Simulation(SEED, START, sites={LOT}, heartbeats=False, mess=Mess(stuck_screens=1))
        topic = f"{ROOT}/{LOT}/L1/S1/{CMD}"

        _, shown = said(simulation.obey(topic, a_command("show", rows=[{"target": LOT, "free": 12}]), AT))

        assert isinstance(shown, Screen)
        assert shown.rows[0].free is None


class Street:
    """The product and the city, telling each other what to do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.pipeline = Pipeline(database)
        self.counted_at = START
        self.simulation = Simulation(SEED, START, sites={LOCKS, LOT}, heartbeats=False)
        city.build(database, seed=SEED, berths=2_400, at=START)

    def live(self, *, until: datetime) -> None:
        """Feed the messages second by second, and carry commands back at once."""
        for due_at, batch in itertools.groupby(self.simulation.events(until), key=lambda event: event.due_at):
            self._take(batch)
            self._command(due_at, counts=due_at - self.counted_at >= timedelta(seconds=30))
        self._command(until, counts=True)

    def _command(self, at: datetime, *, counts: bool) -> None:
        with self.database.transaction() as tx:
            commands.expire(tx, at=at)
            if counts:
                self.counted_at = at
                tx.run(BEATS, at=at)
                guidance.refresh(tx, at=at)
            due = commands.take_due(tx, at=at)
        for one in due:
            topic = f"{ROOT}/{one.site_code}/{one.gateway_code}/{one.code}/{CMD}"
            self._take(self.simulation.obey(topic, payload_of(one), at + timedelta(milliseconds=200)))

    def _take(self, events: Iterator[Event] | list[Event]) -> None:
        self.pipeline.take([Arrival(event.topic, event.payload, event.due_at) for event in events])


class TestThereAndBack:
    def test_who_pays_is_let_out_and_screens_show_what_is_left(self, own_database: Database) -> None:
        street = Street(own_database)

        street.live(until=START + timedelta(hours=1))

        with own_database.transaction() as tx:
            states = tx.rows("select action, state, count(*) as n from device_command group by 1, 2")
            wrong = tx.value("select count(*) from screen_number where shown_at is not null and shown is distinct from asked")
            numbers = tx.rows(
                "select n.asked, c.spaces - (select count(*) from open_stay o where o.site_id = n.target_id) as free "
                "from screen_number n join capacity c on c.site_id = n.target_id "
                "join site i on i.site_id = n.target_id where i.code = %(code)s",
                code=LOT,
            )
            holds = tx.rows("select ended_at, booking from space_hold")
            paid = tx.value(
                "select count(*) from payment p join charge_order o on o.order_id = p.order_id "
                "join stay s on s.site_id = o.site_id and s.stay_id = o.stay_id join site i on i.site_id = p.site_id "
                "where i.code = %(code)s and (s.ended_at is null or s.ended_at > p.paid_at)",
                code=LOCKS,
            )
            told = tx.rows(
                "select p.code, s.started_at, s.ended_at from stay s join site i on i.site_id = s.site_id "
                "join space p on p.site_id = s.site_id and p.space_id = s.subject_id where i.code = %(code)s",
                code=LOCKS,
            )
        true = {
            (stay.space, stay.known_s * 1_000, None if stay.left_s is None else stay.left_s * 1_000)
            for stay in street.simulation.truth()
            if stay.site == LOCKS
        }
        assert {(row["code"], ms_of(row["started_at"]), row["ended_at"] and ms_of(row["ended_at"])) for row in told} == true
        by_state = Counter({(row["action"], row["state"]): row["n"] for row in states})
        print(f"\n{dict(by_state)}, {len(holds)} holds")
        assert {state for action, state in by_state if action == "lower"} == {"done"}
        assert by_state["show", "done"] > 10
        assert not any(state == "refused" for _, state in by_state)
        assert by_state["lower", "done"] == paid > 5
        assert wrong == 0
        assert {row["asked"] == row["free"] for row in numbers} == {True}
        assert {row["booking"] is None for row in holds} == {True, False}
        assert any(row["ended_at"] is None for row in holds)
