"""Scope: the part of the city somebody sees. Table user_scope; of screens wall_screen. What is not inside is not there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from core.access import sessions
from core.access.roles import OwnRights
from core.access.sessions import Ended
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import derived_id
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/scopes")


class OutOfScope(Refused):
    """The thing lies outside of what its reader may see; he is told what he would be told if it did not exist."""


@dataclass(frozen=True, slots=True)
class Scope:
    """
    What of the city somebody sees; nothing by default.

    A query takes the sites: `site_id = any(%(sites)s)`.
    """

    is_everything: bool = False
    organisation_ids: frozenset[UUID] = field(default_factory=frozenset)
    """With all organisations below them."""
    site_ids: frozenset[UUID] = field(default_factory=frozenset)
    area_ids: frozenset[UUID] = field(default_factory=frozenset)
    """With all areas that lie in them; of screens and scenes, not of people."""

    def sites(self, tx: Tx) -> list[UUID]:
        """Return the sites inside, in a fixed order."""
        found: list[UUID] = tx.value(
            SQL["sites"],
            is_everything=self.is_everything,
            organisation_ids=sorted(self.organisation_ids),
            area_ids=sorted(self.area_ids),
            site_ids=sorted(self.site_ids),
        )
        return found

    def require(self, tx: Tx, *, site_id: UUID) -> None:
        """
        Check that a site lies inside.

        Raises:
            OutOfScope: it does not, or there is no such site.
        """
        if site_id not in self.sites(tx):
            raise OutOfScope(_("There is no such site."))


EVERYTHING: Final = Scope(is_everything=True)
NOTHING: Final = Scope()


def get_scope(tx: Tx, *, user_id: UUID) -> Scope:
    """Return what a user sees."""
    row = tx.row(SQL["get_scope"], user_id=user_id)
    assert row is not None  # an aggregate without groups has one row
    return scope_of(row["is_everything"], row["organisation_ids"], row["site_ids"])


def scope_of(is_everything: bool, organisation_ids: Collection[UUID], site_ids: Collection[UUID]) -> Scope:  # noqa: FBT001  # as the columns come
    """Return the scope that rows of user_scope add up to."""
    return Scope(is_everything, frozenset(organisation_ids), frozenset(site_ids))


def part_of(area_ids: Collection[UUID], site_ids: Collection[UUID]) -> Scope:
    """Return the scope of areas and sites that were named; of the whole city where none was."""
    if not area_ids and not site_ids:
        return EVERYTHING
    return Scope(area_ids=frozenset(area_ids), site_ids=frozenset(site_ids))


def grant(tx: Tx, *, user_id: UUID, scope: Scope, by: UUID | None, at: datetime) -> None:
    """
    Let a user see this and nothing else; where that changes it his sessions end.

    Raises:
        OwnRights: the user is who grants.
    """
    if user_id == by:
        raise OwnRights(_("Nobody changes rights of his own."))
    if scope == get_scope(tx, user_id=user_id):
        return
    tx.run(SQL["withdraw"], user_id=user_id)
    sessions.end_all(tx, user_id=user_id, why=Ended.RIGHTS_CHANGED, at=at)
    rows: list[tuple[str, UUID | None, UUID | None]] = [("organisation", each, None) for each in sorted(scope.organisation_ids)]
    rows += [("site", None, each) for each in sorted(scope.site_ids)]
    if scope.is_everything:
        rows.append(("everything", None, None))
    for kind, organisation_id, site_id in rows:
        tx.run(
            SQL["add"],
            scope_id=derived_id("user_scope", user_id, kind, organisation_id or site_id or ""),
            user_id=user_id,
            kind=kind,
            organisation_id=organisation_id,
            site_id=site_id,
            by=by,
            at=at,
        )
