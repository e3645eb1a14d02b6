"""The reader's own menu says who he is and leads to what is his."""

from typing import Any

from core.access.actors import Actor
from core.access.permissions import Permission
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from core.ui import own_menu


def texts(drawn: Any) -> list[str]:  # a component has the attributes of its kind
    """Return every text of a component, in order."""
    return [part for part in drawn._traverse() if isinstance(part, str)]


class TestMenu:
    def test_names_the_reader_and_his_roles_in_his_language(self) -> None:
        actor = Actor(uuid7(), frozenset({Permission.WALL_VIEW}), name="Wei", roles=("dispatcher", "night_shift"))

        with use(Language.EN):
            said = texts(own_menu.menu(actor))

        assert "Wei" in said
        assert "Dispatcher · night_shift" in said
        assert {"Dark", "Light", "As the system", "Wide", "Narrow", "Keys", "Your account", "Sign out"} <= set(said)

    def test_opens_by_a_button_that_says_whether_it_is_open(self) -> None:
        drawn: Any = own_menu.menu(Actor(uuid7(), frozenset(), name="Wei"))
        button, menu = drawn.children

        assert (getattr(button, "aria-expanded"), menu.hidden) == ("false", True)
