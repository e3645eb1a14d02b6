"""
Send lists to PostgreSQL as array literals, some twenty times faster than psycopg's own way.

A JSON list of scalars is a PostgreSQL array but for its brackets; orjson writes it at the speed of C. The type is left
to the statement: `%(ids)s::uuid[]`, `= any(%(ids)s)`. What the two languages write differently (bytes, control
characters) takes psycopg's way.
"""

import re
from typing import Any, Final

import orjson
import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.types.array import ListDumper
from psycopg.types.json import set_json_loads

_WRITTEN_DIFFERENTLY: Final = re.compile(rb'\\[^"\\]')
"""An escape that JSON knows and an array literal does not."""


class ArrayDumper(Dumper):
    """Writes a list of ids, numbers, instants, flags and texts."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        """Return the array literal."""
        if obj and isinstance(obj[0], list | tuple):
            return self._slowly(obj)
        try:
            written = orjson.dumps(obj)
        except TypeError:
            return self._slowly(obj)
        if _WRITTEN_DIFFERENTLY.search(written):
            return self._slowly(obj)
        return b"{" + written[1:-1] + b"}"

    def _slowly(self, obj: list[Any]) -> Buffer | None:
        context: AdaptContext | None = self.connection
        return ListDumper(list, context).dump(obj)


def use_arrays(connection: "psycopg.Connection[Any]") -> None:
    """Let a connection write lists by `ArrayDumper`, and read JSON by orjson."""
    connection.adapters.register_dumper(list, ArrayDumper)
    set_json_loads(orjson.loads, connection)
