"""The form of a tariff: every value a tariff can hold has a shape in which it is asked for."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from core.billing.language import sketches
from core.billing.language.describing import Shape, describe
from core.kit.locale import Language, use

SAMPLES = sorted((Path(__file__).parents[3] / "samples/tariffs").glob("*.yaml"))
INNER = {"part", "parts", "union", "unions", "named"}
LEAVES = {
    "answer", "choice", "choices", "clock", "list", "minutes", "money", "month_day", "name", "names", "number", "order", "pick",
    "plain", "price", "switch",
}  # fmt: skip


@pytest.fixture(scope="module")
def form() -> dict[str, Any]:
    """Return the description as it is sent."""
    with use(Language.EN):
        sent: dict[str, Any] = orjson.loads(orjson.dumps(describe()))
    return sent


def strangers(form: dict[str, Any], shape: Shape, value: Any, path: str) -> list[str]:
    """List the places of a value that the form does not ask for."""
    kind = shape["is"]
    if kind == "part":
        fields = {field["name"]: field["shape"] for field in form["parts"][shape["of"]]["fields"]}
        own = {name: one for name, one in value.items() if name not in {"kind", "form"}}
        lost = [f"{path}.{name}" for name in own if name not in fields]
        inner = [(fields[name], one, f"{path}.{name}") for name, one in own.items() if name in fields]
    elif kind in {"union", "unions", "named"}:
        values = [value] if kind == "union" else value if kind == "unions" else list(value.values())
        lost, inner = [], [({"is": "part", "of": dict(shape["of"])[one["kind"]]}, one, path) for one in values]
    elif kind == "parts":
        lost, inner = [], [({"is": "part", "of": shape["of"]}, one, f"{path}.{number}") for number, one in enumerate(value)]
    else:
        lost, inner = [], []
    return lost + [one for each in inner for one in strangers(form, *each)]


class TestDescribe:
    def test_names_shapes_that_are_drawn(self, form: dict[str, Any]) -> None:
        shapes = {field["shape"]["is"] for part in form["parts"].values() for field in part["fields"]}

        assert shapes <= INNER | LEAVES

    def test_describes_every_part_that_it_names(self, form: dict[str, Any]) -> None:
        shapes = [field["shape"] for part in form["parts"].values() for field in part["fields"] if "of" in field["shape"]]
        named = [shape["of"] for shape in shapes if shape["is"] in {"part", "parts"}]
        named += [name for shape in shapes if shape["is"] in {"union", "unions", "named"} for _tag, name in shape["of"]]

        assert {form["whole"], *named} == set(form["parts"])

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_asks_for_all_that_a_real_tariff_says(self, form: dict[str, Any], path: Path) -> None:
        sketch = sketches.read(path.read_text(encoding="utf-8"))

        assert strangers(form, {"is": "part", "of": form["whole"]}, sketch, "") == []

    def test_says_what_is_money_and_what_is_time_by_the_name(self, form: dict[str, Any]) -> None:
        shapes = {field["name"]: field["shape"] for field in form["parts"]["AfterPayment"]["fields"]}

        assert shapes["grace_min"] == shapes["unit_min"] == {"is": "minutes"}
        assert shapes["unit_fen"] == {"is": "money"}

    def test_says_whose_names_may_be_chosen(self, form: dict[str, Any]) -> None:
        shapes = {field["name"]: field["shape"] for field in form["parts"]["When"]["fields"]}

        assert (shapes["vehicles"]["of"], shapes["zones"]["of"]) == ("vehicles", "zones")
