"""README says what is true: its settings are those of the code, its commands exist."""

import re

import typer

from core.kit.cli import cli
from core.settings import table
from tests.architecture import readme, tree


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
