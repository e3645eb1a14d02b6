"""Faults: where a tariff cannot be accepted and why, in a sentence that says what to do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from core.billing import phrases
from core.billing.language.words import name_of
from core.billing.rules.days import UnknownDay, Unpriceable, Weekday
from core.billing.rules.plans import MissingAttribute, NoPlan, NotAllowed
from core.billing.rules.pricing import EndsBeforeStart
from core.billing.rules.programs import NoRule
from core.billing.rules.terms import Unsettled
from core.kit.errors import Refused
from core.kit.locale import Lazy, _, _l

MAX_FAULTS = 100


class Fault(NamedTuple):
    """One thing that is wrong: the path of the part, such as `plans.0.bands.1.charge`, and a sentence."""

    path: str
    sentence: str


class NotATariff(Refused):
    """A text is no tariff, or one that leaves something open."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep all faults; the message tells the first."""
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(_("%(path)s: %(sentence)s", path=first.path or "·", sentence=first.sentence))


def path_of(parts: Iterable[object]) -> str:
    """Write a place in a tariff as a path."""
    return ".".join(str(part) for part in parts)


_TAGS = frozenset({"units", "steps", "entry", "cheapest", "free", "not_allowed", "flag", "count", "one_of"})
_UNIONS = frozenset({"int", "bool", "str", "ByZone", "ByVehicle"})


def _place(parts: Sequence[object]) -> str:
    """Return the place of a problem as its author wrote it, without the names of the shapes that were tried."""
    kept = []
    for number, part in enumerate(parts):
        is_tag = part in _TAGS and number > 0 and (parts[number - 1] == "charge" or parts[number - 2] in {"of", "attributes"})
        if not is_tag and part not in _UNIONS and "[" not in str(part):
            kept.append(part)
    return path_of(kept)


_SAID: Final[Mapping[str, Lazy]] = {
    "missing": _l("This is missing."),
    "extra_forbidden": _l("The rule language knows no such word here."),
    "union_tag_not_found": _l("Say of which kind it is."),
    **dict.fromkeys(("too_short", "too_long", "string_too_short", "string_too_long"), _l("There are too few or too many of them.")),
}
"""What pydantic found, where that says it all."""


def structural(problem: Any) -> Fault:  # pydantic's ErrorDetails, whose keys differ by kind
    """Say in a sentence what pydantic found."""
    kind, context = str(problem["type"]), problem.get("ctx") or {}
    given = str(problem.get("input"))[:40]
    if kind in _SAID:
        sentence = str(_SAID[kind])
    elif kind in {"enum", "literal_error"}:
        sentence = _("%(given)s is not one of %(expected)s.", given=given, expected=context.get("expected", ""))
    elif kind == "union_tag_invalid":
        sentence = _("Its kind must be one of %(expected)s.", expected=context.get("expected_tags", ""))
    elif kind in {"greater_than_equal", "less_than_equal"}:
        sentence = _("%(given)s lies outside what is possible here.", given=given)
    elif kind == "string_pattern_mismatch":
        sentence = _("%(given)s is not written as it must be here.", given=given)
    else:
        sentence = _("%(given)s is of another type than is expected here.", given=given)
    return Fault(_place(problem["loc"]), sentence)


def structurals(problems: Sequence[Any]) -> list[Fault]:  # as above
    """Say what pydantic found, without what only follows from another fault inside, and each thing once."""
    faults = dict.fromkeys(structural(problem) for problem in problems[:MAX_FAULTS])
    paths = [fault.path for fault in faults]
    return [fault for fault in faults if not any(path.startswith(f"{fault.path}.") for path in paths)]


def sentence_of(error: Unpriceable) -> str:
    """Say to a person why a stay has no price."""
    about = error.about
    if isinstance(error, UnknownDay):
        return _("The calendar does not know %(day)s; enter the year before anything is priced.", day=about)
    if isinstance(error, EndsBeforeStart):
        return _("The stay ends before it starts; a clock is wrong.")
    if isinstance(error, NotAllowed):
        return _("Nobody may park in the band %(band)s.", band=about)
    if isinstance(error, NoPlan):
        return _("No plan of the tariff is for %(what)s.", what=about)
    if isinstance(error, MissingAttribute):
        return _("The tariff asks for %(name)s, which was not told.", name=about)
    if isinstance(error, Unsettled):
        return _("The tariff does not say how this counts: %(name)s.", name=name_of(about))
    assert isinstance(error, NoRule)
    return _("No single band of the tariff holds at each minute of %(days)s.", days=_days(*about.split()))


def _days(day_type: str, weekday: str, on: str = "") -> str:
    days = phrases.days(day_type, Weekday(weekday))
    return _("%(days)s, such as %(day)s", days=days, day=phrases.day(date.fromisoformat(on))) if on else days
