"""README says what is true: its settings are those of the code, its commands exist, its promises are proved."""

import re

import typer

from core.kit.cli import cli
from core.settings import table
from tests.architecture import readme, tree

PROMISE = re.compile(r"\b[ADFIMOVW]-\d\d\b")


def test_the_table_of_settings_is_current() -> None:
    assert readme.README.read_text(encoding="utf-8") == readme.current(), "run make docs"


def test_the_example_of_an_environment_names_settings() -> None:
    example = (tree.ROOT / ".env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert names != set()
    assert {name for name in names if f"| `{name}` |" not in table()} == set()


def test_every_command_it_names_exists() -> None:
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    text = "".join((tree.ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    commands = set(getattr(typer.main.get_command(cli), "commands", {}))

    assert set(re.findall(r"`make ([a-z]+)", text)) - targets == set()
    assert set(re.findall(r"`boshu ([a-z]+)", text)) - commands == set()


def test_every_promise_is_proved_where_it_says() -> None:
    rows = promises()

    assert [(identity, path) for identity, path in rows if identity not in (tree.ROOT / path).read_text(encoding="utf-8")] == []
    assert [identity for identity, _ in rows] == sorted({identity for identity, _ in rows})


def test_every_proof_is_a_promise_it_lists() -> None:
    proved = {
        (identity, str(path.relative_to(tree.ROOT)))
        for path in (tree.ROOT / "tests").rglob("test_*.py")
        for identity in PROMISE.findall(path.read_text(encoding="utf-8"))
    }

    assert {identity for identity, _ in proved} - {identity for identity, _ in promises()} == set()


def promises() -> list[tuple[str, str]]:
    """List the promises of README: id and the file that proves it."""
    table = readme.README.read_text(encoding="utf-8").split("<!-- promises -->")[1].split("<!-- /promises -->")[0]
    return re.findall(r"^\| ([A-Z]-\d\d) \|[^|]+\| `([^`]+)` \|", table, re.MULTILINE)
