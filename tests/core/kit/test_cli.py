"""The command line says in a sentence why it cannot."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kit.embedded import sticky_port
from core.kit.ids import uuid7
from tests.core.kit.test_wsgi import is_listening

ROOT = Path(__file__).parents[3]
COMMANDS = {"run", "web", "live", "ingest", "jobs", "migrate", "simulate", "import", "audit", "check"}


@pytest.fixture(scope="module")
def folder(run_folder: Path) -> Iterator[Path]:
    folder = run_folder / f"cli-{uuid7().hex}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """Return our environment without what the machine has set for the product."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("BOSHU_", "DATABASE_", "MQTT_"))}
    return {**own, "BOSHU_DATA_DIR": str(folder), "BOSHU_LANGUAGE": "en"}


def still_running(folder: Path) -> list[str]:
    """Return the command lines of processes that work in the folder."""
    lines = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())
    return [line.decode(errors="replace") for line in lines if os.fsencode(folder) in line]


def boshu(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "core.kit.cli", *words],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
        env={**environment(folder), **variables},
    )  # fmt: skip


class TestMain:
    def test_knows_the_commands_the_readme_promises(self, folder: Path) -> None:
        said = boshu(folder, "--help").stdout

        assert {word for word in COMMANDS if f" {word} " in said} == COMMANDS

    @pytest.mark.parametrize(
        ("variables", "sentence"),
        [
            ({"BOSHU_WEB_PORT": "many"}, "boshu: web_port: "),
            (
                {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "MQTT_URL": "mqtt://a:b@127.0.0.1:1"},
                "boshu: The database does not answer.",
            ),
        ],
    )
    def test_refuses_in_one_sentence(self, folder: Path, variables: dict[str, str], sentence: str) -> None:
        done = boshu(folder, "migrate", **variables)

        assert done.returncode == 1
        assert done.stderr.startswith(sentence)
        assert "Traceback" not in done.stderr


class TestMigrate:
    def test_brings_our_own_server_up_and_down_again(self, folder: Path) -> None:
        dry = boshu(folder, "migrate", "--dry").stdout.splitlines()
        first, second = boshu(folder, "migrate"), boshu(folder, "migrate")

        assert [line for line in first.stdout.splitlines() if line.endswith(".sql")] == dry
        assert len(re.findall(r"^  (?:system|security|audit) +(?:\w{5}-){3}\w{5}  ", first.stdout, re.MULTILINE)) == 3
        assert second.stdout == "The schema is current.\n"
        assert still_running(folder) == []


class TestWeb:
    def test_ends_with_its_servers_when_told_to(self, folder: Path, tmp_path: Path) -> None:
        boshu(folder, "migrate")
        port = sticky_port(tmp_path / "port")
        process = subprocess.Popen(
            [sys.executable, "-m", "core.kit.cli", "web"], cwd=ROOT, stderr=subprocess.DEVNULL,
            env={**environment(folder), "BOSHU_WEB_PORT": str(port)},
        )  # fmt: skip
        until = time.monotonic() + 30
        while not is_listening(port):
            assert time.monotonic() < until, "the web does not answer"
            time.sleep(0.1)

        process.terminate()

        assert process.wait(20) == 0
        assert still_running(folder) == []


class TestCheck:
    def test_finds_all_well_on_our_own_servers(self, folder: Path) -> None:
        boshu(folder, "migrate")

        done = boshu(folder, "check")

        assert (done.returncode, done.stdout) == (0, "All is well.\n")
