"""Money is whole fen: no float and no division where it is counted (STYLE, section 5)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import tree

MONEY_ROOMS = ("core/billing", "core/promotions", "core/orders", "core/finance")
MONEY_FILES = (Path("core/kit/money.py"),)
NAMES_OF_MONEY = ("_fen", "_cents")


def rooms() -> list[Path]:
    """List the files in which an amount is decided or moved."""
    return [path for path in tree.below("core") if path in MONEY_FILES or any(path.is_relative_to(room) for room in MONEY_ROOMS)]


def floats(path: Path) -> Iterator[str]:
    """Point at every float and every true division of a file."""
    for node in ast.walk(tree.parsed(path)):
        is_division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_named = isinstance(node, ast.Name) and node.id == "float"
        if is_division or is_float or is_named:
            yield f"{path}:{getattr(node, 'lineno', 0)}"


def divided_money(path: Path) -> Iterator[str]:
    """Point at every true division whose left side is named as an amount."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            name = getattr(node.left, "id", getattr(node.left, "attr", ""))
            if name.endswith(NAMES_OF_MONEY) or name in {"fen", "cents"}:
                yield f"{path}:{node.lineno}"


class TestMoney:
    def test_the_money_rooms_know_no_float(self) -> None:
        assert [place for path in rooms() for place in floats(path)] == []

    def test_nobody_divides_an_amount(self) -> None:
        found = [place for path in tree.below(*tree.ROOMS) if path.parts[:2] != ("core", "ui") for place in divided_money(path)]

        assert found == []

    def test_the_money_rooms_exist(self) -> None:
        assert Path("core/kit/money.py") in rooms()
