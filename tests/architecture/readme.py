"""Put the table of settings into README, between its marks. `make docs`."""

import re

from core.settings import table
from tests.architecture import tree

README = tree.ROOT / "README.md"
BETWEEN = re.compile(r"(<!-- settings: [^\n]* -->\n).*?(\n<!-- /settings -->)", re.DOTALL)


def current() -> str:
    """
    Return README as it should be.

    Raises:
        ValueError: the marks are gone.
    """
    text, replaced = BETWEEN.subn(lambda marks: marks[1] + table() + marks[2], README.read_text(encoding="utf-8"))
    if replaced != 1:
        raise ValueError("README.md needs one pair of settings marks")
    return text


if __name__ == "__main__":
    README.write_text(current(), encoding="utf-8")
