"""Colours, spaces and type sizes are tokens; the layers decide, not the loudest rule (STYLE, section 7)."""

import re
from pathlib import Path

import pytest

from tests.architecture import tree

LAYERS = ("tokens", "base", "parts", "pages", "wall")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|lab|oklch|lch)a?\(")
NAMED_COLOUR = re.compile(r":[^;{}]*(?<![\w-])(?:white|black|red|green|blue|orange|gr[ae]y|yellow)(?![\w-])")
ID_SELECTOR = re.compile(r"#[A-Za-z_][\w-]*[^;{}()]*\{")
RAW_TYPE_SIZE = re.compile(r"(?<![\w-])font(?:-size)?:[^;{}]*?\d(?:px|pt|rem)")
QUIET_MOTION = re.compile(r"@media\s*\(prefers-reduced-motion:\s*reduce\)\s*\{(?:[^{}]*\{[^{}]*\})*\s*\}")
NAME = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WELL_NAMED = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:__[a-z0-9]+(?:-[a-z0-9]+)*)?(?:--[a-z0-9]+(?:-[a-z0-9]+)*)?$")
OF_OTHERS = ("_dash", "dash-", "js-plotly", "plotly", "leaflet", "ag-")


def is_token_file(path: Path) -> bool:
    """Tell whether a file is one in which colours are given their names."""
    return path.stem.startswith("tokens")


def sheets() -> dict[Path, str]:
    """Read our style sheets without comments."""
    paths = [path for path in tree.below("assets", suffix=".css") if path.parts[1] != "vendor"]
    return {path: COMMENT.sub("", (tree.ROOT / path).read_text(encoding="utf-8")) for path in paths}


def scripts() -> dict[Path, str]:
    """Read what else may draw: scripts, pages, parts."""
    paths = [*tree.below("assets", suffix=".js"), *tree.below("pages", "callbacks")]
    paths += [path for path in tree.below("core") if path.is_relative_to("core/ui")]
    return {path: (tree.ROOT / path).read_text(encoding="utf-8") for path in paths}


@pytest.fixture(scope="module")
def rules() -> dict[Path, str]:
    """Give the style sheets that may use tokens but not make them."""
    return {path: text for path, text in sheets().items() if not is_token_file(path)}


class TestTokens:
    def test_exist(self) -> None:
        assert [path for path in sheets() if is_token_file(path)] != []

    def test_are_the_only_colours_of_style_sheets(self, rules: dict[Path, str]) -> None:
        found = [
            (str(path), match[0])
            for path, text in rules.items()
            for match in (*COLOUR.finditer(text), *NAMED_COLOUR.finditer(text))
        ]

        assert found == []

    def test_are_the_only_colours_of_scripts_and_parts(self) -> None:
        pattern = re.compile(r"""["'`]#[0-9a-fA-F]{3,8}["'`]|\brgba?\(""")
        found = [
            (str(path), match[0]) for path, text in scripts().items() if not is_token_file(path) for match in pattern.finditer(text)
        ]

        assert found == []

    def test_are_the_only_sizes_of_type(self, rules: dict[Path, str]) -> None:
        assert [(str(path), match[0]) for path, text in rules.items() for match in RAW_TYPE_SIZE.finditer(text)] == []

    def test_are_defined_where_they_are_used(self) -> None:
        text = "\n".join([*sheets().values(), *scripts().values()])
        defined = set(re.findall(r"(--[\w-]+)[\"']?\s*[:,]", text))

        assert set(re.findall(r"var\((--[\w-]+)", "\n".join(sheets().values()))) - defined == set()


class TestRules:
    def test_stand_in_a_layer(self) -> None:
        outside = {}
        for path, text in sheets().items():
            loose = re.sub(r"@layer[^{;]+;|@import[^;]+;|@charset[^;]+;", "", text).strip()
            layers = re.findall(r"^@layer\s+([\w-]+)\s*\{", loose, re.MULTILINE)
            if loose and (not loose.startswith(("@layer", "@font-face")) or not set(layers) <= set(LAYERS)):
                outside[str(path)] = loose[:60]

        assert outside == {}

    def test_do_not_shout_and_know_no_ids(self, rules: dict[Path, str]) -> None:
        shouted = [str(path) for path, text in rules.items() if "!important" in QUIET_MOTION.sub("", text)]
        by_id = [(str(path), match[0]) for path, text in rules.items() for match in ID_SELECTOR.finditer(text)]

        assert shouted == []
        assert by_id == []

    def test_name_part_piece_and_state(self, rules: dict[Path, str]) -> None:
        selectors = [(path, match[1]) for path, text in rules.items() for match in re.finditer(r"([^{};]+)\{", text)]
        names = {(str(path), name) for path, selector in selectors for name in NAME.findall(selector)}

        assert {(path, name) for path, name in names if not name.startswith(OF_OTHERS) and not WELL_NAMED.match(name)} == set()
