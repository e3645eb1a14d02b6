"""The pipeline on a real database: what a message brings about, and what it never does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.finance import past
from core.kit.db import Database
from core.kit.ids import derived_id
from core.kit.money import Fen
from core.stays.past import PastStay
from core.stays.rules.plates import Plate
from core.stays.storing import vehicle_of
from ingest.arrivals import Arrival, Outcome
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, VIDEO, Town

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def after(minutes: float) -> datetime:
    """Return an instant of the test's morning."""
    return MORNING + timedelta(minutes=minutes)


def stays(database: Database) -> list[dict[str, object]]:
    with database.transaction() as tx:
        return tx.rows(
            "select s.started_at, s.ended_at, s.plate, s.state, s.quality, s.close_reason, o.net_fen, o.paid_fen "
            "from stay s left join charge_order o on o.site_id = s.site_id and o.stay_id = s.stay_id order by s.started_at"
        )


def balances(database: Database) -> dict[str, int]:
    with database.transaction() as tx:
        rows = tx.rows(
            "select a.kind, sum(x.fen)::bigint fen from account a join ("
            "select to_account_id id, fen from transfer union all select from_account_id, -fen from transfer) x "
            "on x.id = a.account_id group by 1 having sum(x.fen) <> 0"
        )
    return {row["kind"]: row["fen"] for row in rows}


class TestTakeOnTheStreet:
    def test_a_read_and_left_space_is_a_stay_with_its_price(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.sensor(1, after(0), occupied=True), say.collector(1, after(5), "江A12345")])
        pipeline.take([say.sensor(1, after(120), occupied=False)])

        [stay] = stays(own_database)
        assert (stay["started_at"], stay["ended_at"]) == (after(0), after(120))
        assert (stay["plate"], stay["quality"], stay["net_fen"], stay["paid_fen"]) == ("江A12345", "A", 1500, 0)
        assert balances(own_database) == {"receivable": 1500, "revenue_on_street": -1500}

    def test_a_stay_nobody_read_has_no_claim(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.sensor(1, after(0), occupied=True), say.sensor(1, after(120), occupied=False)])

        [stay] = stays(own_database)
        assert stay["state"] == "closed"
        assert stay["net_fen"] is None
        assert balances(own_database) == {}

    def test_money_after_departure_settles_the_claim(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take(
            [
                say.sensor(1, after(0), occupied=True),
                say.collector(1, after(5), "江A12345"),
                say.sensor(1, after(120), occupied=False),
            ]
        )
        pipeline.take([say.pay(MAGNET, after(125), "江A12345", 1500, "T0001", entered_ms=town.milliseconds(after(0)))])

        assert stays(own_database)[0]["paid_fen"] == 1500
        assert balances(own_database) == {"clearing": 1500, "revenue_on_street": -1500}

    def test_a_silent_sensor_makes_the_space_unknown_and_the_stay_suspect(
        self, pipeline: Pipeline, own_database: Database, say: Town
    ) -> None:
        pipeline.take([say.sensor(1, after(0), occupied=True), say.collector(1, after(5), "江A12345")])
        pipeline.take([say.silent(1, after(20))])

        assert stays(own_database)[0]["state"] == "suspect"
        with own_database.transaction() as tx:
            assert tx.value("select state from timeline where subject_id = %(s)s", s=town.space_id(MAGNET, 1)) == "unknown"

    def test_a_sensor_that_returns_with_the_same_state_goes_on(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.sensor(1, after(0), occupied=True), say.collector(1, after(5), "江A12345"), say.silent(1, after(20))])
        pipeline.take([say.sensor(1, after(90), occupied=True, repeat=True), say.sensor(1, after(120), occupied=False)])

        [stay] = stays(own_database)
        assert (stay["state"], stay["ended_at"], stay["net_fen"]) == ("closed", after(120), 1500)

    def test_video_brings_plate_and_time_at_once(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.pole(2, after(0), occupied=True, plate="江AD12345", colour="green", votes=3)])
        pipeline.take([say.pole(2, after(30), occupied=False)])

        [stay] = stays(own_database)
        assert (stay["plate"], stay["net_fen"]) == ("江AD12345", 300)

    def test_another_plate_ends_the_stay_at_the_last_read_of_the_first(
        self, pipeline: Pipeline, own_database: Database, say: Town
    ) -> None:
        pipeline.take(
            [
                say.sensor(1, after(0), occupied=True),
                say.collector(1, after(30), "江A11111"),
                say.collector(1, after(90), "江B22222"),
                say.sensor(1, after(120), occupied=False),
            ]
        )

        first, second = stays(own_database)
        assert (first["ended_at"], first["close_reason"]) == (after(30), "next_vehicle_on_space")
        assert (second["started_at"], second["ended_at"], second["plate"]) == (after(90), after(120), "江B22222")


class TestTakeAtTheLot:
    def test_a_prepaid_stay_settles_at_the_gate(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(0), "江A12345")])
        pipeline.take([say.pay(LOT, after(80), "江A12345", 800, "T0002", entered_ms=town.milliseconds(after(0)))])
        assert balances(own_database) == {"clearing": 800, "customer_prepay": -800}

        pipeline.take([say.lane("out", after(85), "江A12345")])

        assert stays(own_database)[0]["paid_fen"] == 800
        assert balances(own_database) == {"clearing": 800, "revenue_off_street": -800}

    def test_money_beyond_the_price_waits_in_suspense(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(0), "江A12345"), say.pay(LOT, after(80), "江A12345", 1000, "T0003"),
                       say.lane("out", after(85), "江A12345")])  # fmt: skip

        assert balances(own_database) == {"clearing": 1000, "revenue_off_street": -800, "suspense": -200}

    def test_a_missing_exit_never_blocks_the_next_entry(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(0), "江A12345"), say.lane("in", after(600), "江A12345")])

        first, second = stays(own_database)
        assert (first["state"], first["quality"], first["close_reason"], first["net_fen"]) == ("closed", "C", "next_entry", None)
        assert second["state"] == "open"

    def test_an_exempt_vehicle_is_counted_and_not_charged(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(0), "江A1234警", "white"), say.lane("out", after(600), "江A1234警", "white")])

        [stay] = stays(own_database)
        assert (stay["state"], stay["net_fen"]) == ("closed", None)


class TestTakeForAnImportedStay:
    def test_money_finds_the_old_claim(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        old = PastStay(
            town.site_id(LOT), vehicle_of(Plate("江A12345", "blue")), "vehicle", after(-300), after(-180), "江A12345", "blue",
            "small", "A", "history", None, None, Fen(800), derived_id("version", LOT), (),
        )  # fmt: skip
        with own_database.transaction() as tx:
            past.record(tx, stays=[old], at=after(0))

        pipeline.take([say.pay(LOT, after(10), "江A12345", 800, "T0005", entered_ms=town.milliseconds(after(-300)))])

        assert stays(own_database)[0]["paid_fen"] == 800
        assert balances(own_database) == {"clearing": 800, "revenue_off_street": -800}


class TestTakeOnce:
    def test_the_same_message_counts_once_and_leaves_a_row_each_time(
        self, pipeline: Pipeline, own_database: Database, say: Town
    ) -> None:
        message = say.sensor(1, after(0), occupied=True)

        assert pipeline.take([message, message]) == [Outcome.STORED, Outcome.DUPLICATE]
        assert pipeline.take([message]) == [Outcome.DUPLICATE]

        with own_database.transaction() as tx:
            assert tx.value("select count(*) from inbound_message") == 3
            assert tx.value("select count(*) from event") == 1
            assert tx.value("select duplicate_n from device_state") == 2

    def test_a_trade_reported_by_two_terminals_counts_once(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(0), "江A12345"), say.pay(LOT, after(80), "江A12345", 800, "T0004"),
                       say.pay(LOT, after(81), "江A12345", 800, "T0004")])  # fmt: skip

        assert balances(own_database) == {"clearing": 800, "customer_prepay": -800}


class TestTakeTheUnreadable:
    @pytest.mark.parametrize(
        ("topic", "payload", "reason"),
        [
            ("boshu/v1/m-street/g1/m1/state", b"{", "not_json"),
            ("boshu/v1/m-street/g1/m1/state", b"\xff", "not_utf8"),
            ("boshu/v1/m-street/g1/m1/state", b"{}", "schema"),
            ("boshu/v1/nowhere/g1/m1/state", b"{}", "unknown_site"),
            ("boshu/v1/m-street/m1/state", b"{}", "topic"),
            (
                "boshu/v1/m-street/g1/m1/plate",
                b'{"seq":1,"boot":1,"at_ms":1,"sent_ms":1,"space":"001","plate":"AB","colour":"blue"}',
                "identity",
            ),
        ],
    )
    def test_becomes_a_dead_letter_with_its_bytes_and_reason(
        self, pipeline: Pipeline, own_database: Database, topic: str, payload: bytes, reason: str
    ) -> None:
        assert pipeline.take([Arrival(topic, payload, MORNING)]) == [Outcome.DEAD_LETTER]

        with own_database.transaction() as tx:
            assert tx.row("select payload, reason from dead_letter") == {"payload": payload, "reason": reason}

    def test_an_unknown_device_is_kept_and_has_no_effect(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        message = say.sensor(99, after(0), occupied=True)

        assert pipeline.take([message]) == [Outcome.QUARANTINED]

        assert stays(own_database) == []


class TestTakeLate:
    def test_a_late_message_never_raises_a_price(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        early = say.sensor(1, after(-60), occupied=True, sent=after(200))
        pipeline.take(
            [
                say.sensor(1, after(0), occupied=True, repeat=True),
                say.collector(1, after(5), "江A12345"),
                say.sensor(1, after(60), occupied=False),
            ]
        )
        assert stays(own_database)[0]["net_fen"] == 600

        pipeline.take([early])

        [stay] = stays(own_database)
        assert stay["started_at"] == after(-60)
        assert stay["net_fen"] == 600
        with own_database.transaction() as tx:
            assert tx.value("select derived_fen from charge_order where net_fen > 0") == 1500
            assert tx.value("select count(*) from review_case where kind = 'late_event'") == 1
        assert balances(own_database) == {"receivable": 600, "revenue_on_street": -600}

    def test_a_gap_in_the_sequence_changes_nothing_but_the_gap(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        messages = [say.sensor(1, after(minute), occupied=True, repeat=minute > 0) for minute in range(5)]

        pipeline.take([messages[0], messages[4]])
        with own_database.transaction() as tx:
            assert tx.value("select missing::text from device_gap") == "{[2,5)}"
        pipeline.take([messages[2]])

        with own_database.transaction() as tx:
            assert tx.value("select missing::text from device_gap") == "{[2,3),[4,5)}"
        assert len(stays(own_database)) == 1


class TestTakePulses:
    def test_a_living_pole_is_the_pulse_of_video(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.alive(VIDEO, "pole", after(0))])

        with own_database.transaction() as tx:
            assert tx.value("select message_n from source_health where source = 'video'") == 1
