"""Real data sets outside the tree: found through BOSHU_SAMPLES, read with nothing of the product."""

import csv
import gzip
import os
from pathlib import Path

import pytest


def sample(name: str) -> Path:
    """Return the folder of one data set; skip the test where it is not on this machine."""
    root = os.environ.get("BOSHU_SAMPLES", "")
    folder = Path(root) / name
    if not root or not folder.is_dir():
        pytest.skip(f"the data set {name} is not on this machine (BOSHU_SAMPLES)")
    return folder


def rows_of(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a packed or plain file by their headers."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))
