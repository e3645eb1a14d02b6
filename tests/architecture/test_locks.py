"""What is installed is named, hashed, licensed, and comes from no address of ours (DESIGN D22, O-08)."""

import json
import re
import tomllib
from pathlib import Path

from plotly.offline import get_plotlyjs_version

from tests.architecture import notice, tree

PYTHON_LOCKS = sorted(path for path in tree.committed() if path.match("requirements*.lock"))
SCREEN = json.loads((tree.ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
# What a service that is run, not sold as a library, may stand on without giving up its own terms.
PERMITTED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "EPL-2.0", "ISC", "LGPL-3.0-only", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib",
}  # fmt: skip
# Addresses of registries and paths of machines; written in pieces, for this file is looked at as well.
TELLTALES = re.compile(
    "|".join(
        [
            r"pypi\." + "org", r"python" + "hosted", r"registry\." + "npmjs", r"npm" + "mirror", r"/simple" + "/",
            r"(?<![\w.])/(work|root|home/\w+|opt/\w+|Users/\w+)" + "/", r"file:" + r"///\w+/",
        ]
    )
)  # fmt: skip


class TestPythonLocks:
    def test_hash_every_package(self) -> None:
        for path in PYTHON_LOCKS:
            text = (tree.ROOT / path).read_text(encoding="utf-8")
            for block in re.split(r"\n(?=\S)", text.strip()):
                assert notice.PINNED.match(block), f"{path}: {block[:60]}"
                assert "--hash=sha256:" in block, f"{path}: {block[:60]}"

    def test_hold_what_the_project_asks_for(self) -> None:
        project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        asked = {re.split(r"[\[<>=;]", line)[0].lower() for line in project["dependencies"]}
        locked = {package.name for package in notice.python_packages()}

        assert asked <= locked

    def test_tests_run_on_the_versions_of_the_product(self) -> None:
        product, tests = (
            {match[:2] for match in notice.PINNED.findall((tree.ROOT / lock).read_text(encoding="utf-8"))}
            for lock in ("requirements.lock", "requirements-dev.lock")
        )

        assert product <= tests


class TestScreenLock:
    def test_hashes_every_package_and_names_no_address(self) -> None:
        packages = {path: package for path, package in SCREEN.items() if path}

        assert [path for path, package in packages.items() if "integrity" not in package] == []
        assert [path for path, package in packages.items() if "resolved" in package] == []

    def test_draws_with_the_plotly_js_that_the_python_package_speaks_to(self) -> None:
        assert SCREEN["node_modules/plotly.js-strict-dist-min"]["version"] == get_plotlyjs_version()


class TestVendored:
    def test_every_font_that_is_named_is_there(self) -> None:
        folder = tree.ROOT / "assets/vendor"
        named = re.findall(r"url\(([^)]+)\)", (folder / "fonts.css").read_text(encoding="utf-8"))

        assert len(named) > 100
        assert [name for name in named if not (folder / name).is_file()] == []


class TestNotice:
    def test_is_current(self) -> None:
        assert (tree.ROOT / "NOTICE").read_text(encoding="utf-8") == notice.notice(), "run make docs"

    def test_names_permitted_licences_alone(self) -> None:
        stated = {
            (package.name, word) for package, text in notice.written().items() for word in re.findall(r"[A-Za-z0-9.-]+", text)
        }

        assert {(name, word) for name, word in stated if word not in PERMITTED | {"AND", "OR"}} == set()


class TestCommittedFiles:
    def test_name_no_registry_and_no_machine(self) -> None:
        found = []
        for path in tree.committed():
            if path.suffix in {".png", ".gz", ".woff2", ".ico", ".mo"} or path == Path("tests/architecture/test_locks.py"):
                continue
            text = (tree.ROOT / path).read_text(encoding="utf-8")
            found += [
                f"{path}:{number}: {line.strip()[:80]}"
                for number, line in enumerate(text.splitlines(), 1)
                if TELLTALES.search(line)
            ]

        assert found == []

    def test_are_our_own(self) -> None:
        """Libraries, fonts and archives come by the locks; data come from where they are kept."""
        packed = {".woff", ".woff2", ".ttf", ".otf", ".whl", ".gz", ".zip", ".tgz", ".xlsx", ".parquet", ".mo"}

        assert [str(path) for path in tree.committed() if path.suffix in packed or ".min." in path.name] == []
