"""Frames: how a tick is written for a stream of Server-Sent Events."""

from typing import Any, Final

import orjson

from core.kit.live.source import Picture

RETRY: Final = b"retry: 2000\n\n"
"""A browser that lost the stream asks again after two seconds."""

BEAT: Final = b": still here\n\n"
"""A comment: keeps the connection open and proves that somebody is at the other end."""


def frame(event: str, seq: int, body: bytes) -> bytes:
    """Return one event; JSON holds no raw line break, so one data line is enough."""
    return b"event: %b\nid: %d\ndata: %b\n\n" % (event.encode(), seq, body)


def written(picture: Picture, *, seq: int, version: str) -> bytes:
    """Return a whole picture as JSON with its number and the build that made it."""
    return orjson.dumps({"seq": seq, "version": version, **picture})


def difference(last: Picture, picture: Picture, *, seq: int) -> bytes:
    """Return as JSON what changed since the last picture: the instant always, dicts of parts part by part."""
    news = {key: _news(last.get(key), value) for key, value in picture.items() if last.get(key) != value}
    return orjson.dumps({"seq": seq, "at": picture.get("at"), **news})


def _news(before: Any, after: Any) -> Any:  # JSON values
    """Return what is new in a value that changed: of a dict of parts the parts that changed, else all of it."""
    if isinstance(before, dict) and isinstance(after, dict) and all(isinstance(part, dict) for part in after.values()):
        return {key: part for key, part in after.items() if before.get(key) != part}
    return after
