"""
Describing: the rule language as a form, part by part, for whoever draws it. It follows from the models and their words.

A *shape* says how one value is asked for: `{"is": "money"}`, `{"is": "parts", "of": "Band"}`. Everything is JSON, in the
reader's language.
"""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from core.billing.language import parts
from core.billing.language.readings import QUESTIONS, USUAL
from core.billing.language.tariff import Settings, Tariff
from core.billing.language.words import CHAPTERS, KINDS, PARTS, Look, Said
from core.kit.locale import Text

Shape = dict[str, Any]
_UNITS: Final = {"hours": "h", "percent": "%"}
_TAG: Final = "kind"


def describe() -> dict[str, Any]:
    """Return chapters, parts by name, and what is usual, as JSON."""
    return {
        "whole": Tariff.__name__,
        "chapters": [
            {"name": name, "title": str(title), "note": str(note), "fields": list(fields)} for name, title, note, fields in CHAPTERS
        ],
        "parts": {model.__name__: _part(model) for model in PARTS},
        "kinds": {name: str(word) for name, word in KINDS.items()},
        "questions": {name: str(question) for name, question in QUESTIONS.items()},
        "usual": USUAL,
    }


def _part(model: type[parts.Part]) -> dict[str, Any]:
    spoken = PARTS[model]
    asked = {name: _field(model, name, said) for name, said in spoken.fields.items()}
    order = [each.alias or name for name, each in model.model_fields.items()]
    return {"one": str(spoken.one), "row": spoken.is_row, "fields": list(asked.values()), "order": order}


def _field(model: type[parts.Part], name: str, said: Said) -> dict[str, Any]:
    info = model.model_fields[name]
    told = {
        "name": info.alias or name,
        "label": str(said.label),
        "hint": str(said.hint),
        "needed": info.is_required(),
        "shape": _shape(name, _bare(info), said),
    }
    if model is Settings:
        told["question"] = str(QUESTIONS[name])
    return told


def _bare(info: FieldInfo) -> Any:  # an annotation, of any shape
    """Return what a field holds where it holds something."""
    return _without_none(info.annotation)


def _without_none(annotation: Any) -> Any:  # as above
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        kept = [_without_none(each) for each in get_args(annotation) if each is not NoneType]
        return kept[0] if len(kept) == 1 else tuple(kept)
    return annotation


def _shape(name: str, held: Any, said: Said) -> Shape:
    """Return how a value is asked for; `held` is an annotation without None, or several of a union."""
    if said.look is Look.ANSWER:
        return {"is": "answer"}
    if isinstance(held, tuple):
        return {"is": "price"} if parts.ByZone in held else {"is": "union", "of": _tags(held)}
    if get_origin(held) in {tuple, dict}:
        return _several(name, held, said)
    if said.choices:
        return {"is": "choice", "options": _words(said.choices), "numeric": _is_numeric(held)}
    if isinstance(held, type) and issubclass(held, parts.Part):
        return {"is": "part", "of": held.__name__}
    return _plain(name, held, said)


def _several(name: str, held: Any, said: Said) -> Shape:
    """Return how several values are asked for: parts, words, choices, or named ones."""
    given = [each for each in get_args(held) if each is not Ellipsis]
    inside = _without_none(given[-1])
    if get_origin(held) is dict:
        return {"is": "named", "of": _tags(inside)}
    if said.choices:
        return {"is": "order" if name == "order" else "choices", "options": _words(said.choices)}
    if isinstance(inside, type) and issubclass(inside, str):
        return {"is": "names", "of": said.of, "offers": list(said.offers)}
    if isinstance(inside, type) and issubclass(inside, parts.Part):
        return {"is": "parts", "of": inside.__name__}
    item = _shape(name, inside, said)
    return {"is": "unions", "of": item["of"]} if item["is"] == "union" else {"is": "list", "item": item}


def _plain(name: str, held: Any, said: Said) -> Shape:
    """Return how one value is typed; amounts and times are known by the unit in their name."""
    if held is bool:
        return {"is": "switch"}
    if held is int:
        return _number(name)
    assert isinstance(held, type)
    assert issubclass(held, str)
    if said.of:
        return {"is": "pick", "of": said.of}
    return {"is": said.look.value}


def _number(name: str) -> Shape:
    if name.endswith("_fen"):
        return {"is": "money"}
    if name.endswith("_min") or name == "minutes":
        return {"is": "minutes"}
    return {"is": "number", "unit": _UNITS.get(name, "")}


def _tags(models: tuple[type[parts.Part], ...]) -> list[list[str]]:
    """Return the kinds of a union with the part each of them is."""
    return [[get_args(model.model_fields[_TAG].annotation)[0], model.__name__] for model in models]


def _words(choices: Mapping[str, Text]) -> list[list[str]]:
    return [[value, str(word)] for value, word in choices.items()]


def _is_numeric(held: Any) -> bool:  # as above
    return get_origin(held) is Literal and all(isinstance(each, int) for each in get_args(held))
