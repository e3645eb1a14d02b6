"""CSV: what is in the file, read as a spreadsheet reads it."""

import csv
import hashlib
from pathlib import Path

import pytest

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import Language, use
from core.kit.sheets import as_csv
from core.kit.sheets.guard import LEADS
from tests.core.kit.sheets.lists import COLUMNS, a_head, a_list, no_tick, payloads


def read(path: Path) -> list[list[str]]:
    """Return the cells of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


class TestWrite:
    def test_tells_what_it_is_and_holds_every_row(self, tx: Tx, tmp_path: Path) -> None:
        path, texts = tmp_path / "list.csv", ["a"] * 7

        with use(Language.EN):
            written = as_csv.write(path, a_list(tx, texts), a_head(), row_n=7, tick=no_tick)

        rows = read(path)
        blank = rows.index([])
        head = dict(row for row in rows[:blank])
        assert (head["Title"], head["Time zone"], head["Rows"]) == ("Roads 道路", "Asia/Shanghai", "7")
        assert head["Filter: District"] == "'=GL"
        assert rows[blank + 1][:6] == ["Plate", "Phone", "Name", "State", "Received (yuan)", "Stays"]
        assert rows[blank + 2] == [
            "鄂A·6D2**", "1***", "a", "'=over", "-1.75", "7", "0.1", "123.45", "2026-11-22 22:30:05", "2026-11-23", "Yes",
        ]  # fmt: skip
        assert len(rows) - blank - 2 == written.row_n == 7

    def test_bears_a_hash_that_anybody_can_work_out(self, tx: Tx, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"

        with use(Language.EN):
            written = as_csv.write(path, a_list(tx, payloads()), a_head(), row_n=200, tick=no_tick)

        head, data = path.read_bytes().split(b"\n\n", 1)
        assert hashlib.sha256(data).digest() == written.data_sha256
        assert head.endswith(written.data_sha256.hex().encode())

    def test_leaves_no_text_that_a_spreadsheet_would_run(self, tx: Tx, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"

        as_csv.write(path, a_list(tx, payloads()), a_head(title="=1"), row_n=200, tick=no_tick)

        texts = [number for number, column in enumerate(COLUMNS) if column.kind == "text"]
        for row in read(path):
            risky = [cell for number, cell in enumerate(row) if cell.startswith(tuple(LEADS)) and number in texts]
            assert risky == []

    def test_stops_when_told(self, tx: Tx, tmp_path: Path) -> None:
        def stop(_row_n: int) -> None:
            raise Refused("stopped")

        with pytest.raises(Refused):
            as_csv.write(tmp_path / "list.csv", a_list(tx, ["a"]), a_head(), row_n=1, tick=stop)
