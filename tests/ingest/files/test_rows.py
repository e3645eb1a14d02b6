"""Rows: understood to the minute and the fen, or refused with line and reason; none is lost."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kit.locale import use
from ingest.files.lines import RefusedRow
from ingest.files.mapping import StayMap
from ingest.files.rows import StayFile, StayRow
from tests.ingest.files.test_mapping import a_mapping

AT = datetime(2026, 11, 20, tzinfo=UTC)
HEADER = "Lockdown Time,Lockup Time,cost,status（0 for unstable，1 for stable）\r\n".encode("gbk")
GOOD = b"2019/5/17 8:05,2019/5/17 9:00,12.5,1\r\n"


def read(path: Path, content: bytes, **changes: Any) -> list[StayRow | RefusedRow]:
    """Return the rows of a file with some content; sentences are English."""
    path.write_bytes(content)
    with use("en"), StayFile(path, StayMap.model_validate(a_mapping(**changes)), at=AT) as rows:
        return list(rows)


def refusals(rows: Sequence[StayRow | RefusedRow]) -> dict[int, str]:
    """Return the reasons by line."""
    return {row.line_no: row.reason for row in rows if isinstance(row, RefusedRow)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "P1.csv"


class TestStayFile:
    def test_understands_a_row(self, path: Path) -> None:
        (row,) = read(path, HEADER + GOOD)

        assert isinstance(row, StayRow)
        assert (row.line_no, row.fen, row.quality, row.note) == (2, 1250, "A", None)
        assert row.period.starts_at == datetime(2019, 5, 17, 0, 5, tzinfo=UTC)
        assert row.period.seconds == 55 * 60

    def test_marks_an_unstable_end(self, path: Path) -> None:
        (row,) = read(path, HEADER + GOOD.replace(b",1\r", b",0\r"))

        assert isinstance(row, StayRow)
        assert (row.quality, row.note) == ("B", "unstable")

    def test_counts_equal_rows(self, path: Path) -> None:
        rows = read(path, HEADER + GOOD + GOOD.replace(b"12.5", b"12.50") + GOOD.replace(b"12.5", b"13"))

        assert [row.repeat_n for row in rows if isinstance(row, StayRow)] == [1, 2, 1]
        assert len({row.source_row for row in rows if isinstance(row, StayRow)}) == 3

    def test_an_empty_cost_is_unknown(self, path: Path) -> None:
        (row,) = read(path, HEADER + GOOD.replace(b"12.5", b""))

        assert isinstance(row, StayRow)
        assert row.fen is None

    def test_refuses_each_broken_row_with_its_reason_and_goes_on(self, path: Path) -> None:
        broken = {
            3: (b"2019/13/17 8:05,2019/5/17 9:00,1,1", "2019/13/17 8:05 is no time."),
            4: (b"2019/5/17 9:00,2019/5/17 8:05,1,1", "Left before it entered."),
            5: (b"2019/5/17 8:05,2019/5/17 9:00,-1,1", "A negative cost."),
            6: (b"2019/5/17 8:05,2019/5/17 9:00,1", "3 columns instead of 4."),
            7: (b"2019/5/17 8:05,2019/5/17 9:00,1,\xff1", "Byte 33 of the line is not gbk text."),
            8: (b"2019/5/17 8:05,2019/5/17 9:00,1.005,1", "1.005 is no amount of money in whole fen."),
            9: (b"2019/5/17 8:05,2019/5/17 9:00,many,1", "many is no amount of money in whole fen."),
            10: (b"2019/5/17 8:05,2019/5/17 9:00,1,7", "Status 7 is not in the mapping."),
            11: (b"2099/5/17 8:05,2099/5/17 9:00,1,1", "Before the year 2000 or in the future."),
            12: (b"2015/5/17 8:05,2019/5/17 9:00,1,1", "Longer than 400 days."),
            13: (b'2019/5/17 8:05,"2019/5/17 9:00,1,1', "The quotes of the line are not in order."),
            14: (b",2019/5/17 9:00,1,1", "(empty) is no time."),
            15: (b"2019/5/17 8:05,2019/5/17 9:00,9999999,1", "A cost above 1000000 yuan."),
            16: (b"2019/5/17 8:05,2019/5/17 9:00,1," + b"1" * 70_000, "The line is longer than 65536 bytes."),
            17: (b"2019/5/17 8:05,2019/5/17 9:00,1e9,1", "1e9 is no amount of money in whole fen."),
        }

        rows = read(path, HEADER + GOOD + b"".join(line + b"\r\n" for line, _reason in broken.values()) + GOOD)

        assert refusals(rows) == {line_no: reason for line_no, (_line, reason) in broken.items()}
        assert [row.line_no for row in rows if isinstance(row, StayRow)] == [2, 18]

    def test_shows_bytes_that_are_no_text_as_escapes(self, path: Path) -> None:
        (row,) = read(path, HEADER + b"\x00\xff,1\r\n")

        assert isinstance(row, RefusedRow)
        assert row.line == r"\x00\xff,1"

    def test_skips_blank_lines_only(self, path: Path) -> None:
        assert [row.line_no for row in read(path, HEADER + b"\r\n  \r\n" + GOOD + b"\r\n")] == [4]

    def test_reads_what_is_packed(self, path: Path) -> None:
        assert len(read(path, gzip.compress(HEADER + GOOD * 3))) == 3

    def test_says_where_a_packed_file_is_damaged(self, path: Path) -> None:
        lines = b"".join(b"2019/5/17 8:%02d,2019/5/17 9:00,%d,1\r\n" % (n % 60, n) for n in range(5_000))
        packed = gzip.compress(HEADER + lines)

        *rows, last = read(path, packed[: len(packed) // 2])

        assert isinstance(last, RefusedRow)
        assert (last.line_no, last.reason) == (len(rows) + 2, "The file is damaged here; nothing behind this line could be read.")
        assert rows
        assert refusals(rows) == {}

    def test_refuses_a_file_without_the_columns(self, path: Path) -> None:
        rows = read(path, b"in,out\r\n" + GOOD)

        assert refusals(rows) == {1: "The first line has no column for entered, left, cost, status."}

    def test_finds_the_encoding_by_the_header(self, path: Path) -> None:
        columns = a_mapping()["columns"] | {"status": {"header": "^状态$"}}
        header = "Lockdown Time,Lockup Time,cost,状态\n"

        for encoding in ("gbk", "utf-8-sig"):
            rows = read(path, header.encode(encoding) + GOOD, columns=columns)

            assert [type(row) for row in rows] == [StayRow]

    def test_reads_plates_and_colours(self, path: Path) -> None:
        columns = {"entered": {"position": 1}, "left": {"position": 2}, "plate": {"position": 3}, "colour": {"position": 4}}
        lines = ["江A12345,蓝", "江A,红", "江,蓝", ","]
        content = "".join(f"2019/5/17 8:05,2019/5/17 9:00,{line}\n" for line in lines)

        rows = read(path, content.encode("gbk"), columns=columns, colours={"蓝": "blue"}, has_header=False, encodings=["gbk"])

        assert [(row.plate, row.colour) for row in rows if isinstance(row, StayRow)] == [("江A12345", "blue"), (None, None)]
        assert refusals(rows) == {2: "Plate colour 红 is not in the mapping.", 3: "A plate has 2 to 16 characters."}

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(lines=st.lists(st.binary(max_size=60) | st.just(GOOD), max_size=20))
    def test_loses_no_line_whatever_it_holds(self, path: Path, lines: list[bytes]) -> None:
        content = HEADER + b"\n".join(lines)
        told = [number for number, line in enumerate(content.split(b"\n")[1:], start=2) if line.strip()]

        assert [row.line_no for row in read(path, content)] == told
