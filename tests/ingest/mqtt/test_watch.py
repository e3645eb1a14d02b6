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


def run(database: Database) -> Watch:
    """Return the watch of a worker that begins."""
    watch = Watch(database, worker=0)
    watch.start()
    return watch


def die_with(database: Database, in_hand: Sequence[Delivery]) -> None:
    """Let a worker run and die with messages in hand."""
    run(database).hold(in_hand)


class TestSort:
    def test_suspects_nobody_after_a_good_end(self, own_database: Database) -> None:
        batch = deliveries(3)
        watch = run(own_database)
        watch.hold(batch)
        watch.stop()

        assert run(own_database).sort(batch) == ([batch], [])

    def test_tries_what_was_in_hand_in_groups_behind_everything_else(self, own_database: Database) -> None:
        batch = deliveries(3 * GROUP)
        die_with(own_database, batch[: GROUP + 1])

        parts, poison = run(own_database).sort(batch)

        assert [len(part) for part in parts] == [2 * GROUP - 1, GROUP, 1]
        assert parts[0] == batch[GROUP + 1 :]
        assert poison == []

    @pytest.mark.parametrize("deaths", range(2, MOST_DEATHS))
    def test_tries_alone_what_was_there_again(self, own_database: Database, deaths: int) -> None:
        batch = deliveries(4)
        for _ in range(deaths):
            die_with(own_database, batch[1:3])

        assert run(own_database).sort(batch) == ([[batch[0], batch[3]], [batch[1]], [batch[2]]], [])

    def test_sets_aside_what_was_there_every_time(self, own_database: Database) -> None:
        batch = deliveries(3)
        die_with(own_database, batch)
        for _ in range(MOST_DEATHS - 1):
            die_with(own_database, batch[1:2])

        parts, poison = run(own_database).sort(batch)

        assert poison == batch[1:2]
        assert parts == [[batch[0], batch[2]]]

    def test_forgets_what_went_well(self, own_database: Database) -> None:
        batch = deliveries(3)
        die_with(own_database, batch)
        watch = run(own_database)
        watch.clear(batch[:2])
        watch.stop()

        for again in (watch, run(own_database)):
            assert again.sort(batch) == ([batch[:2], batch[2:]], [])
