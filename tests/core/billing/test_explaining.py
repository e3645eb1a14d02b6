"""Explaining: what `boshu tariff` prints."""

from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from core.billing.explaining import NotExplained
from core.kit.cli import cli

BEIJING: Final = str(Path(__file__).parents[2] / "samples" / "tariffs" / "cn-beijing-onstreet.yaml")
EVENING: Final = ["--entry", "2025-03-05T18:00:00", "--exit", "2025-03-05T21:10:00"]
CASES: Final = (
    "timezone: Asia/Shanghai\ncases:\n- {case_id: one, entry: '2025-03-05T10:00:00', exit: '2025-03-05T11:00:00', "
    "vehicle: small, zone: class1, day_type: workday, expected_minor: %s}\n"
)


class TestExplain:
    def test_prints_each_line_the_total_and_the_next_change(self) -> None:
        told = CliRunner().invoke(cli, ["tariff", "explain", BEIJING, *EVENING, "--vehicle", "large", "--zone", "class2"])

        assert told.exit_code == 0
        assert [" ".join(line.split()) for line in told.stdout.splitlines()] == [
            "2025-03-05 18:00:00 2025-03-05 19:00:00 12.00 day · 4 × 3.00 per 15 min plans.0.bands.0.charge.tiers.0",
            "2025-03-05 19:00:00 2025-03-05 21:10:00 2.00 night · 1 × 2.00 per 2 h plans.0.bands.1.charge.tiers.0",
            "Together 14.00 CNY",
            "It changes at 2025-03-05 23:00:00.000.",
        ]

    @pytest.mark.parametrize("more", [["--vehicle", "tank"], ["--attr", "spaces=2"], ["--exit", "2025-03-05T17:00:00"]])
    def test_says_why_there_is_no_price(self, more: list[str]) -> None:
        told = CliRunner().invoke(cli, ["tariff", "explain", BEIJING, *EVENING, *more])

        assert isinstance(told.exception, NotExplained)


class TestVerify:
    @pytest.mark.parametrize(("fen", "code", "line"), [(1000, 0, "1 passed, 0 failed"), (999, 1, "0 passed, 1 failed")])
    def test_ends_well_only_if_every_case_does(self, tmp_path: Path, fen: int, code: int, line: str) -> None:
        cases = tmp_path / "cases.yaml"
        cases.write_text(CASES % fen, encoding="utf-8")

        told = CliRunner().invoke(cli, ["tariff", "verify", BEIJING, "--cases", str(cases)])

        assert told.exit_code == code
        assert told.stdout.splitlines()[-1] == f"{line}, 0 ambiguous"

    def test_says_what_is_wrong_with_a_file(self, tmp_path: Path) -> None:
        nothing = tmp_path / "nothing.yaml"
        nothing.write_text("form: 1\n", encoding="utf-8")

        told = CliRunner().invoke(cli, ["tariff", "verify", str(nothing), "--cases", str(nothing)])

        assert "nothing.yaml: code: This is missing." in str(told.exception)
