"""Named statements are read as they were written, comments left out."""

from pathlib import Path

import pytest

from core.kit import sql

FILE = """-- Waivers: 100 % of a debt.
-- name: claim
-- A repeat changes nothing; not even at 5 %.
insert into waiver (note)
values ('-- not a comment; really', %(note)s) -- trailing ; comment
on conflict do nothing; /* the
end; */

-- name: count_all
select count(*) from waiver
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sql, "ROOT", tmp_path)
    (tmp_path / "queries" / "orders").mkdir(parents=True)
    return tmp_path / "queries" / "orders"


class TestNamed:
    def test_returns_each_statement_without_comments(self, folder: Path) -> None:
        (folder / "waivers.sql").write_text(FILE)

        found = sql.named("orders/waivers")

        assert list(found) == ["claim", "count_all"]
        assert "5 %" not in found["claim"]
        assert "'-- not a comment; really'" in found["claim"]
        assert found["claim"].endswith("on conflict do nothing")
        assert found["count_all"] == "select count(*) from waiver"

    @pytest.mark.parametrize(
        "text",
        ["select 1;\n-- name: a\nselect 1", "-- name: a\nselect 1\n-- name: a\nselect 2", "-- name: a-b\nselect 1", "-- name: a\n"],
    )
    def test_refuses_a_file_that_is_not_clear(self, folder: Path, text: str) -> None:
        (folder / "unclear.sql").write_text(text)

        with pytest.raises(ValueError, match="unclear"):
            sql.named("orders/unclear")


class TestStatements:
    def test_cuts_at_semicolons_outside_of_quotes(self) -> None:
        script = """
            create function f() returns text language sql as $body$ select ';'; select $$x;y$$ $body$;
            insert into t values ('a;''b', E'it\\';s', "odd;name"); -- end; of it
            /* nothing; here */ ;
            select 1"""

        cut = list(sql.statements(script))

        assert len(cut) == 3
        assert cut[0].endswith("$body$")
        assert cut[1].startswith("insert")
        assert cut[2] == "select 1"
