"""The class of every table, read from tables.yaml."""

from typing import Final

import yaml

from tests.architecture import tree

CLASSES: Final[dict[str, list[str]]] = yaml.safe_load((tree.ROOT / "tests/architecture/tables.yaml").read_text(encoding="utf-8"))
DISTRIBUTED, REFERENCE, LOCAL = (frozenset(CLASSES[name]) for name in ("distributed", "reference", "local"))
JOURNALS = frozenset(CLASSES["journals"])
