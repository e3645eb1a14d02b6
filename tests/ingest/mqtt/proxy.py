"""
A line between two programs that can be made bad: slow, late, narrow, deaf, or torn.

The line ends in this process, so what the programs' own kernels would notice of a dead line they do not notice here:
only their own deadlines help them.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from core.kit.embedded import LOOPBACK

_TORN: Final = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends a reset."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the line. `delay_s` is added to each piece on its way, each way."""

    delay_s: float = 0.0
    bytes_per_s: int | None = None
    is_black_hole: bool = False
    """What is sent is lost; nobody is told."""


FINE: Final = Fault()


class Proxy:
    """Hands bytes on between those who connect and a port of this machine."""

    def __init__(self, port: int, heard: Callable[[bytes], None] = lambda _chunk: None) -> None:
        """Listen; `heard` gets what passes on the way in."""
        self._target = port
        self._heard = heard
        self._writers: set[asyncio.StreamWriter] = set()
        self.fault = FINE
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._thread.start()
        asyncio.run_coroutine_threadsafe(asyncio.start_server(self._meet, sock=self._listener), self._loop).result()

    def tear(self) -> None:
        """Reset all connections."""
        asyncio.run_coroutine_threadsafe(self._tear(), self._loop).result()

    def close(self) -> None:
        """Tear everything and stop listening."""
        self.tear()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._listener.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:  # nobody is there: who asked shall know it at once
            writer.close()
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer, self._heard), self._pass(far_reader, writer, lambda _chunk: None))
        self._writers -= {writer, far_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Callable[[bytes], None]) -> None:
        with suppress(OSError):
            while chunk := await reader.read(self._piece()):
                await asyncio.sleep(self._way_s(len(chunk)))
                if not self.fault.is_black_hole:
                    heard(chunk)
                    writer.write(chunk)
                    await writer.drain()
        writer.close()

    def _piece(self) -> int:
        narrow = self.fault.bytes_per_s
        return 65_536 if narrow is None else max(1, narrow // 10)

    def _way_s(self, size: int) -> float:
        narrow = self.fault.bytes_per_s
        return self.fault.delay_s + (size / narrow if narrow else 0)

    async def _tear(self) -> None:
        for writer in self._writers:
            if not writer.is_closing():
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _TORN)
            writer.transport.abort()


@contextmanager
def proxied(port: int, heard: Callable[[bytes], None] = lambda _chunk: None) -> Iterator[Proxy]:
    """Put a proxy before a port for the length of the block."""
    proxy = Proxy(port, heard)
    try:
        yield proxy
    finally:
        proxy.close()
