"""Every long list is a register: one way to ask for rows, to filter, to count and to export them."""

from tests.architecture import tree

GRID = ("getRowsRequest", "getRowsResponse", "AgGrid(")
KIT = {"callbacks/registers/__init__.py", "core/ui/register/drawing.py"}


def test_nobody_but_the_kit_answers_a_grid() -> None:
    found = {
        path.as_posix()
        for path in tree.below("pages", "callbacks", "core")
        if any(word in (tree.ROOT / path).read_text() for word in GRID)
    }

    assert found == KIT
