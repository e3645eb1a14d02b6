"""Actors: who acts, and what he may do."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.access.permissions import Permission
from core.kit.errors import Refused
from core.kit.ids import derived_id
from core.kit.locale import _


class NotAllowed(Refused):
    """The actor lacks the permission."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts."""

    id: UUID
    permissions: frozenset[Permission]

    def require(self, permission: Permission) -> None:
        """
        Check a permission.

        Raises:
            NotAllowed: the actor lacks it.
        """
        if permission not in self.permissions:
            raise NotAllowed(_("You may not do this."))


LOCAL: Final = Actor(derived_id("actor", "local"), frozenset(Permission))
"""Whoever sits at this machine, until sign-in exists."""
