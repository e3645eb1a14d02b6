"""The watch suspects what was in hand at a death, and nothing else."""

from collections.abc import Sequence

import pytest

from core.kit.clock import utc_now
from core.kit.db import Database
from ingest.arrivals import Arrival
from ingest.mqtt.consumer import Delivery
from ingest.mqtt.watch import GROUP, MOST_DEATHS, Watch


def deliveries(count: int) -> list[Delivery]:
    """Return messages that differ."""
    return [Delivery(1, number, Arrival(f"boshu/v1/s/g/d{number}/alive", b"{}", utc_now())) for number in range(count)]


def run(database: Database, *, quiet_s: float = 0) -> Watch:
    """Return the watch of a worker that begins."""
    watch = Watch(database, worker=0, quiet_s=quiet_s)
    watch.start()
    return watch


def die_with(database: Database, in_hand: Sequence[Delivery]) -> None:
    """Let a worker run and die with messages in hand."""
    run(database).hold(in_hand)


def tried(watch: Watch) -> list[list[Delivery]]:
    """Return the suspects part by part, in the order they are tried."""
    return list(iter(watch.next_suspects, []))


class TestSort:
    def test_suspects_nobody_after_a_good_end(self, own_database: Database) -> None:
        batch = deliveries(3)
        watch = run(own_database)
        watch.hold(batch)
        watch.stop()

        assert run(own_database).sort(batch) == (batch, [])

    def test_sets_aside_what_was_there_every_time(self, own_database: Database) -> None:
        batch = deliveries(3)
        die_with(own_database, batch)
        for _ in range(MOST_DEATHS - 1):
            die_with(own_database, batch[1:2])
        watch = run(own_database)

        assert watch.sort(batch) == ([], batch[1:2])
        assert tried(watch) == [[batch[0], batch[2]]]


class TestNextSuspects:
    def test_are_what_was_in_hand_in_groups(self, own_database: Database) -> None:
        batch = deliveries(3 * GROUP)
        die_with(own_database, batch[: GROUP + 1])
        watch = run(own_database)

        assert watch.sort(batch) == (batch[GROUP + 1 :], [])
        assert tried(watch) == [batch[:GROUP], batch[GROUP : GROUP + 1]]
        assert not watch.has_suspects

    @pytest.mark.parametrize("deaths", range(2, MOST_DEATHS))
    def test_are_alone_when_they_were_there_again(self, own_database: Database, deaths: int) -> None:
        batch = deliveries(4)
        for _ in range(deaths):
            die_with(own_database, batch[1:3])
        watch = run(own_database)

        assert watch.sort(batch) == ([batch[0], batch[3]], [])
        assert tried(watch) == [[batch[1]], [batch[2]]]

    def test_come_by_the_number_of_their_deaths(self, own_database: Database) -> None:
        """Whoever stands behind the message that kills is delayed by its deaths: it comes last."""
        batch = deliveries(3)
        for count in (3, 2, 1):
            die_with(own_database, batch[:count])
        watch = run(own_database)

        watch.sort(batch)

        assert tried(watch) == [[batch[2]], [batch[1]], [batch[0]]]

    def test_are_not_condemned_by_a_worker_that_others_kill_again_and_again(self, own_database: Database) -> None:
        """One more death sets a message aside, so it is not tried while deaths come one after the other."""
        batch = deliveries(2)
        for count in (2, 2, 1):
            die_with(own_database, batch[:count])
        restless, quiet = run(own_database, quiet_s=60), run(own_database)

        for watch in (restless, quiet):
            watch.sort(batch)

        assert (tried(restless), tried(quiet)) == ([[batch[1]]], [[batch[1]], [batch[0]]])
        assert not restless.has_suspects


class TestClear:
    def test_forgets_what_went_well(self, own_database: Database) -> None:
        batch = deliveries(3)
        die_with(own_database, batch)
        watch = run(own_database)
        watch.clear(batch[:2])
        watch.stop()

        for again in (watch, run(own_database)):
            assert again.sort(batch) == (batch[:2], [])
            assert tried(again) == [batch[2:]]
