"""What every batch tells of the devices themselves, on a real database: clocks, holes, health, pulses."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.devices import hearing
from core.devices.hearing import Heard, Known, Pulse
from core.devices.rules.clocks import ClockOffset
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.moments import ms_of

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
AT_MS = ms_of(AT)
SITE = UUID(int=1)


def heard(device_id: UUID, *, at_ms: int = AT_MS, boot: int = 1, **more: object) -> Heard:
    """Return what one batch told of a device: one message, unless said otherwise."""
    words = {"message_n": 1, "boots": {boot}, **more}
    one = Heard(SITE, device_id, ClockOffset(120, None, AT_MS, 1), at_ms, boot_id=boot, **words)  # type: ignore[arg-type]
    one.hour(at_ms).message_n, one.hour(at_ms).duplicate_n = one.message_n, one.duplicate_n
    return one


class TestSave:
    def test_is_known_afterwards(self, tx: Tx) -> None:
        device_id = uuid7()

        hearing.save(tx, [heard(device_id)], known={})

        assert hearing.known_states(tx, [(SITE, device_id), (SITE, uuid7())]) == {
            device_id: Known(ClockOffset(120, None, AT_MS, 1), 1)
        }

    def test_adds_up_messages_and_keeps_the_newest_word(self, tx: Tx) -> None:
        device_id = uuid7()
        hearing.save(tx, [heard(device_id, event_ms=AT_MS, battery_mv=3600, rssi_dbm=-90, duplicate_n=1)], known={})

        older_ms = AT_MS - 60_000
        hearing.save(tx, [heard(device_id, at_ms=older_ms, event_ms=older_ms, rssi_dbm=-80)], known={})

        row = tx.row(
            "select last_seen_at, last_event_at, message_n, duplicate_n, battery_mv, rssi_dbm from device_state "
            "where device_id = %(id)s",
            id=device_id,
        )
        assert row == {
            "last_seen_at": AT, "last_event_at": AT, "message_n": 2, "duplicate_n": 1, "battery_mv": 3600, "rssi_dbm": -80,
        }  # fmt: skip

    def test_counts_the_health_of_each_hour(self, tx: Tx) -> None:
        device_id = uuid7()
        for minutes, offset_ms in ((0, 120), (10, 80), (40, 300)):
            hearing.save(tx, [heard(device_id, at_ms=AT_MS + minutes * 60_000, smallest_ms=offset_ms)], known={})

        rows = tx.tuples(
            "select hour, message_n, offset_ms from device_health where device_id = %(id)s order by hour", id=device_id
        )

        assert rows == [(AT - timedelta(minutes=30), 2, 80), (AT + timedelta(minutes=30), 1, 300)]

    def test_counts_a_message_in_the_hour_it_came_in(self, tx: Tx) -> None:
        one = heard(uuid7(), at_ms=AT_MS, message_n=1, battery_mv=3_600)
        for before_min in (31, 40, 40):
            one.hour(AT_MS - before_min * 60_000).message_n += 1
        one.count_duplicate(AT_MS - 40 * 60_000)

        hearing.save(tx, [one], known={})

        rows = tx.tuples(
            "select message_n, duplicate_n, battery_mv from device_health where device_id = %(id)s order by hour", id=one.device_id
        )
        assert rows == [(3, 1, None), (1, 0, 3_600)]

    def test_counts_a_boot_that_differs_from_the_last_one_known(self, tx: Tx) -> None:
        device_id = uuid7()
        for boots in ({1}, {1}, {1, 2}):
            known = hearing.known_states(tx, [(SITE, device_id)])
            hearing.save(tx, [heard(device_id, boot=max(boots), boots=boots)], known=known)

        assert tx.value("select boot_n from device_health where device_id = %(id)s", id=device_id) == 1

    def test_does_nothing_where_nobody_was_heard(self, tx: Tx) -> None:
        hearing.save(tx, [], known={})

        assert tx.value("select count(*) from device_state where site_id = %(id)s", id=SITE) == 0


class TestSaveSequences:
    def missing(self, tx: Tx, device_id: UUID, boot: int = 1) -> set[int]:
        """Return the numbers of a boot that are held to be missing."""
        ranges = tx.value(
            "select array(select n from device_gap, unnest(missing) as r, generate_series(lower(r), upper(r) - 1) as n "
            "where device_id = %(id)s and boot_id = %(boot)s)",
            id=device_id, boot=boot,
        )  # fmt: skip
        return set(ranges)

    def test_finds_no_hole_in_what_is_whole(self, tx: Tx) -> None:
        device_id = uuid7()

        hearing.save_sequences(tx, [(SITE, device_id, 1, number) for number in range(7, 12)], at_ms=AT_MS)

        assert self.missing(tx, device_id) == set()

    def test_finds_what_is_missing_within_and_between_batches(self, tx: Tx) -> None:
        device_id = uuid7()

        hearing.save_sequences(tx, [(SITE, device_id, 1, 3), (SITE, device_id, 1, 5)], at_ms=AT_MS)
        hearing.save_sequences(tx, [(SITE, device_id, 1, 8)], at_ms=AT_MS)

        assert self.missing(tx, device_id) == {4, 6, 7}

    def test_begins_anew_with_a_boot(self, tx: Tx) -> None:
        device_id = uuid7()

        hearing.save_sequences(tx, [(SITE, device_id, 1, 90), (SITE, device_id, 2, 0), (SITE, device_id, 2, 2)], at_ms=AT_MS)

        assert (self.missing(tx, device_id, 1), self.missing(tx, device_id, 2)) == (set(), {1})

    @pytest.mark.parametrize("seed", range(5))
    def test_is_everything_between_that_never_came_whatever_the_order(self, tx: Tx, seed: int) -> None:
        dice = random.Random(seed)
        device_id, received = uuid7(), dice.sample(range(100), 40)
        batches = [received[first : first + 7] for first in range(0, len(received), 5)]  # some are told twice

        for batch in batches:
            hearing.save_sequences(tx, [(SITE, device_id, 1, number) for number in batch], at_ms=AT_MS)

        assert self.missing(tx, device_id) == set(range(min(received), max(received))) - set(received)


class TestSavePulses:
    def pulse(self, tx: Tx) -> tuple[object, ...]:
        (row,) = tx.tuples("select last_event_at, last_received_at, message_n from source_health where source = 'video'")
        return row

    def test_keeps_the_newest_and_adds_up(self, tx: Tx) -> None:
        hearing.save_pulses(tx, {"video": Pulse(AT_MS, AT_MS + 200, 3)}, worker=0)
        hearing.save_pulses(tx, {"video": Pulse(AT_MS - 60_000, AT_MS + 400, 2)}, worker=0)

        assert self.pulse(tx) == (AT, AT + timedelta(milliseconds=400), 5)

    def test_tells_workers_apart(self, tx: Tx) -> None:
        for worker in (0, 1):
            hearing.save_pulses(tx, {"video": Pulse(AT_MS, AT_MS, 1)}, worker=worker)

        assert tx.value("select count(*) from source_health where source = 'video'") == 2

    def test_keeps_nothing_where_nobody_spoke(self, tx: Tx) -> None:
        hearing.save_pulses(tx, {}, worker=0)

        assert tx.value("select count(*) from source_health") == 0
