"""Every long list is a register: one way to ask for rows, to filter, to count and to export them."""

import importlib
import re

import pytest

from core.kit.listing import Relation
from core.ui import register as registers
from core.ui.register import Register
from core.ui.tables import Look
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


def everything() -> list[Register]:
    for path in tree.below("callbacks"):  # declarations make themselves known
        importlib.import_module(tree.module(path))
    return registers.everything()


@pytest.mark.parametrize("register", everything(), ids=lambda register: register.name)
def test_a_list_knows_its_readers_sites_or_says_why_not(register: Register) -> None:
    knows = not isinstance(register.relation, Relation) or "%(sites)s" in register.relation.statement

    assert knows or len(register.for_all.split()) >= 4, "its statement takes no sites, and nobody says why"
    assert not (knows and register.for_all and isinstance(register.relation, Relation)), "it knows sites"


@pytest.mark.parametrize("register", everything(), ids=lambda register: register.name)
def test_a_list_gives_each_state_a_tone(register: Register) -> None:
    states = [column for column in register.columns if column.look is Look.STATE]

    assert {name for column in states for name in (column.words or {}) if name not in (column.tones or {})} == set()


def test_the_script_of_lists_begins_in_every_area_that_has_one() -> None:
    script = (tree.ROOT / "assets/js/tables/tables.js").read_text()
    begun = re.search(r"const AREAS = \[(.*)\];", script)

    assert begun is not None
    assert {register.path.split("/")[1] for register in everything()} - set(re.findall(r'"(\w+)"', begun[1])) == set()
