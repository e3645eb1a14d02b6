"""What every test may use: the fixtures of tests/fixtures, an order that leaves no worker idle, a closing count of the skips."""

from pathlib import Path
from typing import Final

import hypothesis
import pytest

hypothesis.settings.register_profile("boshu", deadline=None)  # a busy machine is no counterexample
hypothesis.settings.load_profile("boshu")

TESTS: Final = Path(__file__).parent
LONG: Final = (
    "browser/test_every_page.py",
    "proofs/test_permutations.py",
    "proofs/test_crash.py",
    "browser/test_wall.py",
    "proofs/test_outage.py",
    "browser/test_wall_alone.py",
    "ingest/files/test_stays.py",
    "browser/test_wall_day.py",
    "browser/test_wall_watch.py",
    "browser/test_wall_outage.py",
    "proofs/test_slow_database.py",
    "browser/test_wall_feed.py",
    "core/insight/test_wall.py",
    "browser/test_wall_line.py",
    "browser/test_dispatch.py",
    "browser/test_devices.py",
    "ingest/schedule/test_runner.py",
    "ingest/simulator/test_history.py",
    "ingest/simulator/test_openings.py",
)
"""Files of a minute and more, the longest first: begun last, each would be waited for by workers with nothing to do."""

FIXTURES = TESTS / "fixtures"
pytest_plugins = [f"tests.fixtures.{path.stem}" for path in sorted(FIXTURES.glob("[a-z]*.py"))]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files; `--no-loadscope-reorder` hands files out in this order."""
    place = {TESTS / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped, also when none was: a silent skip looks like a proof."""
    if not hasattr(terminalreporter.config, "workerinput"):
        skipped = len(terminalreporter.stats.get("skipped", []))
        terminalreporter.write_line(f"skips: {skipped}")
