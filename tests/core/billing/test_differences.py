"""What changes between two versions, in words: each change once, and nothing where nothing changes."""

from pathlib import Path

import pytest

from core.billing.differences import list_differences
from core.billing.language import read_yaml

SAMPLES = sorted(Path("tests/samples/tariffs").glob("*.yaml"))
STREET = Path("ingest/simulator/tariffs/street-core.yaml").read_text(encoding="utf-8")


def told(*changes: tuple[str, str]) -> list[tuple[str, str | None, str | None]]:
    """Return what is told where texts of the street's tariff are replaced."""
    text = STREET
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    found = list_differences(read_yaml(STREET), read_yaml(text))
    return [(" › ".join(each.where), each.before, each.after) for each in found]


class TestListDifferences:
    def test_tells_a_price_where_it_stands(self) -> None:
        assert told(("price_fen: 225", "price_fen: 250")) == [
            ("Plans › street › Bands of the day › day › What it costs › Tiers › 2 › Price of a unit", "2.25 CNY", "2.50 CNY")
        ]

    def test_tells_lengths_choices_and_times_in_words(self) -> None:
        found = told(("minutes: 15", "minutes: 30"), ("bound: inclusive", "bound: exclusive"), ('"07:00"', '"08:00"'))

        assert ("Plans › street › Free times › short › How long", "15 min", "30 min") in found
        assert ("Plans › street › Free times › short › A stay of exactly so long", "is free", "is not free") in found
        assert ("Plans › street › Bands of the day › day › Clock times › 1 › From the time", "07:00", "08:00") in found

    def test_tells_parts_that_are_new_or_gone(self) -> None:
        cap = "    caps:\n      - {per: day, limits_fen: [3000]}\n    free:\n"
        found = told(("    free:\n", cap), ("after_payment: {grace_min: 15, policy: re_quote_from_entry}\n", ""), ("run_on", "cut"))

        assert ("Plans › street › Caps › 1", None, "The most for: each calendar day; Limit in money: 30.00 CNY") in found
        gone = "Time to drive out: 15 min; Who stays longer: pays for the whole stay, less what was paid"
        assert ("After payment", gone, None) in found
        assert ("Readings › Units at midnight", "run on", "are counted anew") in found

    def test_leads_to_the_part(self) -> None:
        (found,) = list_differences(read_yaml(STREET), read_yaml(STREET.replace("price_fen: 225", "price_fen: 250")))

        assert found.path == "plans.0.bands.0.charge.tiers.1.price_fen"

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_says_something_of_any_two_tariffs_and_nothing_of_one(self, path: Path) -> None:
        this, street = read_yaml(path.read_text(encoding="utf-8")), read_yaml(STREET)

        assert list_differences(this, this) == []
        assert list_differences(street, this) != []
        assert all(each.where and each.before != each.after for each in list_differences(this, street))
