"""Guard: no text leaves as a formula, and nothing leaves but through the guard."""

import ast
from typing import Final

import pytest

from core.kit.sheets.guard import LEADS, guarded
from tests.architecture import tree

WRITERS: Final = {"xlsxwriter", "rustpy_xlsxwriter", "fpdf", "odf", "xlwt", "pyexcel"}
CALLS: Final = {
    "writer",
    "DictWriter",
    "Workbook",
    "to_csv",
    "to_excel",
    "to_clipboard",
    "send_data_frame",
    "send_bytes",
    "exportDataAsCsv",
    "export_format",
}


class TestGuarded:
    @pytest.mark.parametrize("lead", LEADS)
    def test_marks_text_that_begins_like_a_formula(self, lead: str) -> None:
        assert guarded(f"{lead}1+1") == f"'{lead}1+1"

    @pytest.mark.parametrize("text", ["", "京A·6D2", "1+1", "a=1", " "])
    def test_leaves_other_text_alone(self, text: str) -> None:
        assert guarded(text) == text


class TestRooms:
    def test_write_no_sheet_of_their_own(self) -> None:
        found = []
        for path in tree.below("app.py", *tree.ROOMS):
            if "kit/sheets" in str(path):
                continue
            module = ast.parse((tree.ROOT / path).read_text(encoding="utf-8"))
            if {name.split(".")[0] for name in tree.imports(path)} & WRITERS:
                found.append(f"{path} imports a writer of sheets")
            found += [
                f"{path}:{node.lineno} {node.attr}"
                for node in ast.walk(module)
                if isinstance(node, ast.Attribute) and node.attr in CALLS
            ]

        assert found == []
