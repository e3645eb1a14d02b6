"""What every test may use: the fixtures of tests/fixtures, and a closing count of the skips."""

from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("boshu", deadline=None)  # a busy machine is no counterexample
hypothesis.settings.load_profile("boshu")

FIXTURES = Path(__file__).parent / "fixtures"
pytest_plugins = [f"tests.fixtures.{path.stem}" for path in sorted(FIXTURES.glob("[a-z]*.py"))]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped, also when none was: a silent skip looks like a proof."""
    if not hasattr(terminalreporter.config, "workerinput"):
        skipped = len(terminalreporter.stats.get("skipped", []))
        terminalreporter.write_line(f"skips: {skipped}")
