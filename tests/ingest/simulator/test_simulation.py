"""The demo city in motion."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.devices.devices import DeviceKind
from ingest.messages.envelope import Envelope
from ingest.messages.wire import read_payload, read_topic
from ingest.simulator import places
from ingest.simulator.cues import Run
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Event, Simulation

SEED = 20_261_122
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SOME = frozenset({"GL-01", "GL-04", "P-01"})


def read(events: Iterator[Event]) -> list[tuple[Event, Envelope]]:
    """Return events with their messages; every one is in the wire format."""
    return [(event, read_payload(read_topic(event.topic).kind, event.payload)) for event in events]


def passages(simulation: Simulation, until: datetime) -> list[Envelope]:
    """Return what the lane cameras say."""
    return [message for event, message in read(simulation.events(until)) if event.topic.endswith("/passage")]


class TestEvents:
    def test_are_the_same_bytes_for_the_same_seed(self) -> None:
        one, other, third = (
            list(Simulation(seed, START, sites=SOME, mess=Mess.default()).events(START + timedelta(hours=1)))
            for seed in (SEED, SEED, SEED + 1)
        )

        assert one == other
        assert one != third

    def test_go_on_where_an_earlier_call_ended(self) -> None:
        at_once = list(Simulation(SEED, START, sites=SOME).events(START + timedelta(hours=2)))
        in_steps = Simulation(SEED, START, sites=SOME)
        steps = [event for n in range(1, 9) for event in in_steps.events(START + timedelta(minutes=15 * n))]

        assert steps == at_once

    def test_say_the_same_of_a_site_whoever_else_speaks(self) -> None:
        alone = Simulation(SEED, START, sites={"P-01"}, heartbeats=False)
        among = Simulation(SEED, START, sites=SOME, heartbeats=False)
        until = START + timedelta(hours=3)

        assert list(alone.events(until)) == [event for event in among.events(until) if "/P-01/" in event.topic]

    def test_are_in_order_and_numbered_without_a_gap(self) -> None:
        said = read(Simulation(SEED, START, sites=SOME).events(START + timedelta(hours=2)))
        numbers: dict[str, list[int]] = defaultdict(list)
        for event, message in said:
            numbers[event.topic.rsplit("/", 1)[0]].append(message.seq)

        assert all(one.due_at <= other.due_at for (one, _), (other, _) in itertools.pairwise(said))
        assert all(seen == list(range(len(seen))) for seen in numbers.values())

    def test_let_every_source_speak_within_ten_seconds(self) -> None:
        sources = {
            kind: {device.topic for site in places.layout(SEED).sites for device in site.devices if device.kind is kind}
            for kind in (
                DeviceKind.GEOMAGNETIC, DeviceKind.POLE_CAMERA, DeviceKind.LANE_CAMERA, DeviceKind.PDA, DeviceKind.KIOSK,
            )
        }  # fmt: skip
        last = dict.fromkeys(sources, START)
        for event in Simulation(SEED, START).events(START + timedelta(minutes=6)):
            for kind, topics in sources.items():
                if event.topic.rsplit("/", 1)[0] in topics:
                    assert event.due_at - last[kind] <= timedelta(seconds=10), kind
                    last[kind] = event.due_at

        assert all(START + timedelta(minutes=5, seconds=50) < at for at in last.values())

    def test_begin_with_a_report_of_every_device(self) -> None:
        said = read(Simulation(SEED, START).events(START + timedelta(seconds=10)))
        reporting = {event.topic.rsplit("/", 1)[0] for event, _message in said}

        devices = [device for site in places.layout(SEED).sites for device in site.devices]
        assert {device.topic for device in devices if device.speaks} <= reporting
        assert not any(device.topic in reporting for device in devices if not device.speaks)
        first: dict[tuple[str, str], Envelope] = {}
        for event, message in said:
            if event.topic.endswith(("/state", "/space")):
                first.setdefault((event.topic, getattr(message, "space", "")), message)
        assert len(first) == sum(not space.is_dark for site in places.layout(SEED).sites for space in site.spaces)
        assert all(getattr(message, "repeat", False) for message in first.values())

    def test_meet_every_kind_of_mess(self) -> None:
        simulation = Simulation(SEED, START, sites=SOME, mess=Mess.default().times(5))
        said = read(simulation.events(START + timedelta(hours=8)))
        touched = Counter(word for stay in simulation.truth() for word in stay.touched)

        assert {"duplicated", "delayed", "lost", "skewed", "misread", "double_payment", "missed_exit"} <= set(touched)
        assert max(Counter(event.payload for event, _ in said).values()) > 1
        assert any(message.backfill for _, message in said)


class TestEarlier:
    """What happens when the city goes on after a break."""

    BROKE_OFF = START + timedelta(hours=1)
    BACK = START + timedelta(hours=1, minutes=20)

    def resumed(self) -> Simulation:
        run = Run(int(START.timestamp()), int(self.BROKE_OFF.timestamp()))
        return Simulation(SEED, self.BACK, sites=SOME, heartbeats=False, earlier=[run])

    def test_lots_send_what_they_kept_and_nothing_twice(self) -> None:
        until = START + timedelta(hours=3)
        whole = {(m.at_ms, m.plate, m.direction) for m in passages(Simulation(SEED, START, sites=SOME), until)}  # type: ignore[attr-defined]  # passages alone
        before = passages(Simulation(SEED, START, sites=SOME), self.BROKE_OFF + timedelta(milliseconds=1))
        after = passages(self.resumed(), until)
        told = [(m.at_ms, m.plate, m.direction) for m in [*before, *after]]  # type: ignore[attr-defined]  # passages alone

        assert Counter(told) == Counter(whole)
        assert any(message.backfill for message in after)

    def test_devices_boot_anew(self) -> None:
        said = read(self.resumed().events(self.BACK + timedelta(minutes=1)))

        assert {message.boot for _, message in said} == {int(self.BACK.timestamp())}

    def test_the_street_tells_no_past(self) -> None:
        said = read(self.resumed().events(self.BACK + timedelta(minutes=30)))
        street = [message for event, message in said if event.topic.endswith(("/state", "/space", "/plate"))]

        assert all(message.at_ms >= self.BACK.timestamp() * 1_000 for message in street)


class TestTruth:
    @pytest.fixture(scope="class")
    def simulation(self) -> Simulation:
        simulation = Simulation(SEED, START, sites=SOME, heartbeats=False)
        for _event in simulation.events(START + timedelta(hours=10)):
            pass
        return simulation

    def test_ends_with_the_events(self, simulation: Simulation) -> None:
        until_s = (START + timedelta(hours=10)).timestamp()

        assert all(stay.entered_s < until_s for stay in simulation.truth())
        assert all(stay.left_s is None or stay.left_s < until_s for stay in simulation.truth())

    def test_prices_what_is_over_and_nothing_else(self, simulation: Simulation) -> None:
        stays = simulation.truth()

        assert all((stay.left_s is None) == (stay.gross_fen is None) for stay in stays)
        assert sum(stay.gross_fen or 0 for stay in stays) > 100_000

    def test_knows_of_those_on_the_street_from_the_first_report_on(self, simulation: Simulation) -> None:
        start_s = int(START.timestamp())
        stood = [stay for stay in simulation.truth() if stay.entered_s <= start_s]

        assert all(0 < stay.known_s - start_s <= 10 for stay in stood if stay.space is not None)
        assert all(stay.known_s == stay.entered_s for stay in stood if stay.space is None)
        assert not any(stay.touched for stay in simulation.truth())
