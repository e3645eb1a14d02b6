"""Sights: what somebody looks at, all that he sees or the part of it that a scene shows."""

from dataclasses import dataclass
from uuid import UUID

from core.access import scenes
from core.access.scopes import Scope
from core.kit.db import Tx

Sites = tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody looks at; equal for all who look at the same."""

    scope: Scope
    scene_id: UUID | None = None

    def sites(self, tx: Tx) -> Sites | None:
        """
        Return the sites in it as of now, in a fixed order; None for the whole city.

        Raises:
            scenes.NoSuchScene: there is no such scene.
        """
        shown = None if self.scene_id is None else scenes.scope_of(tx, self.scene_id)
        parts = [part.sites(tx) for part in (self.scope, shown) if part is not None and not part.is_everything]
        if not parts:
            return None
        inside = set(parts[0]).intersection(*parts)
        return tuple(site_id for site_id in parts[0] if site_id in inside)
