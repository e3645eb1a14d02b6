"""Frames of a common family of gateways, byte by byte; what is no frame is refused and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.messages.envelope import PlateColour
from ingest.vendors.frames import Frame, NoFrame, read

MAGNETS, ULTRASONIC, CAMERA = (196, 212, 213), 193, 200


def camera(maker: int, occupied: int, bay: int, colour: int, plate: bytes) -> str:
    """Return the frame of a bay camera."""
    return (bytes([maker, occupied, bay, colour, len(plate)]) + plate).hex()


class TestRead:
    @pytest.mark.parametrize("device_type", MAGNETS)
    @pytest.mark.parametrize(("data", "told"), [
        ("001101", Frame(is_occupied=True, is_change=False, serial=17)),
        ("01ff00", Frame(is_occupied=False, is_change=True, serial=255)),
        ("A50001FFFF", Frame(is_occupied=True, is_change=True, serial=0)),
    ])  # fmt: skip
    def test_tells_heartbeats_of_magnetometers_from_changes(self, device_type: int, data: str, told: Frame) -> None:
        assert read(device_type, data) == told

    @pytest.mark.parametrize(("data", "is_change"), [("080201", True), ("000201", False), ("f70201", False), ("ff0201", True)])
    def test_tells_reports_of_ultrasonic_sensors_by_their_third_bit(self, data: str, is_change: bool) -> None:
        assert read(ULTRASONIC, data) == Frame(is_occupied=True, is_change=is_change, serial=2)

    def test_reads_the_plate_of_a_bay(self) -> None:
        told = read(CAMERA, camera(1, 1, 2, 1, "云A12345".encode("gbk")))

        assert (told.bay, told.plate, told.colour, told.serial) == (2, "云A12345", PlateColour.BLUE, None)

    def test_reads_a_province_that_is_written_as_a_number(self) -> None:
        told = read(CAMERA, camera(2, 1, 3, 5, bytes([7]) + b"AD12345"))

        assert (told.bay, told.plate, told.colour) == (3, "云AD12345", PlateColour.GREEN)

    def test_reads_no_plate_of_an_empty_bay(self) -> None:
        told = read(CAMERA, camera(1, 0, 1, 0, b""))

        assert (told.is_occupied, told.plate) == (False, None)

    @pytest.mark.parametrize(("device_type", "data"), [
        (212, ""), (212, "0011"), (212, "zz"), (209, "000000"), (CAMERA, "0101"),
        (CAMERA, camera(3, 1, 1, 1, b"A")), (CAMERA, camera(1, 1, 4, 1, b"A")), (CAMERA, camera(1, 1, 1, 9, b"A")),
        (CAMERA, camera(2, 1, 1, 1, bytes([99]) + b"A")), (CAMERA, camera(1, 1, 1, 1, b"\xff")), (CAMERA, "0101010105"),
    ])  # fmt: skip
    def test_refuses_what_is_no_frame(self, device_type: int, data: str) -> None:
        with pytest.raises(NoFrame):
            read(device_type, data)

    @given(st.sampled_from([*MAGNETS, ULTRASONIC, CAMERA]), st.binary(max_size=40))
    def test_never_does_anything_else(self, device_type: int, body: bytes) -> None:
        try:
            told = read(device_type, body.hex())
        except NoFrame:
            return
        assert told.serial is None or 0 <= told.serial <= 255
