"""
Counting: how much of a list there is, in words; and what a page remembers of what it read, so that it reads on from there.

The page hands back the keys of rows that ended blocks (`ends`). They are looked up again, so that a key that somebody made up
finds what any other would; they are of use only for the question and the order they were read under (`of`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from core.kit.listing import COUNTED, Anchor, Asked, Measure
from core.kit.locale import _
from core.ui.register.asking import Question

_ENDS_MOST: Final = 64
_DIGITS: Final = 3
"""Of a number that is only near."""


def words(measure: Measure) -> str:
    """Return how many rows were found: the number, about how many, or more than so many."""
    if measure.is_exact:
        return f"{measure.count:,}"
    if measure.is_about:
        return _("about %(n)s", n=f"{round(measure.count, _DIGITS - len(str(measure.count))):,}")
    return _("more than %(n)s", n=f"{COUNTED:,}")


def short(measure: Measure) -> str:
    """Return the same for a tab, where there is no room for words."""
    if measure.is_exact:
        return f"{measure.count:,}"
    return f"≈{round(measure.count, _DIGITS - len(str(measure.count))):,}" if measure.is_about else f"{COUNTED:,}+"


def fingerprint(asked: Asked, question: Question) -> str:
    """Return what tells a question and its order from others, whatever block is asked for."""
    told = [question, [[order.column, order.is_falling] for order in asked.orders]]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()[:16]


def kept(asked: Asked, of: str, keys: Sequence[object], before: object, measure: Measure | None) -> dict[str, Any]:
    """Return what the page remembers after a block of rows; `measure` is counted with the first one."""
    known = before if isinstance(before, Mapping) else {}
    ends = list(_ends(known)) if known.get("of") == of and asked.first else []
    if len(keys) == asked.most:
        ends = [end for end in ends if end[0] < asked.first + len(keys)] + [(asked.first + len(keys), str(keys[-1]))]
    if len(ends) > _ENDS_MOST:
        ends = [*ends[:-1:2], ends[-1]]
    n, is_exact = (known.get("n", 0), known.get("exact") is True) if measure is None else (measure.count, measure.is_exact)
    return {"n": n, "exact": is_exact, "of": of, "ends": ends}


def anchor(asked: Asked, of: str, before: object) -> Anchor | None:
    """Return the last row before a block that the page remembers."""
    if not isinstance(before, Mapping) or before.get("of") != of:
        return None
    near = [end for end in _ends(before) if end[0] <= asked.first]
    return Anchor(*max(near)) if near else None


def _ends(known: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the ends of blocks; they come from a browser, so they may be anything."""
    ends = known.get("ends")
    pairs = [end for end in ends[: 2 * _ENDS_MOST] if isinstance(end, list) and len(end) == 2] if isinstance(ends, list) else []
    return [(place, key) for place, key in pairs if isinstance(place, int) and isinstance(key, str) and "\0" not in key]
