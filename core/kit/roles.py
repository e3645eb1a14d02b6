"""
Keep the two roles of the database: `boshu_owner` migrates and owns, `boshu_app` runs.

Both are made before the first migration. Every migration says itself what the application may do (`grant … to
boshu_app`); nothing is granted by default, so a table is closed until a migration opens it, a journal is a table
without update and delete, and a partition is reached only through its table, whose rights then hold.
"""

from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from core.kit.errors import Refused
from core.kit.locale import _

OWNER: Final = "boshu_owner"
APP: Final = "boshu_app"

_SERVER: LiteralString = """
    select
        current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' as is_durable,
        current_setting('synchronous_commit') <> 'off' as is_committed,
        rolsuper or rolbypassrls or pg_has_role(current_user, datdba, 'member') as is_too_mighty
    from pg_roles, pg_database
    where rolname = current_user and datname = current_database()
"""


_CHECKSUMS: LiteralString = "select current_setting('data_checksums') = 'on'"


class MissingRole(Refused):
    """A role does not exist and the connecting role may not make it."""


def become_owner(connection: psycopg.Connection[Any], app_password: str | None = None) -> None:
    """
    Make the roles where they are missing and act as the owner from here on.

    `app_password` becomes the password of the application role; only a role that may make roles can set it.

    Raises:
        MissingRole: a role is missing and may not be made, or the connecting role may not act as the owner.
    """
    for role in (OWNER, APP):
        if not _exists(connection, role):
            _create(connection, role)
    if app_password is not None:
        login: LiteralString = "alter role {} login password {}"
        connection.execute(sql.SQL(login).format(sql.Identifier(APP), sql.Literal(app_password)))
    who = connection.execute("select current_user, pg_has_role(current_user, %s, 'member')", (OWNER,)).fetchone()
    if who is None or not who[1]:
        raise MissingRole(_("The connecting role must be %(owner)s or a member of it.", owner=OWNER))
    if who[0] != OWNER:
        _open_database(connection)
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(OWNER)))
    connection.execute(sql.SQL("grant usage on schema public to {}").format(sql.Identifier(APP)))


def complaints(connection: psycopg.Connection[Any]) -> list[str]:
    """Return a sentence for everything about server and role that breaks a promise; empty when all is well."""
    row = connection.execute(_SERVER).fetchone()
    assert row is not None  # every connection has a role and a database
    is_durable, is_committed, is_too_mighty = row
    said = []
    if not is_durable:
        said.append(_("The database runs with fsync or full_page_writes off: a power cut can destroy it."))
    if not is_committed:
        said.append(_("The database runs with synchronous_commit off: acknowledged work can be lost."))
    if is_too_mighty:
        said.append(_("DATABASE_URL connects as a role that could change the ledger; use %(role)s.", role=APP))
    return said


def doubts(connection: psycopg.Connection[Any]) -> list[str]:
    """Return a sentence for what breaks no promise and yet should be otherwise."""
    row = connection.execute(_CHECKSUMS).fetchone()
    is_checked = row is not None and row[0]
    return [] if is_checked else [_("The database keeps no checksums of its pages: a bad disk goes unnoticed.")]


def _exists(connection: psycopg.Connection[Any], role: str) -> bool:
    return connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone() is not None


def _create(connection: psycopg.Connection[Any], role: str) -> None:
    try:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        if role == OWNER:
            connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MissingRole(_("Role %(role)s is missing and the connecting role may not create it.", role=role)) from error


def _open_database(connection: psycopg.Connection[Any]) -> None:
    """Let the owner make tables and extensions in this database, which belongs to the connecting role."""
    row = connection.execute("select current_database()").fetchone()
    assert row is not None  # every connection has a database
    owner, database = sql.Identifier(OWNER), sql.Identifier(row[0])
    connection.execute(sql.SQL("grant create, usage on schema public to {}").format(owner))
    connection.execute(sql.SQL("grant create, connect on database {} to {}").format(database, owner))
