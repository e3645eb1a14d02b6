"""JSON as it is read from requests: no deeper than anything of ours is, so that nobody makes a parser climb for him."""

import re
from typing import Any, Final

from flask.json.provider import DefaultJSONProvider

DEEPEST: Final = 32
_TEXT: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{}]")


class TooDeep(ValueError):
    """Lists and objects stand in each other too often; a parser says ValueError of what it cannot read."""


class ShallowJSON(DefaultJSONProvider):
    """Flask's own JSON, which refuses what is too deep before it is read."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # as Flask declares it
        """
        Read JSON.

        Raises:
            ValueError: it is none, or too deep.
        """
        require(s.encode("utf-8", "surrogatepass") if isinstance(s, str) else s)
        return super().loads(s, **kwargs)


def require(text: bytes) -> None:
    """
    Check that JSON is no deeper than it may be. What is no JSON may pass; whoever reads it will say so.

    Raises:
        TooDeep: it is.
    """
    depth = 0
    for bracket in _BRACKET.finditer(_TEXT.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > DEEPEST:
            raise TooDeep(f"deeper than {DEEPEST}")
