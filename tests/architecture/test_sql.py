"""Every statement stands prepared against the migrated schema, and is used (STYLE, section 7)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import pq
from psycopg.pq import abc

from core.kit import sql
from core.kit.db import Database
from tests.architecture import tree
from tests.architecture.tables import DISTRIBUTED

QUERIES = Path("sql/queries")
CODE = (*tree.ROOMS, "app.py", "tests")
VALUE = re.compile(r"%\((\w+)\)s")
CLOCK = re.compile(r"\b(now\(\)|current_timestamp|current_date|localtimestamp|clock_timestamp\(\))", re.IGNORECASE)
STAGING = re.compile(r"create\s+temp(orary)?\s+table", re.IGNORECASE)
# psycopg tells the server the type of an instant, a day and an id; our names tell it here. A key's id is text.
TYPES = {
    re.compile(r"(^|_)(at|since|until)$"): psycopg.adapters.types["timestamptz"].oid,
    re.compile(r"(^|_)(on|day)$"): psycopg.adapters.types["date"].oid,
    re.compile(r"(?<!key)_id$"): psycopg.adapters.types["uuid"].oid,
}
LOCKING = re.compile(r"\bfor\s+(no\s+key\s+)?update\b", re.IGNORECASE)
WORD = re.compile(r"\w+")
KEYED = re.compile(r"\b(any|unnest)\s*\(\s*%\(")
NEVER = re.compile(r"\b(merge\s+into|create\s+trigger|create\s+rule)\b", re.IGNORECASE)


def every() -> Iterator[tuple[str, str, str]]:
    """Yield noun, name and text of each named statement."""
    for path in tree.below("sql", suffix=".sql"):
        if path.is_relative_to(QUERIES):
            noun = path.relative_to(QUERIES).with_suffix("").as_posix()
            yield from ((noun, name, statement) for name, statement in sql.named(noun).items())


def prepared(server: abc.PGconn, statement: str) -> abc.PGresult:
    """Let the server understand a statement, `%(name)s` becoming its `$n`, with the types that the names tell."""
    order: dict[str, str] = {}
    text = VALUE.sub(lambda match: order.setdefault(match[1], f"${len(order) + 1}"), statement).replace("%%", "%")
    types = [next((oid for named, oid in TYPES.items() if named.search(name)), 0) for name in order]
    return server.prepare(b"", text.encode(), types)


def complaint(connection: psycopg.Connection[tuple[object, ...]], statement: str) -> str | None:
    """Return what the server says against a statement, None where it would run it."""
    server = connection.pgconn
    server.exec_(b"savepoint before")
    if statement.lower().startswith("copy"):
        result = server.exec_(statement.encode())
        if result.status == pq.ExecStatus.COPY_IN:
            server.put_copy_end(b"only looked at")
            while server.get_result():
                pass
    elif STAGING.match(statement):
        result = server.exec_(statement.encode())
    else:
        result = prepared(server, statement)
    if not STAGING.match(statement) or result.status != pq.ExecStatus.COMMAND_OK:
        server.exec_(b"rollback to savepoint before")
    understood = result.status in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.COPY_IN}
    return None if understood else result.error_message.decode().splitlines()[0]


def readers() -> dict[str, str]:
    """Map what holds a file's statements, `core.orders.waivers.SQL = named("orders/waivers")`, to the noun of that file."""
    found: dict[str, str] = {}
    for path in tree.below(*CODE):
        for node in tree.parsed(path).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call) and node.value.args:
                function, noun = node.value.func, node.value.args[0]
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                is_named = getattr(function, "id", getattr(function, "attr", "")) == "named"
                if is_named and isinstance(target, ast.Name) and isinstance(noun, ast.Constant):
                    found[f"{tree.module(path)}.{target.id}"] = str(noun.value)
    return found


def asked() -> Iterator[tuple[str, str]]:
    """Yield noun and name of each statement that the code takes, as `SQL["claim"]` or as `waivers.SQL["claim"]`."""
    held = readers()
    for path in tree.below(*CODE):
        names = {name.rpartition(".")[2]: name for name in tree.imports(path)}
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                match node.value:
                    case ast.Name(id=name):
                        holder = names.get(name, f"{tree.module(path)}.{name}")
                    case ast.Attribute(value=ast.Name(id=base), attr=name):
                        holder = f"{names.get(base, base)}.{name}"
                    case _:
                        continue
                if holder in held:
                    yield held[holder], str(node.slice.value)


class TestStatements:
    @pytest.fixture(scope="class")
    def statements(self) -> list[tuple[str, str, str]]:
        return list(every())

    def test_are_understood_by_the_server(self, database: Database, statements: list[tuple[str, str, str]]) -> None:
        """Staging tables of a file are made first; all is rolled back."""
        staging_first = sorted(statements, key=lambda statement: (statement[0], STAGING.match(statement[2]) is None))
        with psycopg.connect(database.url) as connection:
            connection.execute("select 1")
            wrong = {f"{noun}: {name}": said for noun, name, text in staging_first if (said := complaint(connection, text))}
            connection.rollback()

        assert wrong == {}

    def test_take_the_instant_as_a_value(self, statements: list[tuple[str, str, str]]) -> None:
        assert [(noun, name) for noun, name, text in statements if CLOCK.search(text)] == []

    def test_are_such_as_a_cluster_runs(self, statements: list[tuple[str, str, str]]) -> None:
        assert [(noun, name) for noun, name, text in statements if NEVER.search(text)] == []

    def test_lock_rows_of_a_site_or_of_the_coordinator(self, statements: list[tuple[str, str, str]]) -> None:
        """A lock across sites would be one across the nodes of a cluster."""
        locking = [(noun, name, text) for noun, name, text in statements if LOCKING.search(text)]

        assert [
            (noun, name) for noun, name, text in locking if DISTRIBUTED & set(WORD.findall(text)) and "site_id" not in text
        ] == []

    def test_lists_have_a_limit_or_answer_for_given_keys(self, statements: list[tuple[str, str, str]]) -> None:
        lists = [(noun, name, text.lower()) for noun, name, text in statements if name.startswith("list_")]
        endless = [
            (noun, name) for noun, name, text in lists if not (("order by" in text and "limit" in text) or KEYED.search(text))
        ]

        assert endless == []

    def test_are_all_used_and_none_is_missing(self, statements: list[tuple[str, str, str]]) -> None:
        written, taken = {(noun, name) for noun, name, _text in statements}, set(asked())

        assert written - taken == set(), "nobody runs these"
        assert taken - written == set(), "nobody wrote these"


class TestMigrations:
    def test_are_numbered_without_a_double(self) -> None:
        numbers = [path.name[:4] for path in tree.below("sql", suffix=".sql") if path.parts[1] == "migrations"]

        assert all(number.isdigit() for number in numbers)
        assert len(numbers) == len(set(numbers))

    def test_create_no_trigger(self) -> None:
        scripts = {path: (tree.ROOT / path).read_text(encoding="utf-8") for path in tree.below("sql", suffix=".sql")}

        assert [str(path) for path, script in scripts.items() if NEVER.search(sql.without_comments(script))] == []
