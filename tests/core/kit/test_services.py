"""Services are ours by default and others' by URL; nobody else asks which."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.kit.broker_limits import check_limits
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.kit.services import open_services
from core.settings import Settings

OTHERS = {"DATABASE_URL": "postgresql://app@db/city", "MQTT_URL": "mqtts://ingest:x@broker"}


@pytest.fixture
def folder(run_folder: Path) -> Iterator[Path]:
    folder = run_folder / f"services-{uuid7().hex}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def settings_of(folder: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name in ("DATABASE_URL", "MQTT_URL", "BOSHU_OWNER_URL", "BOSHU_SIMULATOR_MQTT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BOSHU_DATA_DIR", str(folder))
    return Settings()


class TestOpenServices:
    def test_starts_its_own_where_no_url_is_given_and_stops_them(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with open_services(settings_of(folder, monkeypatch)) as services:
            database = Database(services.database_url)
            with database.transaction() as tx:
                assert tx.value("select current_user") == "boshu_app"
            database.close()
            assert check_limits(services.mqtt_url).complaints() == []
            pids = [server.pid() for server in services.own]

        assert len(pids) == 2
        assert not [pid for pid in pids if str(folder) in command_of(pid)]

    def test_takes_others_by_url_and_starts_nothing(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with open_services(settings_of(folder, monkeypatch, **OTHERS)) as services:
            assert services.database_url == services.owner_url == OTHERS["DATABASE_URL"]
            assert services.mqtt_url == services.simulator_mqtt_url == OTHERS["MQTT_URL"]
            assert services.own == ()

        assert not folder.exists()

    def test_are_kept_alive_under_kill_9(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with open_services(settings_of(folder, monkeypatch)) as services, services.kept_alive():
            before = [server.pid() for server in services.own]
            for pid in before:
                os.kill(pid, signal.SIGKILL)

            until = time.monotonic() + 30
            while not (answers_database(services.database_url) and answers_broker(services.mqtt_url)):
                assert time.monotonic() < until
                time.sleep(0.1)
            assert not {server.pid() for server in services.own} & set(before)

    def test_lead_a_child_process_to_the_same_place(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        urls = {**OTHERS, "BOSHU_OWNER_URL": "postgresql://owner@db/city", "BOSHU_SIMULATOR_MQTT_URL": "mqtt://city:x@broker"}
        with open_services(settings_of(folder, monkeypatch, **urls)) as services:
            assert services.environment() == urls

            with open_services(settings_of(folder, monkeypatch, **services.environment())) as again:
                assert again == services


def answers_database(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def answers_broker(url: str) -> bool:
    try:
        return check_limits(url).keeps_sessions
    except Unavailable:
        return False


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
