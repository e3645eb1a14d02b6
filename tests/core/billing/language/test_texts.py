"""Texts: a tariff is read, or refused with places and sentences; nothing a text may hold breaks the reader."""

import random
from pathlib import Path
from typing import Final

import pytest

from core.billing.language import NotATariff, compile_tariff, read_value, read_yaml, write_yaml
from core.billing.rules.days import Unpriceable
from core.billing.rules.pricing import charge
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import a_stay, garage, street

SAMPLES: Final = sorted((Path(__file__).parents[3] / "samples" / "tariffs").glob("*.yaml"))
WORDS: Final = ["-1", "999999999999999999999", "null", "true", "[]", "{}", "1e9", "~", ".inf"]
LETTERS: Final = "0123456789:-{}[], \n#&*!|>'\"%@`abcxyz停\t"


def refused(text: str) -> tuple[tuple[str, str], ...]:
    with pytest.raises(NotATariff) as caught:
        read_yaml(text)
    return tuple(caught.value.faults)


def mutated(text: str, dice: random.Random) -> str:
    """Change a text in one or a few places, as a hand or a broken file would."""
    for _again in range(dice.randrange(1, 4)):
        at, kind = dice.randrange(len(text)), dice.randrange(6)
        lines = text.splitlines(keepends=True)
        line = dice.randrange(len(lines))
        if kind == 0:
            text = text[:at] + dice.choice(LETTERS) + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + text[at + dice.randrange(1, 12) :]
        elif kind == 2:
            text = "".join([*lines[:line], *lines[line + 1 :]])
        elif kind == 3:
            text = "".join([*lines[:line], lines[dice.randrange(len(lines))], *lines[line:]])
        elif kind == 4:
            text = (
                text[:at] + dice.choice(["-1", "999999999999999999999", "null", "true", "[]", "{}", "1e9", "~", ".inf"]) + text[at:]
            )
        else:
            lines[line] = "  " * dice.randrange(0, 6) + lines[line].lstrip()
            text = "".join(lines)
    return text


def outcome(text: str) -> str:
    """Return what becomes of a text: refused with sentences, priced, or without a price and the reason."""
    try:
        ready = compile_tariff(read_yaml(text))
    except NotATariff as refusal:
        return "refused" if all(fault.sentence for fault in refusal.faults) else "refused without a sentence"
    try:
        return "priced" if charge(ready, a_stay("20 10:00", "21 12:00"), Weeks()).gross_fen >= 0 else "negative"
    except Unpriceable as refusal:
        return "no price" if refusal.about else "no price and no reason"


def outcomes(number: int, seed: int) -> set[str]:
    """Return what became of so many tariffs that were changed at random."""
    dice, texts = random.Random(seed), [path.read_text(encoding="utf-8") for path in SAMPLES]
    return {outcome(mutated(dice.choice(texts), dice)) for _number in range(number)}


class TestReadYaml:
    def test_keeps_clock_times_as_they_are_written(self) -> None:
        text = write_yaml(read_value(street())).replace("'19:00'", "19:00")

        assert read_yaml(text) == read_value(street())

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: &x 1\nb: *x", "1:4"),
            ("form: 1\nform: 1", "2:1"),
            ("[" * 60 + "]" * 60, "1:41"),
            ("? [a]\n: 1", "1:3"),
            ("!!python/object:os.system {}", ""),
            ("\x00", ""),
            ("- " * 300_000, ""),
            ("true", ""),
            ("", ""),
        ],
    )
    def test_refuses_what_no_tariff_needs(self, text: str, place: str) -> None:
        assert place in refused(text)[0][0]

    def test_names_the_place_and_the_reason(self) -> None:
        faults = dict(refused(write_yaml(read_value(garage())).replace("unit_min: 60", "unit_min: sixty", 1)))

        assert faults == {
            "plans.0.bands.0.charge.tiers.0.unit_min": "sixty is of another type than is expected here.",
        }

    def test_accepts_or_refuses_whatever_became_of_a_tariff(self) -> None:
        assert outcomes(300, seed=3) <= {"refused", "priced", "no price"}

    @pytest.mark.prove
    def test_accepts_or_refuses_ten_thousand_mutants(self) -> None:
        assert outcomes(10_000, seed=4) == {"refused", "priced", "no price"}
