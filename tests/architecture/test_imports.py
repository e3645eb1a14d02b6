"""Who may look at whom: the contracts of pyproject.toml, and what they cannot say."""

import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture import tree

A_PAGE_MAY = ("core.ui", "core.access", "core.kit.locale")
A_CALLBACK_MAY = ("core", "callbacks.edge")


def own(path: Path) -> list[str]:
    """Name the project's own modules that a file imports."""
    return [name for name in tree.imports(path) if name.split(".")[0] in {*tree.ROOMS, "app", "tests"}]


def inside(name: str, *packages: str) -> bool:
    """Tell whether a dotted name is one of the packages or lies below one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


class TestContracts:
    def test_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tree.ROOT)

        assert lint_imports(no_cache=True) == 0

    def test_place_every_domain(self) -> None:
        """The layers are exhaustive, so a new folder below core fails until it has its place."""
        contracts = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

        assert [contract["containers"] for contract in contracts if contract.get("exhaustive")] == [["core"]]

    def test_an_unplaced_domain_breaks_them(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for folder in ("town", "town/kit", "town/gossip"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "__init__.py").touch()
        config = tmp_path / "contract.toml"
        config.write_text(
            '[tool.importlinter]\nroot_packages = ["town"]\n[[tool.importlinter.contracts]]\nname = "layers"\n'
            'type = "layers"\ncontainers = ["town"]\nexhaustive = true\nlayers = ["kit"]\n'
        )
        monkeypatch.syspath_prepend(tmp_path)

        assert lint_imports(config_filename=str(config), no_cache=True) == 1


class TestRooms:
    def test_nobody_imports_the_application_or_a_test(self) -> None:
        found = {str(path): name for path in tree.below(*tree.ROOMS) for name in own(path) if inside(name, "app", "tests")}

        assert found == {}

    def test_a_page_knows_its_own_callbacks_and_the_frame(self) -> None:
        found = [
            (str(path), name)
            for path in tree.below("pages")
            for name in own(path)
            if not inside(name, *A_PAGE_MAY, tree.module(path).replace("pages", "callbacks", 1))
        ]

        assert found == []

    def test_a_callback_knows_no_other_callback(self) -> None:
        found = [
            (str(path), name)
            for path in tree.below("callbacks")
            for name in own(path)
            if not inside(name, *A_CALLBACK_MAY, tree.module(path)) and path.name != "__init__.py"
        ]

        assert found == []
