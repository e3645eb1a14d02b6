"""
The command line. Every process of the product is one command; `run` is all of them on one machine.

The kit knows no higher room: a command finds its work by its name, when it runs.
"""

import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Annotated, Any, Final

import psycopg
import typer
from pydantic import ValidationError

from core.kit import clock, log, migrations, roles, safety, tariff_commands
from core.kit.broker_limits import check_limits
from core.kit.db import Database
from core.kit.errors import Refused, Unavailable
from core.kit.locale import _
from core.kit.processes import Program, follow_parent, supervise
from core.kit.services import Services, open_services
from core.kit.works import work
from core.settings import Settings, settings

_PAST_WAITS_S: Final = 5.0
"""The screen first, then its history."""
_SERVES: Final = frozenset({"web", "live", "ingest", "jobs"})
"""Processes that work for people; the others look after things, also after what is not safe."""
_log = log.get_logger(__name__)


class PortTaken(Refused):
    """Another program listens where the web should."""


cli = typer.Typer(name="boshu", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
imports = typer.Typer(no_args_is_help=True)
cli.add_typer(imports, name="import", help="Bring in real data from files; rows that are known already add nothing.")
Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Files of one source, plain, gzip or tar.")]
MapName = Annotated[str, typer.Option("--map", help="Name of a shipped mapping, or the path of a YAML file.")]
audit = typer.Typer(no_args_is_help=True)
cli.add_typer(audit, name="audit", help="Look after the audit.")
cli.add_typer(tariff_commands.tariff, name="tariff", help="Try tariffs written in the rule language; nothing is stored.")


def main() -> None:
    """Run one command; say in a sentence why it cannot be done."""
    follow_parent()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        cli()
    except safety.Unsafe as error:
        print(f"boshu: {error.message}", file=sys.stderr)
        sys.exit(safety.EX_CONFIG)
    except (Refused, Unavailable) as error:
        sys.exit(f"boshu: {error.message}")
    except ValidationError as error:
        sys.exit("\n".join(f"boshu: {_sentence(problem)}" for problem in error.errors()))


@cli.command()
def run() -> None:
    """Run the demo city on this machine: database, broker, ingest, jobs, simulator and web, until Ctrl-C."""
    _must_be_free(settings().web_host, settings().web_port)
    with _opened("run") as (now, services):
        migrations.migrate(services.owner_url)
        database = Database(services.database_url, pool_size=1)
        work("city")(database, seed=now.demo_seed, berths=now.demo_berths, at=clock.utc_now(), days=now.demo_days)
        given, wall_path = work("logins")(database, at=clock.utc_now())
        database.close()
        work("reserve")(services.mqtt_url, worker=now.ingest_worker)
        programs = [_program("web"), _program("ingest"), _program("simulate"), _program("jobs")]
        if now.live_port:
            programs.append(_program("live"))
        programs.append(replace(_program("simulate", "--past"), is_once=True, wait_s=_PAST_WAITS_S))
        programs.append(replace(_program("exports"), wait_s=_PAST_WAITS_S))
        with services.kept_alive():
            supervise(programs, os.environ, at_each_tick=_Announcement(now, given, wall_path))


@cli.command()
def web() -> None:
    """Serve the screens."""
    with _opened("web") as (now, services):
        if now.is_production:
            _must_have_no_demo(services)
        work("web")(now)


@cli.command()
def live() -> None:
    """Serve the live stream alone, for many screens."""
    with _opened("live") as (now, _services):
        work("live")(now)


@cli.command()
def ingest() -> None:
    """Take in the messages of the devices."""
    with _opened("ingest") as (now, services):
        Thread(target=_tell_limits, args=(services.mqtt_url,), daemon=True).start()
        work("ingest")(now)


@cli.command()
def bridge(
    vendor_url: Annotated[str, typer.Argument(help="Address of the vendor's broker.", envvar="BOSHU_VENDOR_URL")],
    path: Annotated[Path, typer.Option("--map", exists=True, dir_okay=False, help="YAML: which gateway stands where.")],
    topics: Annotated[str, typer.Option(help="What to listen to there.")] = "+/+/+/+/+",
) -> None:
    """Carry what another maker's gateways tell their broker to ours."""
    with _opened("bridge") as (now, _services):
        work("bridge")(now, vendor_url=vendor_url, topics=topics, path=path)


@cli.command()
def jobs() -> None:
    """Do what the clock asks for; of several runners one works."""
    with _opened("jobs") as (now, _services):
        work("jobs")(now)


@cli.command()
def exports() -> None:
    """Make the files people asked for; several of these share the work."""
    with _opened("exports") as (now, services):
        work("exports")(now, services.database_url)


@cli.command()
def simulate(
    *, past: Annotated[bool, typer.Option(help="Load the city's past instead, newest day first, and end.")] = False
) -> None:
    """Let the demo city live in real time."""
    with _opened("past" if past else "simulate") as (now, services):
        if past:
            database = Database(services.database_url, pool_size=1)
            work("past")(database, seed=now.demo_seed, until=clock.utc_now(), days=now.demo_days, opening_days=365 * now.demo_years)
        else:
            work("simulate")(now)


@cli.command()
def migrate(*, dry: Annotated[bool, typer.Option(help="Only say what would be applied.")] = False) -> None:
    """Bring the database to the newest schema."""
    with _opened("migrate") as (now, services):
        password = now.app_password.get_secret_value() if now.app_password else None
        names = migrations.pending(services.owner_url) if dry else migrations.migrate(services.owner_url, app_password=password)
        print("\n".join(names) or _("The schema is current."))
        if not dry:
            _begin(services)


@audit.command("verify")
def verify_audit() -> None:
    """Work the chain of the audit out anew; say where somebody changed it."""
    with _opened("audit") as (now, services):
        database = Database(services.database_url, pool_size=1, statement_s=600)
        sealed_n, faults = work("audit")(database, anchor_file=now.anchor_file, at=clock.utc_now())
        database.close()
    print("\n".join(faults) or _("%(n)s entries are as they were written.", n=sealed_n))
    raise typer.Exit(1 if faults else 0)


@imports.command("stays")
def import_stays(files: Files, mapping: MapName) -> None:
    """Import past stays with their money: one file a site, one row a stay."""
    _import("stays", files, mapping)


@imports.command("occupancy")
def import_occupancy(files: Files, mapping: MapName) -> None:
    """Import counts of lots; impossible ones are kept, marked and never shown."""
    _import("occupancy", files, mapping)


@imports.command("events")
def import_events(files: Files, mapping: MapName) -> None:
    """Import changes of state of sensors; chatter is listed, not believed."""
    _import("events", files, mapping)


@imports.command("meters")
def import_meters(files: Files, mapping: MapName) -> None:
    """Import payments at meters; foreign money is left out of the books."""
    _import("meters", files, mapping)


@imports.command("bays")
def import_bays(files: Files, mapping: MapName) -> None:
    """Import spaces and the streets they belong to."""
    _import("bays", files, mapping)


@imports.command("snapshots")
def import_snapshots(files: Files, mapping: MapName) -> None:
    """Import states of spaces at the moment of a snapshot; in between they are unknown."""
    _import("snapshots", files, mapping)


@cli.command()
def check() -> None:
    """Look whether settings, database and broker keep what the product promises; list what does not."""
    with _opened("check") as (_now, services):
        with psycopg.connect(services.database_url, connect_timeout=5) as connection:
            said = roles.complaints(connection) + roles.doubts(connection)
        said += [_("Migration %(name)s is not applied.", name=name) for name in migrations.pending(services.database_url)]
        said += check_limits(services.mqtt_url).complaints()
    print("\n".join(said) or _("All is well."))
    raise typer.Exit(1 if said else 0)


def _import(kind: str, files: list[Path], mapping: str) -> None:
    with _opened("import") as (now, _services):
        work(kind)(now, files, mapping)


@cli.command()
def code(login: Annotated[str, typer.Argument(help="The name somebody signs in by.")]) -> None:
    """Print a one-time code with which a user chooses a new password; the old one ends."""
    with _opened("code") as (_now, services):
        database = Database(services.database_url, pool_size=1)
        print(work("code")(database, login=login, at=clock.utc_now()))
        database.close()


def _must_be_safe(services: Services) -> None:
    """Look whether the database itself keeps what was promised; a process that serves does not start on another."""
    try:
        with psycopg.connect(services.database_url, connect_timeout=5) as connection:
            found, doubts = roles.complaints(connection), roles.doubts(connection)
    except psycopg.OperationalError as error:
        raise Unavailable(_("The database does not answer.")) from error
    for sentence in doubts:
        _log.warning("The database could be safer.", reason=sentence)
    if found:
        raise safety.Unsafe("\n- ".join([_("This database is not safe, so nothing was started:"), *found]))


def _must_have_no_demo(services: Services) -> None:
    database = Database(services.database_url, pool_size=1)
    with database.transaction() as tx:
        work("no_demo")(tx)
    database.close()


def _begin(services: Services) -> None:
    """Make the first administrators where there are none, and print their codes."""
    database = Database(services.database_url, pool_size=1)
    given = work("begin")(database, at=clock.utc_now())
    database.close()
    if given:
        print(_("The first administrators choose their passwords with these one-time codes, shown now and never again:"))
        print("\n".join(f"  {each}" for each in given))


def _leave(number: int, _frame: FrameType | None) -> None:
    """End the process by the usual way out, so that servers started here are stopped; a server of its own may take over."""
    sys.exit(128 + number)


def _must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(_("Port %(port)s is taken by another program; choose one by BOSHU_WEB_PORT.", port=port)) from error


def _tell_limits(mqtt_url: str) -> None:
    """Log what the broker would lose. Ingest begins at once: a busy broker, slow to answer the probe, must not keep it waiting."""
    try:
        for sentence in check_limits(mqtt_url).complaints():
            _log.error("The broker breaks a promise.", reason=sentence)
    except Unavailable as away:
        _log.warning("The broker's limits are not known.", reason=away.message)


@contextmanager
def _opened(process: str) -> Iterator[tuple[Settings, Services]]:
    """Open log and services; settings and environment name the services from here on, also for child processes."""
    log.configure(settings().log_level, process=process)
    safety.require(settings())
    with open_services(settings()) as services:
        if settings().is_production and process in _SERVES:
            _must_be_safe(services)
        os.environ.update(services.environment())
        settings.cache_clear()
        yield settings(), services


def _program(*words: str) -> Program:
    return Program("-".join(words).replace("--", ""), (sys.executable, "-m", "core.kit.cli", *words))


def _sentence(problem: Any) -> str:  # pydantic's ErrorDetails, whose keys differ by kind
    where = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message if problem["type"] == "value_error" else f"{where}: {message}"


class _Announcement:
    """Say once, when the web answers, where it is."""

    def __init__(self, now: Settings, given: Sequence[object], wall_path: str) -> None:
        self._began, self._given, self._wall_path = time.monotonic(), given, wall_path
        self._url = f"http://{now.web_host}:{now.web_port}"
        self._is_said = False

    def __call__(self) -> None:
        if self._is_said:
            return
        try:
            urllib.request.urlopen(f"{self._url}/healthz", timeout=0.5).close()  # noqa: S310  # our own address
        except OSError:
            return
        self._is_said = True
        took = f"{time.monotonic() - self._began:.1f}"
        print(_("Boshu is at %(url)s, %(seconds)s s after its parts were started.", url=self._url, seconds=took))
        print(_("A wall opens by this address, once: %(url)s", url=self._url + self._wall_path))
        if self._given:
            print(_("One-time codes to choose a password with at %(url)s:", url=f"{self._url}/sign-in"))
            print("\n".join(f"  {code}" for code in self._given))
        print(_("It listens on this machine only. Ctrl-C ends it."), flush=True)


if __name__ == "__main__":
    main()
