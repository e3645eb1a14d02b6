"""Sources: how old is too old."""

from datetime import UTC, datetime, timedelta

import pytest

from core.insight import sources
from core.insight.sources import Pulse, Source, State
from core.kit.db import Tx
from core.settings import settings
from tests.core.insight.facts import a_sensor, a_street

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def heard(tx: Tx, source: Source, *, event_age_s: float, received_age_s: float = 0, worker: int = 0) -> None:
    """Let a source have spoken."""
    tx.run(
        "insert into source_health (source, worker, last_event_at, last_received_at) "
        "values (%(source)s, %(worker)s, %(event)s, %(received)s)",
        source=source, worker=worker, event=AT - timedelta(seconds=event_age_s), received=AT - timedelta(seconds=received_age_s),
    )  # fmt: skip


def pulses(**ages_s: float | None) -> sources.Pulses:
    """Return pulses of the ages given in seconds; the others are live."""
    ages = {source: ages_s.get(source.value, 0.0) for source in Source}
    return {source: Pulse(source, None if age is None else AT - timedelta(seconds=age)) for source, age in ages.items()}


class TestPulse:
    @pytest.mark.parametrize(
        ("age_s", "state"),
        [(0, State.LIVE), (20, State.LIVE), (20.001, State.LATE), (50, State.LATE), (50.001, State.STALE), (-5, State.LIVE)],
    )
    def test_is_late_after_two_heartbeats_and_stale_after_five(self, age_s: float, state: State) -> None:
        assert (settings().late_after_s, settings().stale_after_s) == (2 * settings().heartbeat_s, 5 * settings().heartbeat_s)
        assert Pulse(Source.MAGNET, AT - timedelta(seconds=age_s)).state(AT) is state

    def test_is_unknown_before_the_first_word(self) -> None:
        pulse = Pulse(Source.MAGNET, None)

        assert (pulse.state(AT), pulse.age_s(AT)) == (State.UNKNOWN, None)


class TestRead:
    def test_takes_the_age_of_what_happened_not_of_its_arrival(self, tx: Tx) -> None:
        heard(tx, Source.MAGNET, event_age_s=300, received_age_s=1)  # a backlog that comes in now

        assert sources.read(tx, at=AT)[Source.MAGNET].age_s(AT) == 300

    def test_does_not_trust_a_clock_that_runs_ahead(self, tx: Tx) -> None:
        heard(tx, Source.MAGNET, event_age_s=-900, received_age_s=120)

        assert sources.read(tx, at=AT)[Source.MAGNET].age_s(AT) == 120

    def test_takes_the_newest_word_of_all_workers(self, tx: Tx) -> None:
        heard(tx, Source.VIDEO, event_age_s=500, received_age_s=500)
        heard(tx, Source.VIDEO, event_age_s=3, received_age_s=3, worker=1)

        assert sources.read(tx, at=AT)[Source.VIDEO].age_s(AT) == 3

    def test_knows_which_are_installed(self, tx: Tx) -> None:
        a_sensor(tx, a_street(tx, since=AT), 1, since=AT)

        read = sources.read(tx, at=AT)

        assert {source for source, pulse in read.items() if pulse.is_installed} == {Source.MAGNET, Source.DATABASE}
        assert read[Source.DATABASE].state(AT) is State.LIVE


class TestWorst:
    def test_is_the_worst_of_those_asked_and_the_database(self) -> None:
        read = pulses(magnet=30, video=None, gate=100, database=0)

        assert sources.worst(read, (Source.PAYMENT,), at=AT) is State.LIVE
        assert sources.worst(read, (Source.MAGNET, Source.PAYMENT), at=AT) is State.LATE
        assert sources.worst(read, (Source.MAGNET, Source.GATE), at=AT) is State.STALE
        assert sources.worst(read, (Source.VIDEO,), at=AT) is State.UNKNOWN
        assert sources.worst(pulses(database=60), (Source.PAYMENT,), at=AT) is State.STALE

    def test_does_not_wait_for_what_is_not_installed(self) -> None:
        read = {**pulses(), Source.VIDEO: Pulse(Source.VIDEO, None, is_installed=False)}

        assert sources.worst(read, (Source.MAGNET, Source.VIDEO), at=AT) is State.LIVE
        assert sources.worst(read, (Source.VIDEO,), at=AT) is State.UNKNOWN


class TestSensorsOnline:
    def test_counts_those_heard_within_two_intervals(self, tx: Tx) -> None:
        street = a_street(tx, since=AT)
        for number, age_s in enumerate((0, 1_799, 1_801), start=1):
            device = a_sensor(tx, street, number, since=AT)
            tx.run(
                "insert into device_state (site_id, device_id, last_seen_at) values (%(site)s, %(device)s, %(at)s)",
                site=street.site_id, device=device, at=AT - timedelta(seconds=age_s),
            )  # fmt: skip
        a_sensor(tx, street, 4, since=AT)  # never heard

        assert sources.sensors_online(tx, at=AT) == (2, 4)
