"""The files of the project as the architecture tests see them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("pages", "callbacks", "core", "ingest")


@cache
def committed() -> tuple[Path, ...]:
    """List every file that belongs to the project, new ones included, relative to the root; ignored files are left out."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(sorted(path for name in set(listed.split("\0")) if name and (ROOT / (path := Path(name))).is_file()))


def below(*folders: str, suffix: str = ".py") -> list[Path]:
    """List the project's files with a suffix in some top-level folders."""
    return [path for path in committed() if path.suffix == suffix and path.parts[0] in folders]


@cache
def parsed(path: Path) -> ast.Module:
    """Parse one Python file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[str]:
    """Name every module a file imports; `from a import b` counts as `a.b`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.parts[: len(path.parts) - node.level]) if node.level else ""
            module = ".".join(part for part in (package, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def module(path: Path) -> str:
    """Name the module of a file: core/orders/waivers.py is core.orders.waivers."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")
