"""README says what is true: its table of settings is the one the settings print."""

import re

from core.settings import table
from tests.architecture import tree

BETWEEN = re.compile(r"<!-- settings: .*? -->\n(.*?)\n<!-- /settings -->", re.DOTALL)


def test_the_table_of_settings_is_current() -> None:
    readme = (tree.ROOT / "README.md").read_text(encoding="utf-8")

    assert BETWEEN.findall(readme) == [table()], "put the output of python -m core.settings between the marks"


def test_every_command_it_names_exists() -> None:
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    readmes = [(tree.ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    named = {target for readme in readmes for target in re.findall(r"`make ([a-z]+)", readme)}

    assert {target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()
