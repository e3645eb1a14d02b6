"""What the audit's names of lists and of acts are called by people, as registers declare them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Final

from core.kit.locale import Text, _, _l
from core.ui.register import declaring
from core.ui.register.parts import ACTION

_OF_ANY: Final[Mapping[str, Text]] = {
    "save": _l("Save"),
    "form": _l("Open the form"),
    "import": _l("Import"),
    "export": _l("Export"),
    "reveal": _l("Show in full"),
    "views": _l("Keep a view"),
    "list_rows": _l("Look at the list"),
    "show_row": _l("Open the row"),
}
"""What may be done on the page of any register."""


class _Words(Mapping[str, str], ABC):
    """Words by names, which are known once all lists are declared."""

    def __getitem__(self, name: str) -> str:
        """Return the word for one name."""
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._all())

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._all())

    @abstractmethod
    def _all(self) -> dict[str, str]:
        """Return all words by their names."""


class Titles(_Words):
    """What lists are called, by their names."""

    def _all(self) -> dict[str, str]:
        return {register.name: str(register.title) for register in declaring.everything()}


class Deeds(_Words):
    """
    What acts are called, by the names the audit keeps.

    Args:
        others: acts of no register.
    """

    def __init__(self, others: Mapping[str, Text]) -> None:
        """Take the acts of no register."""
        self._others = others

    def _all(self) -> dict[str, str]:
        found = {name: str(word) for name, word in self._others.items()}
        for register in declaring.everything():
            words = {**_OF_ANY, **{f"{ACTION}{action.name}": action.title for action in register.actions}}
            for name, word in words.items():
                found[f"{register.name}.{name}"] = _("%(list)s · %(deed)s", list=register.title, deed=word)
        return found
