"""Whoever watches over the product sees its figures, by a key, and nothing of anybody (O-07)."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from core.kit.db import Database
from core.upkeep.vitals import Vitals
from ingest.api import metrics

KEY = "a key of thirty-two letters or so"


def watched(database: Database, *, key: str | None = KEY) -> FlaskClient:
    server = Flask(__name__, static_folder=None)
    metrics.register(server, database, key=SecretStr(key) if key else None, folder=Path("/"))
    return server.test_client()


def figures(client: FlaskClient) -> dict[str, float]:
    text = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    return {sample.name: sample.value for family in text_string_to_metric_families(text) for sample in family.samples}


class TestMetrics:
    def test_tell_every_vital_that_is_known(self, database: Database) -> None:
        told = figures(watched(database))

        assert set(metrics.TOLD) == set(Vitals.__slots__)
        assert told["boshu_database_up"] == 1
        assert {"boshu_audit_unsealed", "boshu_clock_off_seconds", "boshu_disk_free_percent", "boshu_unsettled_fen"} <= set(told)
        assert told["boshu_database_connections"] >= told["boshu_database_connections_in_use"]

    def test_say_when_the_database_is_away(self) -> None:
        away = Database("postgresql://nobody@127.0.0.1:1/none", pool_size=1)

        told = figures(watched(away))

        assert told["boshu_database_up"] == 0
        assert "boshu_unsettled_fen" not in told

    @pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", KEY[:-1], "Basic x"])
    def test_are_closed_to_others(self, database: Database, shown: str) -> None:
        assert watched(database).get("/metrics", headers={"Authorization": shown}).status_code == 403

    def test_are_closed_where_there_is_no_key(self, database: Database) -> None:
        assert watched(database, key=None).get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
