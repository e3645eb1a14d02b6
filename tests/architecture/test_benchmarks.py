"""What is written to be measured is measured: `make bench` finds whatever stands in a file of benchmarks."""

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
FILES = sorted(FOLDER.glob("bench_*.py"))


class TestBenchmarks:
    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_are_found_by_their_names(self, file: Path) -> None:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        rooms = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        found = [node for body in (tree.body, *(room.body for room in rooms)) for node in body if isinstance(node, ast.FunctionDef)]

        assert [room.name for room in rooms if room.name.startswith("Test")] == []
        assert any(each.name.startswith("bench_") for each in found)
