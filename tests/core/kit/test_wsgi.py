"""The web server says farewell quickly, also to streams that never end (O-10)."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kit.embedded import sticky_port

ROOT = Path(__file__).parents[3]
SERVER = """
import sys, time
from core.kit import log, wsgi

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/stream":
        return (time.sleep(0.1) or b"tick" for _ in range(100_000))
    return [b"hello"]

log.configure("INFO", process="web")
wsgi.serve(lambda: application, host="127.0.0.1", port=int(sys.argv[1]), workers=1, threads=4)
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """Return the port and the process of a server that answers."""
    port = sticky_port(tmp_path / "port")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
    )
    until = time.monotonic() + 15
    while time.monotonic() < until and not is_listening(port):
        time.sleep(0.05)
    yield port, process
    if process.poll() is None:
        process.kill()
        process.wait()


def is_listening(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
    except OSError:
        return False
    return True


class TestServe:
    def test_ends_soon_although_a_stream_is_open(self, served: tuple[int, "subprocess.Popen[str]"]) -> None:
        port, process = served
        stream = socket.create_connection(("127.0.0.1", port), timeout=5)
        stream.sendall(b"GET /stream HTTP/1.1\r\nHost: boshu\r\n\r\n")
        assert stream.recv(64)

        began = time.monotonic()
        process.terminate()
        said = process.communicate(timeout=15)[1]

        assert time.monotonic() - began < 8
        assert process.returncode == 0
        assert all(line.startswith("{") for line in said.splitlines())
        stream.close()

    def test_opens_no_control_socket(self, served: tuple[int, "subprocess.Popen[str]"], tmp_path: Path) -> None:
        assert not (tmp_path / ".gunicorn").exists()
