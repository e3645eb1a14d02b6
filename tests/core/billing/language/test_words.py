"""Every field of every part has its words, and every choice of it; what is said of nothing is said of too much."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

import pytest

from core.billing.language import parts, tariff
from core.billing.language.readings import QUESTIONS, USUAL
from core.billing.language.tariff import Settings, Tariff
from core.billing.language.words import CHAPTERS, KINDS, PARTS, name_of
from core.kit.locale import Language, use

TABLES = {parts.ByZone, parts.ByVehicle, parts.Part}
"""Tables of prices are asked for as one field."""


def models() -> list[type[parts.Part]]:
    """Return every part of the language."""
    found = [each for room in (parts, tariff) for each in vars(room).values() if isinstance(each, type)]
    return list(dict.fromkeys(each for each in found if issubclass(each, parts.Part) and each not in TABLES))


def choices(annotation: Any) -> Iterator[set[str]]:
    """Yield the values of each choice in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield {each.value for each in annotation}
    elif get_origin(annotation) is Literal:
        yield {str(each) for each in get_args(annotation)}
    else:
        for each in get_args(annotation):
            yield from choices(each)


class TestParts:
    def test_are_all_of_the_language(self) -> None:
        assert set(PARTS) == set(models())

    @pytest.mark.parametrize("model", models())
    def test_say_each_field_once(self, model: type[parts.Part]) -> None:
        silent = {"kind"} if _is_tagged(model) else {"form"} if model is Tariff else set()

        assert set(PARTS[model].fields) == set(model.model_fields) - silent

    @pytest.mark.parametrize("model", models())
    def test_say_each_choice(self, model: type[parts.Part]) -> None:
        for name, said in PARTS[model].fields.items():
            (expected,) = list(choices(model.model_fields[name].annotation)) or [set()]

            assert set(said.choices) == expected, name

    def test_say_each_kind(self) -> None:
        assert set(KINDS) == {get_args(each.model_fields["kind"].annotation)[0] for each in models() if _is_tagged(each)}

    @pytest.mark.parametrize("language", list(Language))
    def test_tell_the_choices_of_a_field_apart(self, language: Language) -> None:
        with use(language):
            alike = [name for spoken in PARTS.values() for name, said in spoken.fields.items() if _has_twins(said.choices)]

        assert alike == []


class TestChapters:
    def test_hold_each_field_of_a_tariff_once(self) -> None:
        held = [name for _name, _title, _note, names in CHAPTERS for name in names]

        assert sorted(held) == sorted(PARTS[Tariff].fields)


class TestUsual:
    def test_answers_each_question(self) -> None:
        assert set(USUAL) == set(QUESTIONS) == set(Settings.model_fields)

    def test_is_an_answer(self) -> None:
        assert Settings.model_validate(dict(USUAL), strict=False).model_dump(mode="json") == dict(USUAL)


def _is_tagged(model: type[parts.Part]) -> bool:
    field = model.model_fields.get("kind")
    return field is not None and get_origin(field.annotation) is Literal


def _has_twins(choices: Any) -> bool:
    words = [str(word) for word in choices.values()]
    return len(set(words)) < len(words)


class TestNameOf:
    @pytest.mark.parametrize(
        ("path", "called"),
        [
            ("plans.0.bands.1.charge.tiers.0", "Tiers 1"),
            ("plans.0.caps.1", "Caps 2"),
            ("plans.0.minimum_fen", "At least"),
            ("plans.2", "Plans 3"),
            ("somewhere", "somewhere"),
        ],
    )
    def test_says_what_a_path_leads_to(self, path: str, called: str) -> None:
        with use(Language.EN):
            assert name_of(path) == called
