"""Mappings: the shipped ones work, a wrong one is refused with what is wrong."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.kit.locale import use
from ingest.files.bay_rows import BayMap
from ingest.files.count_rows import CountMap
from ingest.files.event_rows import EventMap
from ingest.files.mapping import MAPS, FileMap, NoMapping, NoSite, StayMap, load
from ingest.files.meter_rows import MeterMap
from ingest.files.snapshot_rows import SnapshotMap

SHIPPED = [path.stem for path in sorted(MAPS.glob("*.yaml"))]
KINDS: dict[str, type[FileMap]] = {kind.KIND: kind for kind in (StayMap, CountMap, EventMap, BayMap, SnapshotMap, MeterMap)}


def a_mapping(**changes: Any) -> dict[str, Any]:  # as YAML gives it
    """Return the text of a mapping, with changes."""
    text: dict[str, Any] = yaml.safe_load((MAPS / "cn_lots_pewlstm.yaml").read_text("utf-8"))
    return text | changes


class TestLoad:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_knows_the_shipped_ones_by_name(self, name: str) -> None:
        kind = KINDS[yaml.safe_load((MAPS / f"{name}.yaml").read_text("utf-8"))["kind"]]

        assert isinstance(load(name, kind), kind)

    def test_refuses_one_of_another_kind(self) -> None:
        with pytest.raises(NoMapping, match="occupancy"), use("en"):
            load("malaga_lots", StayMap)

    def test_takes_a_path(self, tmp_path: Path) -> None:
        path = tmp_path / "ours.yaml"
        path.write_text(yaml.safe_dump(a_mapping(longest_days=3)), "utf-8")

        assert load(str(path), StayMap).longest_days == 3

    def test_names_the_shipped_ones_where_there_is_none(self) -> None:
        with pytest.raises(NoMapping, match="cn_lots_pewlstm"):
            load("nowhere", StayMap)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"times": ["%Y/%m/%d %I:%M"]}, "%I"),
            ({"times": ["%H:%M"]}, "day"),
            ({"encodings": ["klingon"]}, "klingon"),
            ({"zone": "Asia/Nowhere"}, "Nowhere"),
            ({"file_name": "P[0-9"}, "P"),
            ({"file_name": "P[0-9]+"}, "group"),
            ({"statuses": {}}, "status"),
            ({"has_header": False}, "position"),
            ({"areas": {}}, "ningbo"),
            ({"columns": {"entered": {"header": "a", "position": 1}, "left": {"position": 2}}}, "by one of the two"),
            ({"colour_of_the_wall": "blue"}, "colour_of_the_wall"),
        ],
    )
    def test_refuses_what_cannot_work(self, changes: dict[str, Any], said: str, tmp_path: Path) -> None:
        path = tmp_path / "wrong.yaml"
        path.write_text(yaml.safe_dump(a_mapping(**changes)), "utf-8")

        with pytest.raises(NoMapping, match=said):
            load(str(path), StayMap)

    def test_refuses_what_is_no_yaml(self, tmp_path: Path) -> None:
        path = tmp_path / "wrong.yaml"
        path.write_text("a: [", "utf-8")

        with pytest.raises(NoMapping):
            load(str(path), StayMap)


class TestSiteOf:
    @pytest.mark.parametrize(
        ("name", "code"),
        [("P1.csv.gz", "CN-P1"), ("P10.csv", "CN-P10"), ("2019 export (P1) new.csv", "CN-P1"), ("shuffled_P4.csv", "CN-P4")],
    )
    def test_finds_the_site_in_a_renamed_file(self, name: str, code: str) -> None:
        assert load("cn_lots_pewlstm", StayMap).site_of(Path(name)).code == code

    @pytest.mark.parametrize("name", ["P2.csv", "P100.csv", "MAP1.csv", "lots.csv"])
    def test_refuses_a_name_that_tells_none(self, name: str) -> None:
        with pytest.raises(NoSite):
            load("cn_lots_pewlstm", StayMap).site_of(Path(name))
