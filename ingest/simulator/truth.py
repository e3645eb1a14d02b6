"""The truth: every stay as it really was, what it cost and what was paid, beside what the mess did to its messages."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson

from core.kit.money import Fen
from ingest.simulator.payers import Paid


@dataclass(slots=True)
class TrueStay:
    """
    One stay. Seconds since 1970; grows while it lasts, hence not frozen.

    known_s: since when the operator can know of it; its price counts from there. left_s is None while it lasts.
    is_read: whether anybody read the plate; without it there is no claim. touched: what went wrong with its messages.
    """

    site: str
    space: str | None
    plate: str
    colour: str
    entered_s: int
    known_s: int
    left_s: int | None = None
    is_read: bool = False
    gross_fen: Fen | None = None
    payments: list[Paid] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)

    @property
    def line(self) -> bytes:
        """Return the stay as one line of JSON, instants in UTC."""
        return orjson.dumps({
            "site": self.site, "space": self.space, "plate": self.plate, "colour": self.colour,
            "entered_at": _moment(self.entered_s), "known_at": _moment(self.known_s),
            "left_at": None if self.left_s is None else _moment(self.left_s), "is_read": self.is_read,
            "gross_fen": self.gross_fen,
            "payments": [
                {"at": _moment(paid.at_s), "fen": paid.fen, "channel": paid.channel, "trade_no": paid.trade_no}
                for paid in self.payments
            ],
            "touched": self.touched,
        }, option=orjson.OPT_APPEND_NEWLINE)  # fmt: skip


Key = tuple[int, int, int]
"""Site, spot and second of arrival."""


class Truth:
    """
    The stays of a run. Without a folder all are kept in memory.

    With one, each stay is written when it ends and each payment when it is made, a file a UTC day, and then forgotten.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._stays: dict[Key, TrueStay] = {}

    @property
    def stays(self) -> list[TrueStay]:
        """Return the stays that are remembered, by arrival."""
        return sorted(self._stays.values(), key=lambda stay: (stay.entered_s, stay.site, stay.space or stay.plate))

    def begin(self, key: Key, stay: TrueStay) -> TrueStay:
        """Remember a stay that begins; return the one remembered before, where there is one."""
        return self._stays.setdefault(key, stay)

    def find(self, key: Key) -> TrueStay | None:
        """Return a stay that is remembered."""
        return self._stays.get(key)

    def leave(self, key: Key, left_s: int, gross_fen: Fen) -> None:
        """Say when a stay ended and what it costs."""
        stay = self._stays[key]
        stay.left_s, stay.gross_fen = left_s, gross_fen
        if self._folder is not None:
            self._append("stays", left_s, stay.line)
            del self._stays[key]

    def pay(self, key: Key, paid: Paid) -> None:
        """Say that money was paid for a stay, also long after its end."""
        stay = self._stays.get(key)
        if stay is not None:
            stay.payments.append(paid)
        if self._folder is not None:
            line = {"at": _moment(paid.at_s), "fen": paid.fen, "channel": paid.channel, "trade_no": paid.trade_no}
            self._append("payments", paid.at_s, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def _append(self, kind: str, second: int, line: bytes) -> None:
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{kind}-{_moment(second):%Y-%m-%d}.jsonl").open("ab") as file:
            file.write(line)


def forget(folder: Path, before: datetime) -> int:
    """Delete the truth of the UTC days before an instant; return how many files that were."""
    old = [file for file in folder.glob("*-????-??-??.jsonl") if file.stem[-10:] < f"{before.astimezone(UTC):%Y-%m-%d}"]
    for file in old:
        file.unlink()
    return len(old)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, tz=UTC)
