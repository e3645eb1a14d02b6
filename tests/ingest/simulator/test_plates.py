"""Plates of the demo city."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ingest.messages.envelope import PlateColour, PlateText
from ingest.simulator.plates import BANDS, plate_of

FORMS = {
    "blue": r"江[A-H](?=.*[A-HJ-NP-Z])[A-HJ-NP-Z0-9]{5}",
    "green": r"江[A-H][DF]\d{5}",
    "yellow": r"江[A-H]\d{5}",
    "black": r"江[A-H][A-HJ-NP-Z]\d{3}领",
    "white": r"江[A-H]\d{4}警",
    "yellow_green": r"江[A-H]\d{5}[DF]",
}
WIRE = TypeAdapter(PlateText)


class TestPlateOf:
    @given(seed=st.integers(0, 2**31), vehicle=st.integers(0, 900_000))
    def test_is_well_formed_for_its_colour(self, seed: int, vehicle: int) -> None:
        plate = plate_of(seed, vehicle)

        assert re.fullmatch(FORMS[plate.colour], plate.text)
        assert WIRE.validate_python(plate.text) == plate.text
        assert PlateColour(plate.colour)

    def test_is_never_given_twice(self) -> None:
        assert len({plate_of(7, vehicle) for vehicle in range(120_000)}) == 120_000

    def test_comes_in_all_classes(self) -> None:
        counted = Counter(plate_of(7, vehicle).colour for vehicle in range(20_000))

        assert counted == {colour: count * 100 for colour, count in BANDS}

    def test_differs_between_seeds(self) -> None:
        assert plate_of(1, 0) != plate_of(2, 0)
