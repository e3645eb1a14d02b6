"""
Garbage: how often the search for reference cycles interrupts a process that moves messages.

A batch makes some hundred thousand short-lived objects without a cycle among them. Python's default looks at the young
ones after every 700 of them, which took a third of the time of an ingest worker.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

RARELY: Final = (100_000, 20, 100)
"""Young objects before the first search, first searches before a second, and second ones before a whole one."""


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Search rarely within the block, and never among what was there before; afterwards everything is as it was."""
    often = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
