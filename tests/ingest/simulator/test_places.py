"""The city as it is laid out."""

import re
from collections import Counter

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.devices.devices import DeviceKind
from core.kit.ids import derived_id
from core.places.sites import SiteKind, SiteMode
from ingest.messages.wire import read_topic
from ingest.simulator import places

SEED = 20_261_122


class TestLayout:
    def test_is_the_city_of_the_wall(self) -> None:
        city = places.layout(SEED)
        streets = [site for site in city.sites if site.spaces]

        assert len(streets) == 40
        assert len(city.sites) - len(streets) == 12
        assert sum(len(site.spaces) for site in streets) == 2_400
        assert {site.district for site in city.sites} == {"GL", "DH", "LJ", "XF"}
        assert sum(site.mode is SiteMode.VIDEO for site in streets) == 10

    def test_has_every_mode_of_collection(self) -> None:
        modes = Counter(site.mode for site in places.layout(SEED).sites)

        assert modes == {
            SiteMode.MAGNETOMETER: 21, SiteMode.PATROL: 3, SiteMode.LOOP: 2, SiteMode.SPACE_LOCK: 2,
            SiteMode.VIDEO: 10, SiteMode.BOLLARD: 2, SiteMode.GATE: 12,
        }  # fmt: skip

    def test_shows_every_lot_at_its_entrance_and_on_the_way(self) -> None:
        city = places.layout(SEED)
        shown = Counter(
            watch.channel
            for site in city.sites
            for device in site.devices
            if device.kind is DeviceKind.GUIDANCE_SCREEN
            for watch in device.watches
        )

        assert {code: shown[code] for code in shown if code.startswith("P-")} == {
            site.code: 2 for site in city.sites if site.kind is SiteKind.OFF_STREET
        }
        assert len(shown) == 16

    @given(berths=st.integers(40, 6_000))
    def test_shares_out_any_number_of_berths(self, berths: int) -> None:
        streets = [site for site in places.layout(SEED, berths).sites if site.spaces]

        assert len(streets) == 40
        assert sum(len(site.spaces) for site in streets) == berths

    def test_names_everything_once(self) -> None:
        city = places.layout(SEED)

        assert max(Counter(site.code for site in city.sites).values()) == 1
        assert max(Counter((site.name, site.name_en) for site in city.sites).values()) == 1
        for site in city.sites:
            assert max(Counter(space.code for space in site.spaces).values(), default=1) == 1
        assert max(Counter(device.topic for site in city.sites for device in site.devices).values()) == 1

    def test_numbers_the_spaces_of_a_road_without_a_double(self) -> None:
        codes = Counter((site.road, space.code) for site in places.layout(SEED).sites for space in site.spaces)

        assert max(codes.values()) == 1

    def test_derives_ids_from_what_they_name(self) -> None:
        site = places.layout(SEED).sites[3]

        assert site.site_id == derived_id("site", site.code)
        assert site.spaces[0].space_id == derived_id("space", site.site_id, site.spaces[0].code)
        gateway = site.devices[0]
        assert gateway.device_id == derived_id("device", site.code, gateway.gateway, gateway.code)

    def test_lets_every_device_speak_on_the_wire(self) -> None:
        for site in places.layout(SEED).sites:
            for device in site.devices:
                assert read_topic(f"{device.topic}/alive").site == site.code

    def test_watches_every_space_once(self) -> None:
        for site in places.layout(SEED).sites:
            eyes = [device for device in site.devices if device.kind in places.SENSORS | places.CAMERAS]
            watched = [watch.target_id for device in eyes for watch in device.watches]

            assert sorted(watched) == sorted(space.space_id for space in site.spaces)
            assert all(len(device.watches) <= places.MOST_SPACES_A_POLE for device in eyes)

    def test_puts_spaces_beside_their_street(self) -> None:
        """A kerb is four metres from the middle; a code goes on along the street."""
        for site in places.layout(SEED).sites:
            lines = site.geometry["coordinates"]
            for space in site.spaces:
                lons = [point[0] for line in lines for point in line]
                lats = [point[1] for line in lines for point in line]
                assert min(lons) - 1e-4 < space.lon < max(lons) + 1e-4
                assert min(lats) - 1e-4 < space.lat < max(lats) + 1e-4


class TestMap:
    @pytest.mark.parametrize("name", ["basemap", "labels", "sites"])
    def test_is_geojson_that_can_be_drawn_on_the_wall(self, name: str) -> None:
        drawn = orjson.loads((places.MAP / f"{name}.geojson").read_bytes())
        canvas = drawn["canvas"]

        assert drawn["type"] == "FeatureCollection"
        assert canvas["lon_per_px"] > 0 > canvas["lat_per_px"]
        assert all(feature["geometry"]["coordinates"] for feature in drawn["features"])

    def test_has_every_site_within_the_canvas(self) -> None:
        canvas = orjson.loads((places.MAP / "sites.geojson").read_bytes())["canvas"]

        for site in places.layout(SEED).sites:
            x = (site.centre[0] - canvas["lon_0"]) / canvas["lon_per_px"]
            y = (site.centre[1] - canvas["lat_0"]) / canvas["lat_per_px"]
            assert 440 < x < 1_480, site.name
            assert 215 < y < 900, site.name

    def test_has_the_layers_of_the_drawing(self) -> None:
        drawn = orjson.loads((places.MAP / "basemap.geojson").read_bytes())

        assert {feature["properties"]["layer"] for feature in drawn["features"]} == {
            "park", "b1", "b2", "b3", "river", "lake", "rail", "minor", "arterial", "diagonal", "ring",
        }  # fmt: skip

    def test_speaks_both_languages(self) -> None:
        for site in places.layout(SEED).sites:
            assert re.search("[一-鿿]", site.name)
            assert re.fullmatch(r"[A-Za-z0-9 ']+", site.name_en)
