"""Lines: plain, packed and archived files are cut into the same rows; damage and emptiness are told, never passed over."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.kit.locale import use
from ingest.files.lines import Cells, Lines, RefusedRow
from ingest.files.mapping import StayMap
from tests.ingest.files.test_mapping import a_mapping

COLUMNS = {"entered": {"header": "^in$"}, "left": {"header": "^out$"}}
TEXT = b"in,out\na,b\nc,d\n"


def read(path: Path) -> list[Cells | RefusedRow]:
    """Return the rows of a file; sentences are English."""
    mapping = StayMap.model_validate(a_mapping(columns=COLUMNS, encodings=["utf-8-sig"], statuses={}))
    with use("en"), Lines(path, mapping, lambda cells: cells) as lines:
        return list(lines)


def archive(path: Path, members: Mapping[str, bytes], mode: str) -> Path:
    """Write an archive."""
    with tarfile.open(path, mode) as out:  # type: ignore[call-overload]  # the mode is one of two
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    return path


def told(rows: list[Cells | RefusedRow]) -> list[tuple[int, str]]:
    """Return line and content of each row."""
    return [(row.line_no, row.reason if isinstance(row, RefusedRow) else row.values["entered"]) for row in rows]


class TestLines:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_reads_plain_and_packed_files_alike(self, pack: type[bytes], tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(pack(TEXT))

        assert told(read(path)) == [(2, "a"), (3, "c")]

    @pytest.mark.parametrize("mode", ["w", "w:gz"])
    def test_reads_the_members_of_an_archive_one_after_the_other(self, mode: str, tmp_path: Path) -> None:
        path = archive(tmp_path / "file", {"one.csv": TEXT, "deep/two.csv": b"out,in\nx,y\n"}, mode)

        rows = read(path)

        assert told(rows) == [(2, "a"), (3, "c"), (5, "y")]
        assert [row.path for row in rows if isinstance(row, Cells)] == ["one.csv", "one.csv", "deep/two.csv"]

    def test_tells_empty_and_foreign_members_and_goes_on(self, tmp_path: Path) -> None:
        path = archive(tmp_path / "file", {"empty.csv": b"", "page.html": b"<html>\n</html>\n", "good.csv": TEXT}, "w:gz")

        assert told(read(path)) == [
            (1, "empty.csv, line 1: The file is empty."),
            (2, "page.html, line 1: The first line has no column for entered, left."),
            (5, "a"),
            (6, "c"),
        ]

    def test_says_where_an_archive_is_damaged(self, tmp_path: Path) -> None:
        members = {f"{number}.csv": b"in,out\n" + b"".join(b"%d,%d\n" % (n * number, n) for n in range(400)) for number in range(9)}
        path = archive(tmp_path / "file", members, "w:gz")
        path.write_bytes(path.read_bytes()[:6_000])

        *rows, last = read(path)

        assert rows
        assert isinstance(last, RefusedRow)
        assert last.reason == "The file is damaged here; nothing behind this line could be read."
