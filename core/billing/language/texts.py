"""Texts: a tariff read from YAML or JSON, or refused with every fault and its place."""

import json
import re
from typing import Any, Final

import yaml
from pydantic import ValidationError

from core.billing.language.checks import list_faults
from core.billing.language.faults import Fault, NotATariff, structurals
from core.billing.language.tariff import Tariff
from core.kit.locale import _

MAX_LETTERS: Final = 400_000
MAX_DEPTH: Final = 40


def _refusal(sentence: str, mark: Any) -> yaml.MarkedYAMLError:  # the library has two kinds of marks
    return yaml.MarkedYAMLError(None, None, sentence, mark)


class _PlainLoader(yaml.SafeLoader):
    """
    Read maps, lists, words, whole numbers, true, false and null.

    A clock time stays a word, a key comes once, nothing refers to another place: what is written is what is meant.
    """

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  # the library's own way to say it; its types are not

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse references and what is nested too deep."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # the library tells no types here
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refusal(_("A tariff refers to no other place; write it out."), event.start_mark)
        self._depth = getattr(self, "_depth", 0) + 1
        if self._depth > MAX_DEPTH:
            raise _refusal(_("This is nested too deep."), event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """Refuse a key that comes twice."""
        keys = [key.value for key, _value in node.value]
        for number, (key, _value) in enumerate(node.value):
            if not isinstance(key, yaml.ScalarNode) or key.value in keys[:number]:
                raise _refusal(_("A word comes twice, or is none."), key.start_mark)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(null|~)$", "n~"),
    ("tag:yaml.org,2002:int", r"^-?(0|[1-9][0-9]{0,17})$", "-0123456789"),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def read_yaml(text: str) -> Tariff:
    """
    Read a tariff from YAML.

    Raises:
        NotATariff: with all its faults.
    """
    return read_value(load(text))


def load(text: str) -> Any:  # what YAML holds; `read_value` checks it
    """
    Return what a text of YAML holds.

    Raises:
        NotATariff: it is none as a tariff needs it; the path of the fault is `line:column`.
    """
    if len(text) > MAX_LETTERS:
        raise NotATariff([Fault("", _("The text is too long for a tariff."))])
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506  # a safe loader, narrowed further
    except yaml.MarkedYAMLError as error:
        place = f"{error.problem_mark.line + 1}:{error.problem_mark.column + 1}" if error.problem_mark else ""
        raise NotATariff([Fault(place, _("This is not YAML as a tariff needs it: %(why)s", why=error.problem or ""))]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotATariff([Fault("", _("This is not YAML as a tariff needs it: %(why)s", why=type(error).__name__))]) from error


def read_value(value: Any) -> Tariff:  # what JSON or YAML holds; it is checked here
    """
    Read a tariff from a value as JSON knows it.

    Raises:
        NotATariff: with all its faults.
    """
    tariff = shape(value)
    if faults := list_faults(tariff):
        raise NotATariff(faults)
    return tariff


def shape(value: Any) -> Tariff:  # as above
    """
    Read what has the shape of a tariff, whatever it says.

    Raises:
        NotATariff: it has not.
    """
    try:
        return Tariff.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise NotATariff(structurals(error.errors(include_url=False))) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise NotATariff([Fault("", _("This holds something no tariff knows."))]) from error


def write_value(tariff: Tariff) -> dict[str, Any]:  # JSON
    """Return a tariff as JSON stores it; `read_value` reads the same tariff from it."""
    return tariff.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=False)


def write_yaml(tariff: Tariff) -> str:
    """Return a tariff as YAML in the order of the language; `read_yaml` reads the same tariff from it."""
    return yaml.safe_dump(write_value(tariff), allow_unicode=True, sort_keys=False, width=132)
