"""MQTT on the wire, packet by packet: count what a worker sends, and say what a client library would not."""

import socket
import threading
from collections import Counter
from contextlib import suppress
from typing import Final

from core.kit.embedded import LOOPBACK

CONNECT: Final = 1
PUBACK: Final = 4
SUBSCRIBE: Final = 8


class PacketCounter:
    """Takes the bytes of one connection after the other and counts packets by their type."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.count: Counter[int] = Counter()
        self._rest = b""
        self._changed = threading.Condition()

    def heard(self, chunk: bytes) -> None:
        """Take the next bytes; what is not a whole packet yet waits for more."""
        with self._changed:
            rest = self._rest + chunk
            while (length := _length(rest)) is not None and len(rest) >= length:
                self.count[rest[0] >> 4] += 1
                rest = rest[length:]
            self._rest = rest
            self._changed.notify_all()

    def wait_for(self, kind: int, times: int, *, patience_s: float = 20) -> bool:
        """Wait until packets of a kind have passed so many times, or patience is at an end; tell whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: self.count[kind] >= times, patience_s)


def _length(packet: bytes) -> int | None:
    """Return the length of the packet that begins here, head included; None where it is not known yet."""
    size = 0
    for place, byte in enumerate(packet[1:5]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return 2 + place + size
    return None


def say_once(port: int, user: str, password: str, topic: str, payload: bytes) -> None:
    """Connect, publish one message with QoS 1, leave: a whole visit in three packets, and whatever is answered."""
    connect = _text("MQTT") + b"\x04\xc2\x00\x14" + _text(f"{user}-once") + _text(user) + _text(password)
    publish = _text(topic) + b"\x00\x01" + payload
    with socket.create_connection((LOOPBACK, port), timeout=30) as line:
        line.sendall(_packet(0x10, connect) + _packet(0x32, publish) + b"\xe0\x00")
        with suppress(ConnectionResetError):
            while line.recv(1_024):
                pass


def _packet(head: int, body: bytes) -> bytes:
    assert len(body) < 128, "one byte tells the length"
    return bytes((head, len(body))) + body


def _text(word: str) -> bytes:
    return len(word.encode()).to_bytes(2, "big") + word.encode()
