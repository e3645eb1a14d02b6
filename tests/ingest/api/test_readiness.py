"""Whoever asks whether the product is ready is told what is missing, and nothing of how it is made (O-07, W-08)."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from core.kit.broker_accounts import COLLECTOR
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from core.settings import Settings
from core.upkeep.readiness import Part
from ingest.api import readiness
from tests.core.upkeep.test_readiness import run_a_job

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def asked(database: Database, mqtt_url: str | None) -> TestResponse:
    server = Flask(__name__, static_folder=None)
    now = Settings(database_url=database.url, mqtt_url=mqtt_url, data_dir=Path("/"), disk_floor_mb=0)
    readiness.register(server, database, now, is_live=lambda: True, clock=FixedClock(AT))
    return server.test_client().get("/readyz")


class TestReadyz:
    def test_says_yes_when_every_part_is_there(self, own_database: Database, broker: EmbeddedBroker) -> None:
        run_a_job(own_database, at=AT)

        answer = asked(own_database, broker.url(COLLECTOR))

        assert answer.status_code == 200
        assert answer.json == {"status": "ready", "missing": [], "parts": dict.fromkeys(Part, "ok")}

    def test_names_what_is_missing_and_nothing_else(self, own_database: Database) -> None:
        answer = asked(own_database, "mqtt://ingest:canary@127.0.0.1:1")

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"
        assert answer.json == {
            "status": "not ready",
            "missing": ["broker", "jobs"],
            "parts": dict.fromkeys(Part, "ok") | {Part.BROKER: "missing", Part.JOBS: "missing"},
        }
