"""What the colour of a plate tells of a vehicle."""

import pytest

from core.customers.rules.classes import VehicleTraits, traits_of
from ingest.messages.envelope import PlateColour


class TestTraitsOf:
    @pytest.mark.parametrize("colour", list(PlateColour))
    def test_knows_every_colour_the_wire_admits(self, colour: PlateColour) -> None:
        traits = traits_of(colour.value)

        assert traits.vehicle_class in {"small", "large", "motor", "other"}
        assert traits.energy in {"nev", "other"}
        assert traits.right_kind in {"casual", "exempt"}

    def test_takes_a_white_plate_for_exempt_and_no_other(self) -> None:
        assert [colour.value for colour in PlateColour if traits_of(colour.value).right_kind == "exempt"] == ["white"]

    def test_takes_yellow_for_large_and_green_for_electric(self) -> None:
        assert traits_of("yellow") == VehicleTraits("large", "other", "casual")
        assert traits_of("green") == VehicleTraits("small", "nev", "casual")
        assert traits_of("yellow_green") == VehicleTraits("large", "nev", "casual")

    def test_refuses_what_is_no_colour_of_plates(self) -> None:
        with pytest.raises(KeyError):
            traits_of("pink")
