"""What the embedded servers share: a lease counted by the kernel, a port that stays, a folder of their own."""

import fcntl
import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_PORT_S: Final = 5.0
SYSTEM_HOME: Final = Path("/var/lib/boshu")
"""Where root's embedded servers live when the project stands in a folder closed to others."""


class Lease:
    """
    Share one server between processes.

    Every user holds a shared lock on a file. The kernel drops it even on kill -9, so the count is always right, and the
    last to leave stops the server. A lease must not cross a fork: parent and child would hold it together.
    """

    def __init__(self, folder: Path) -> None:
        """Open the two lock files in the folder of the server."""
        self._gate = (folder / ".gate").open("a+b")
        self._users = (folder / ".users").open("a+b")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._gate, fcntl.LOCK_UN)

    def take(self) -> None:
        """Count this process as a user."""
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Stop counting this process; tell whether it was the last user. Only inside `turn`."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            fcntl.flock(self._users, fcntl.LOCK_UN)


def sticky_port(note: Path) -> int:
    """
    Return the loopback port noted in a file, so that clients reconnect after a restart; a free one where there is none.

    A server that was killed may hold its port a moment longer than its name, so a taken port is asked for again for a
    while before another is chosen.
    """
    wanted = int(note.read_text()) if note.exists() else 0
    until = time.monotonic() + _PORT_S
    while not _is_free(wanted):
        if time.monotonic() > until:
            wanted = 0
        time.sleep(0.05)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, wanted))
        port = int(probe.getsockname()[1])
    note.write_text(str(port))
    return port


def _is_free(port: int) -> bool:
    """Tell whether a loopback port can be taken; 0, which means any, always can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def write_secret(file: Path, text: str) -> None:
    """Write a file nobody else may read, whole or not at all."""
    fresh = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(file)


def is_running(pid: int, folder: Path) -> bool:
    """
    Tell whether a process is the server of a folder and lives.

    Its number may by now belong to a stranger, and one that ended but was not reaped has no command line any more.
    """
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(folder) in command


def server_account() -> pwd.struct_passwd | None:
    """Return the system account a server runs as when we are root, which PostgreSQL refuses; None when we are not."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in accounts:
            return accounts[name]
    raise OSError("root needs a system account named postgres or nobody to run the embedded database")


def system_folder(name: str) -> Path:
    """Return a folder of /var/lib/boshu that every account may pass through."""
    for folder in (SYSTEM_HOME, SYSTEM_HOME / name):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    return SYSTEM_HOME / name


def is_reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Tell whether an account can reach a path, folders above it included."""
    shown = subprocess.run(
        ["/bin/ls", "-d", f"{path}/." if path.is_dir() else str(path)],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], capture_output=True, check=False, cwd="/",
    )  # fmt: skip
    return shown.returncode == 0
