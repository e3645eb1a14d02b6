"""An application of the entrance and one page behind it, and a stranger's browser."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import edge
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.live import headers
from core.kit.secrets import Keys
from core.ui.entrance import policies
from core.ui.entrance.policies import Open
from tests.core.ui.entrance.house import AT


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands."""
    return FixedClock(AT)


@pytest.fixture
def house(database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """Return an application of the entrance and one page behind it."""
    monkeypatch.setattr(policies, "ROUTES", {**policies.ROUTES, "/inside": Open.KNOWN})
    server = Flask(__name__, static_folder=None)
    headers.register(server, script_hashes=lambda: ())
    edge.register(server, database=database, clock=clock, keys=Keys(tmp_path / "secrets.keys"))
    server.add_url_rule("/inside", view_func=lambda: edge.actor().name)
    return server


@pytest.fixture
def client(house: Flask) -> FlaskClient:
    """Return a stranger's browser that prefers English."""
    client = house.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
