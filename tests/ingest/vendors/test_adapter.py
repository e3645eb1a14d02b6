"""A vendor's messages become stays on a real database; what comes twice counts once, what begins is a report."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from core.kit.db import Database
from core.kit.moments import ms_of
from ingest.arrivals import Arrival, Outcome
from ingest.pipeline import Pipeline
from ingest.vendors.adapter import Adapter, Gateway
from ingest.vendors.frames import NoFrame
from tests.ingest.town import MAGNET, VIDEO

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
GATEWAYS = {
    "17": Gateway(site=MAGNET, gateway="g1"),
    "18": Gateway(site=VIDEO, gateway="g1", spaces={"pole": {1: "001", 2: "002", 3: "003"}}),
}


def after(minutes: float) -> datetime:
    """Return an instant of the test's morning."""
    return MORNING + timedelta(minutes=minutes)


class Vendor:
    """A vendor's gateways, and the adapter that listens to them."""

    def __init__(self) -> None:
        self.adapter = Adapter(GATEWAYS)
        self.number = 0

    def says(self, gateway: str, device: str, device_type: int, data: str, at: datetime, *, number: int | None = None) -> Arrival:
        """Let a device say something, and return what it becomes."""
        self.number += 1
        topic = f"iot/up/GW_{gateway}_DATA/1/{self.number if number is None else number}"
        said = {"deviceId": device, "deviceType": device_type, "data": data, "lastActivity": ms_of(at), "packetKind": "U"}
        told = self.adapter.translate(topic, orjson.dumps(said), sent_ms=ms_of(at))
        return Arrival(told.topic, told.payload, at + timedelta(milliseconds=300))


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def stays(database: Database) -> list[tuple[Any, ...]]:
    with database.transaction() as tx:
        return tx.tuples("select plate, started_at, ended_at, state from stay order by started_at")


class TestTranslate:
    def test_makes_stays_of_a_magnetometers_frames(self, vendor: Vendor, pipeline: Pipeline, own_database: Database) -> None:
        frames = [("000000", 0), ("010101", 10), ("000201", 20), ("010300", 70)]
        outcomes = pipeline.take([vendor.says("17", "m1", 212, data, after(minute)) for data, minute in frames])

        assert outcomes == [Outcome.STORED] * 4
        assert stays(own_database) == [(None, after(10), after(70), "closed")]

    def test_counts_once_what_comes_twice_and_misses_nothing(
        self, vendor: Vendor, pipeline: Pipeline, own_database: Database
    ) -> None:
        arrivals = [vendor.says("17", "m1", 212, f"00{serial:02x}00", after(serial)) for serial in (0, 1, 3, 2, 2)]

        assert pipeline.take(arrivals) == [Outcome.STORED] * 4 + [Outcome.DUPLICATE]
        with own_database.transaction() as tx:
            assert tx.value("select coalesce(sum(upper(h) - lower(h)), 0) from device_gap, unnest(missing) as h") == 0

    def test_r4_takes_the_first_it_hears_for_a_report(self, vendor: Vendor) -> None:
        first = orjson.loads(vendor.says("17", "m1", 212, "01c801", after(0)).payload)
        second = orjson.loads(vendor.says("17", "m1", 212, "01c900", after(5)).payload)

        assert (first["occupied"], first["repeat"]) == (True, True)
        assert (second["occupied"], second["repeat"], second["seq"]) == (False, False, first["seq"] + 1)

    def test_reads_who_stands_in_the_bays_of_a_camera(self, vendor: Vendor, pipeline: Pipeline, own_database: Database) -> None:
        came = (bytes([1, 1, 2, 1, 8]) + "云A12345".encode("gbk")).hex()
        pipeline.take([vendor.says("18", "pole", 200, "0100020000", after(0)), vendor.says("18", "pole", 200, came, after(5))])
        pipeline.take(
            [vendor.says("18", "pole", 200, came, after(5), number=2), vendor.says("18", "pole", 200, "0100020000", after(65))]
        )

        assert stays(own_database) == [("云A12345", after(5), after(65), "closed")]
        with own_database.transaction() as tx:
            assert tx.value("select duplicate_n from device_state join device using (device_id) where code = 'pole'") == 1

    @pytest.mark.parametrize(("topic", "device", "device_type", "data"), [
        ("iot/up/GW_99_DATA/1/1", "m1", 212, "000000"),
        ("iot/up/elsewhere/1/1", "m1", 212, "000000"),
        ("iot/up/GW_17_DATA/1/1", "m1", 212, "00"),
        ("iot/up/GW_17_DATA/1/1", "m 1", 212, "000000"),
        ("iot/up/GW_18_DATA/1/1", "other", 200, "0100010000"),
    ])  # fmt: skip
    def test_hands_on_what_it_does_not_understand(self, topic: str, device: str, device_type: int, data: str) -> None:
        said = {"deviceId": device, "deviceType": device_type, "data": data, "lastActivity": ms_of(MORNING)}

        with pytest.raises(NoFrame):
            Adapter(GATEWAYS).translate(topic, orjson.dumps(said), sent_ms=ms_of(MORNING))
