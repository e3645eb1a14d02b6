"""The mess dial."""

from collections import Counter

import pytest

from core.devices.devices import DeviceKind
from core.stays.rules.plates import Plate as Known
from core.stays.rules.plates import is_confusable
from ingest.simulator import places
from ingest.simulator.mess import Mess, Trouble
from ingest.simulator.places import Device
from ingest.simulator.plates import Plate, plate_of

DAY_MS = 86_400_000


@pytest.fixture
def sensor() -> Device:
    """Return a sensor."""
    return next(device for device in places.layout(1).sites[0].devices if device.kind is DeviceKind.GEOMAGNETIC)


class TestMess:
    def test_refuses_what_is_no_share(self) -> None:
        with pytest.raises(ValueError, match="gaps"):
            Mess(gaps=1.5)

    def test_dials_between_nothing_and_everything(self) -> None:
        assert Mess.default().times(0) == Mess.none()
        assert Mess.default().times(1) == Mess.default()
        assert Mess(gaps=0.5, outages_a_day=2).times(10) == Mess(gaps=1.0, outages_a_day=20)


class TestTrouble:
    def test_leaves_a_world_without_mess_alone(self, sensor: Device) -> None:
        trouble = Trouble(Mess.none(), "1")

        assert {trouble.fate(sensor, at_ms).sent_ms == (at_ms,) for at_ms in range(0, DAY_MS, 60_000)} == {True}
        assert trouble.skew_ms(sensor) == 0
        assert trouble.read(plate_of(1, 5)) == plate_of(1, 5)
        assert not trouble.reboots(sensor)

    def test_is_the_same_for_the_same_seed(self, sensor: Device) -> None:
        one, other = (Trouble(Mess.default().times(5), "7") for _ in range(2))

        assert [one.fate(sensor, at_ms) for at_ms in range(1_000)] == [other.fate(sensor, at_ms) for at_ms in range(1_000)]

    def test_keeps_its_shares(self, sensor: Device) -> None:
        trouble = Trouble(Mess(duplicates=0.2, delays=0.1, gaps=0.05), "1")
        words = Counter(trouble.fate(sensor, 0).word for _ in range(20_000))

        assert abs(words["duplicated"] / 20_000 - 0.2) < 0.01
        assert abs(words["delayed"] / 20_000 - 0.1) < 0.01
        assert abs(words["lost"] / 20_000 - 0.05) < 0.01

    def test_silences_sensors_and_holds_lanes_back_while_a_gateway_is_away(self, sensor: Device) -> None:
        trouble = Trouble(Mess(outages_a_day=3), "1")
        starts_ms, ends_ms = next(outage for day in range(9) for outage in trouble.outages_on(sensor, day))
        lot = places.layout(1).sites[-1]
        camera = next(device for device in lot.devices if device.kind is DeviceKind.LANE_CAMERA)
        away_ms, back_ms = next(outage for day in range(9) for outage in trouble.outages_on(camera, day))

        assert 15 * 60_000 <= ends_ms - starts_ms < 45 * 60_000
        assert trouble.fate(sensor, starts_ms).sent_ms == ()
        assert trouble.fate(camera, away_ms).sent_ms[0] > back_ms

    def test_misreads_as_recognisers_do(self) -> None:
        trouble = Trouble(Mess(misreads=1.0), "1")
        for vehicle in range(300):
            plate = plate_of(1, vehicle)
            read = trouble.read(plate)

            assert read == plate or is_confusable(Known(*plate), Known(*read))
            assert isinstance(read, Plate)
