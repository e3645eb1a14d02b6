"""
P7: `boshu run` → first live wall, with everything installed; the first time in an empty folder, and again.

Live means: the stream's picture shows every kind of source heard within its interval. After Ctrl-C no process is left.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import orjson

FIRST_S, AGAIN_S, PATIENCE_S = 15.0, 8.0, 90.0
LINK = re.compile(rb"/screen/[\w-]{43}")
SOURCES = ("magnet", "video", "gate", "payment", "database")


class BenchRun:
    def bench_p7(self, run_folder: Path) -> None:
        folder = run_folder / "p7"
        first = _first_live_wall(folder)
        again = _first_live_wall(folder)
        print(f"P7  first live wall after {first:.1f} s (reach {FIRST_S:.0f} s), again {again:.1f} s (reach {AGAIN_S:.0f} s), "
              f"ratios {first / FIRST_S:.2f} and {again / AGAIN_S:.2f}; no process left")  # fmt: skip


def _first_live_wall(folder: Path) -> float:
    """Start the city, wait for a live wall, press Ctrl-C; return the seconds from start to wall."""
    port = _free_port()
    environment = {**os.environ, "BOSHU_DATA_DIR": str(folder), "BOSHU_WEB_PORT": str(port), "BOSHU_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "core.kit.cli", "run"]
    with tempfile.TemporaryFile() as said:
        return _live_wall_of(subprocess.Popen(command, env=environment, start_new_session=True, stdout=said), said, port, folder)


def _live_wall_of(city: "subprocess.Popen[bytes]", said: IO[bytes], port: int, folder: Path) -> float:
    began, screen = time.monotonic(), build_opener(HTTPCookieProcessor())
    try:
        while not _is_live(screen, said, port):
            assert city.poll() is None, "the city ended by itself"
            assert time.monotonic() - began < PATIENCE_S, "no live wall"
            time.sleep(0.1)
        return time.monotonic() - began
    finally:
        city.send_signal(signal.SIGINT)
        city.wait(60)
        assert _left(folder) == [], "processes are left"


def _is_live(screen: OpenerDirector, said: IO[bytes], port: int) -> bool:
    """Open the wall by the link that the city prints, and look whether it lives."""
    said.seek(0)
    link = LINK.search(said.read())
    if link is None:
        return False
    try:
        with screen.open(f"http://127.0.0.1:{port}{link[0].decode()}", timeout=2):
            pass
        with screen.open(f"http://127.0.0.1:{port}/live/wall.json", timeout=2) as answer:
            picture = orjson.loads(answer.read())
    except OSError:
        return False
    return all(picture["sources"][source]["state"] == "live" for source in SOURCES)


def _left(folder: Path) -> list[str]:
    """Return the command lines of processes that still use the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and int(process.name) != os.getpid():
            found.append(words[:200].decode(errors="replace"))
    return found


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])
