"""One noun, one path, every room (STYLE, sections 1 and 2)."""

from pathlib import Path

from tests.architecture import tree
from tests.conftest import LONG, TESTS

TOP_FOLDERS = {"pages", "callbacks", "core", "ingest", "assets", "sql", "tests", ".ci"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler", "data", "info"}
FRAME = {"edge", "exporting", "registers/answers", "search", "uploads"}  # files of callbacks that belong to every page


def nouns(room: str, suffix: str = ".py") -> dict[str, Path]:
    """Map `<domain>/<noun>` to the file that tells it in one room; a noun may have grown into a folder."""
    found: dict[str, Path] = {}
    for path in tree.below(room.split("/", maxsplit=1)[0], suffix=suffix):
        inner = path.relative_to(room) if path.is_relative_to(room) else None
        if inner is None:
            continue
        name = inner.parent if inner.name == "__init__.py" else inner.with_suffix("")
        found[name.as_posix()] = path
    return found


class TestTree:
    def test_has_no_other_top_level_folder(self) -> None:
        folders = {path.parts[0] for path in tree.committed() if len(path.parts) > 1}

        assert folders <= TOP_FOLDERS

    def test_has_no_vague_name(self) -> None:
        assert [str(path) for path in tree.below(*tree.ROOMS, "tests") if {path.stem, *path.parts[:-1]} & VAGUE] == []

    def test_every_folder_of_a_room_is_a_package(self) -> None:
        folders = {parent for path in tree.below(*tree.ROOMS) for parent in path.parents if parent != Path()}

        assert [str(folder) for folder in sorted(folders) if not (tree.ROOT / folder / "__init__.py").is_file()] == []


class TestNouns:
    def test_a_page_has_its_callbacks_and_the_reverse(self) -> None:
        pages, callbacks = (
            {noun for noun, path in nouns(room).items() if path.name != "__init__.py"} for room in ("pages", "callbacks")
        )

        assert pages == callbacks - FRAME

    def test_a_query_file_has_the_module_that_runs_it(self) -> None:
        readers = {*nouns("core"), *nouns("ingest"), *(f"ingest/{noun}" for noun in nouns("ingest"))}

        assert [noun for noun in nouns("sql/queries", suffix=".sql") if noun not in readers] == []

    def test_a_test_is_named_after_what_it_tests(self) -> None:
        """tests/core/orders/test_waivers.py needs core/orders/waivers.py, a folder, or a rule of that name."""
        lost = []
        for path in tree.below("tests"):
            room, *rest = path.parts[1:]
            if room not in tree.ROOMS or not path.name.startswith("test_"):
                continue
            domain, noun = rest[:-1], path.stem.removeprefix("test_")
            places = [Path(room, *domain, noun), Path(room, *domain, "rules", noun)]
            if not any((tree.ROOT / place).is_dir() or (tree.ROOT / place).with_suffix(".py").is_file() for place in places):
                lost.append(str(path))

        assert lost == []

    def test_a_file_that_is_begun_first_is_there(self) -> None:
        assert [name for name in LONG if not (TESTS / name).is_file()] == []
