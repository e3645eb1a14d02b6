"""The command line says in a sentence why it cannot."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kit import cli
from core.kit.ids import uuid7

ROOT = Path(__file__).parents[3]
COMMANDS = {"run", "web", "live", "ingest", "jobs", "migrate", "simulate", "import", "check"}


@pytest.fixture(scope="module")
def folder(run_folder: Path) -> Iterator[Path]:
    folder = run_folder / f"cli-{uuid7().hex}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def boshu(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    own = {name: value for name, value in os.environ.items() if not name.startswith(("BOSHU_", "DATABASE_", "MQTT_"))}
    return subprocess.run(
        [sys.executable, "-m", "core.kit.cli", *words],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
        env={**own, "BOSHU_DATA_DIR": str(folder), "BOSHU_LANGUAGE": "en", **variables},
    )  # fmt: skip


class TestMain:
    def test_knows_the_commands_the_readme_promises(self, folder: Path) -> None:
        said = boshu(folder, "--help").stdout

        assert {word for word in COMMANDS if f" {word} " in said} == COMMANDS

    @pytest.mark.parametrize(
        ("variables", "sentence"),
        [
            ({"BOSHU_WEB_HOST": "0.0.0.0"}, "boshu: Until sign-in exists the web process binds to loopback only"),
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
        dry = boshu(folder, "migrate", "--dry").stdout.split()
        first, second = boshu(folder, "migrate"), boshu(folder, "migrate")

        assert first.stdout.split() == dry
        assert second.stdout == "The schema is current.\n"
        assert not (folder / "postgres" / "cluster" / "postmaster.pid").exists()


class TestCheck:
    def test_finds_all_well_on_our_own_servers(self, folder: Path) -> None:
        boshu(folder, "migrate")

        done = boshu(folder, "check")

        assert (done.returncode, done.stdout) == (0, "All is well.\n")


class TestWork:
    @pytest.mark.parametrize("name", sorted(cli.WORK))
    def test_is_done_by_a_function_that_exists(self, name: str) -> None:
        assert callable(cli._work(name))
