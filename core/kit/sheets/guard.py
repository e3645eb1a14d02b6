"""Guard: text that a spreadsheet would take for a formula."""

from typing import Final

LEADS: Final = "=+-@\t\r\n\0＝＋－＠"
"""First letters that make a formula, or that a spreadsheet drops before it looks for one."""
MARK: Final = "'"
"""What a spreadsheet takes for “this is text”; it stands before the text in a CSV, whose cells have no types."""

CODES: Final = tuple(ord(letter) for letter in LEADS)


def guarded(text: str) -> str:
    """Return a text as it may stand in a CSV."""
    return MARK + text if text.startswith(tuple(LEADS)) else text
