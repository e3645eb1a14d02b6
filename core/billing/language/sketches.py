"""
Sketches: tariffs that are not finished, as whoever writes one sees them: a value of JSON, the same as text, and what is missing.

A sketch holds what was written, right or wrong. What it lacks is said by `look`; only what lacks nothing is a tariff.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
import yaml
from pydantic import ValidationError

from core.billing.language.checks import list_contradictions, list_faults
from core.billing.language.faults import MAX_FAULTS, Fault, NotATariff
from core.billing.language.readings import needed
from core.billing.language.tariff import Plan, Tariff
from core.billing.language.texts import load, shape
from core.kit.locale import _

WIDTH: Final = 110
Sketch = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What a sketch is worth.

    Args:
        tariff: it, where it can be looked at: nothing is wrong but minutes with no band or with two.
        faults: what is wrong or missing, by the path of the part; none: it may price.
        needed: for each plan the settings that its text leaves open; none of a plan that has not its shape yet.
    """

    tariff: Tariff | None
    faults: tuple[Fault, ...]
    needed: tuple[tuple[str, ...], ...]


def read(text: str) -> Sketch:
    """
    Read a sketch from YAML.

    Raises:
        NotATariff: it is no YAML as tariffs need it, or no map; the fault's path is `line:column`.
    """
    value = load(text)
    if not isinstance(value, dict):
        raise NotATariff([Fault("1:1", _("A tariff is a map of words with their values."))])
    return value


def write(sketch: Sketch) -> str:
    """Return a sketch as YAML in its own order; `read` reads the same from it."""
    return yaml.safe_dump(sketch, allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH)


def look(sketch: Sketch) -> Seen:
    """Return what a sketch is worth."""
    asked = tuple(_needed(plan) for plan in _plans(sketch))
    try:
        tariff = shape(sketch)
    except NotATariff as refusal:
        return Seen(None, refusal.faults, asked)
    contradictions = list_contradictions(tariff)
    if contradictions:
        return Seen(None, tuple(contradictions[:MAX_FAULTS]), asked)
    return Seen(tariff, tuple(list_faults(tariff)), asked)


def lines(text: str, paths: Iterable[str]) -> dict[str, int]:
    """Return for each path the line, from 1, of the deepest part of it that a text holds; nothing for a text that is no YAML."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        return {}
    return {path: _line(root, path.split(".")) for path in paths} if root is not None else {}


def _plans(sketch: Sketch) -> Iterator[Any]:  # JSON
    plans = sketch.get("plans")
    yield from plans if isinstance(plans, list) else ()


def _needed(plan: Any) -> tuple[str, ...]:  # JSON
    try:
        return tuple(needed(Plan.model_validate_json(orjson.dumps(plan))))
    except (ValidationError, orjson.JSONEncodeError):
        return ()


def _line(node: yaml.Node, steps: list[str]) -> int:
    line = node.start_mark.line + 1
    for step in steps:
        found = _step(node, step)
        if found is None:
            break
        line, node = found
    return line


def _step(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    """Return one part of a node with the line its name stands in."""
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark.line + 1, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        item = node.value[int(step)]
        return item.start_mark.line + 1, item
    return None
