"""A log line is one line, and says nothing about people."""

import contextlib
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.kit import log
from core.kit.ids import uuid7

ROOT = Path(__file__).parents[3]
Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Return a function that reads what was logged, each line as JSON."""
    root, out = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    with contextlib.redirect_stderr(out):
        log.configure("INFO", process="test")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], root.level = handlers, level
    sys.excepthook = sys.__excepthook__


class TestConfigure:
    def test_writes_one_object_a_line_with_instant_level_and_process(self, lines: Lines) -> None:
        log.get_logger("ingest").info("Stored a batch.", rows=3)

        (line,) = lines()
        assert (
            line.items() >= {"event": "Stored a batch.", "rows": 3, "level": "info", "process": "test", "logger": "ingest"}.items()
        )
        assert str(line["at"]).endswith("Z")

    def test_takes_the_words_of_libraries_in(self, lines: Lines) -> None:
        logging.getLogger("paho").warning("lost %s", "connection")

        assert lines()[0]["event"] == "lost connection"

    def test_keeps_quiet_below_the_level(self, lines: Lines) -> None:
        log.get_logger("x").debug("details")

        assert lines() == []

    @pytest.mark.parametrize("sign", ["\r\n", "\n", "\u2028", "\x1b[31m", "\u202e", "\x85", "\ud800"])
    def test_cannot_be_made_to_write_a_second_line(self, lines: Lines, sign: str) -> None:
        log.get_logger("x").info(f"a{sign}b", reason=f"c{sign}d")

        (line,) = lines()
        assert sign not in str(line)

    def test_tells_an_error_with_its_trace(self, lines: Lines) -> None:
        try:
            raise ValueError("broken")
        except ValueError:
            log.get_logger("x").exception("Failed.")

        assert "ValueError: broken" in str(lines()[0]["exception"])

    def test_tells_a_bug_that_ends_the_process_in_one_line(self) -> None:
        script = "from core.kit import log; log.configure('INFO', process='jobs'); {}['江A12345']"

        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)

        line = json.loads(done.stderr)
        assert done.returncode == 1
        assert (line["level"], line["kind"], line["process"]) == ("critical", "KeyError", "jobs")
        assert "Traceback" in line["exception"]


class TestWithhold:
    def test_drops_text_under_a_name_that_is_not_listed(self, lines: Lines) -> None:
        log.get_logger("x").info("Read.", plate="江A12345", driver={"phone": "1"}, topic="boshu/v1", n=1, id=uuid7())

        (line,) = lines()
        assert line["withheld"] == ["driver", "plate"]
        assert "江A12345" not in str(line)
        assert line["topic"] == "boshu/v1"
        assert {"n", "id"} <= line.keys()
