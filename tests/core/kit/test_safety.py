"""What others can reach does not start while it is open, and names everything that is wrong (O-01)."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.kit import safety
from core.kit.locale import Language, use
from core.kit.secrets import Keys
from core.settings import Settings

ROOT = Path(__file__).parents[3]
GOOD = "Xk29sQpL7vTr4mNa"
OTHER = "Wb81zRfJ6cUe3hGd"
SAFE: dict[str, Any] = {
    "database_url": f"postgresql://boshu_app:{GOOD}@db.internal/boshu?sslmode=verify-full",
    "mqtt_url": f"mqtts://boshu-ingest:{OTHER}@broker.internal:8883",
    "web_host": "0.0.0.0",
    "web_origin": "https://parking.example",
    "web_proxies": 1,
    "data_dir": Path("/mnt/here"),
    "audit_anchor": Path("/mnt/elsewhere/audit.anchor"),
}
UNSAFE: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "no address": ({"web_origin": None}, {}, "WEB_ORIGIN does not say"),
    "in the open": ({"web_origin": "http://parking.example"}, {}, "is not https"),
    "no proxy": ({"web_proxies": 0}, {}, "WEB_PROXIES"),
    "embedded database": ({"database_url": None}, {}, "DATABASE_URL is empty"),
    "database without a password": ({"database_url": "postgresql://boshu_app@localhost/b"}, {}, "has no password"),
    "database with a known password": ({"database_url": "postgresql://boshu_app:changeme@localhost/b"}, {}, "everybody tries"),
    "database with a known password in capitals": ({"database_url": "postgresql://a:POSTGRES@localhost/b"}, {}, "everybody tries"),
    "database with a short password": ({"database_url": "postgresql://boshu_app:Xk29sQp@localhost/b"}, {}, "fewer than 16"),
    "database as administrator": ({"database_url": f"postgresql://postgres:{GOOD}@localhost/b"}, {}, "could change the ledger"),
    "database as owner": ({"database_url": f"postgresql://boshu_owner:{GOOD}@localhost/b"}, {}, "could change the ledger"),
    "database without TLS": ({"database_url": f"postgresql://a:{GOOD}@db.internal/b"}, {}, "sslmode"),
    "database with TLS if it likes": ({"database_url": f"postgresql://a:{GOOD}@db.internal/b?sslmode=prefer"}, {}, "sslmode"),
    "embedded broker": ({"mqtt_url": None}, {}, "MQTT_URL is empty"),
    "anonymous broker": ({"mqtt_url": "mqtts://broker.internal"}, {}, "names no user"),
    "broker without TLS": ({"mqtt_url": f"mqtt://a:{OTHER}@broker.internal"}, {}, "mqtts://"),
    "broker with a known password": ({"mqtt_url": "mqtts://a:mosquitto@broker.internal"}, {}, "everybody tries"),
    "broker with a short password": ({"mqtt_url": "mqtts://a:short@broker.internal"}, {}, "fewer than 16"),
    "one password for both": ({"mqtt_url": f"mqtts://a:{GOOD}@broker.internal"}, {}, "the same password"),
    "role with a known password": ({"app_password": "secret"}, {}, "BOSHU_APP_PASSWORD is one that everybody tries"),
    "role with a short password": ({"app_password": "Xk29sQp"}, {}, "fewer than 16"),
    "no anchor": ({"audit_anchor": None}, {}, "AUDIT_ANCHOR is empty"),
    "anchor beside the data": ({"audit_anchor": Path("/mnt/here/x/audit.anchor")}, {}, "lies in the data folder"),
    "pictures in the open": (
        {"evidence_url": "s3://evidence"},
        {"AWS_ENDPOINT_URL": "http://store.internal:9000"},
        "AWS_ENDPOINT_URL leaves",
    ),
    "debugger": ({}, {"DASH_DEBUG": "1"}, "DASH_DEBUG"),
    "hot reload": ({}, {"DASH_HOT_RELOAD": "true"}, "DASH_HOT_RELOAD"),
    "flask's debugger": ({}, {"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "flask's key": ({}, {"FLASK_SECRET_KEY": "x"}, "FLASK_SECRET_KEY"),
    "talkative log": ({"log_level": "DEBUG"}, {}, "LOG_LEVEL"),
}


def found(changed: dict[str, Any], environment: dict[str, str] | None = None) -> list[str]:
    with use(Language.EN):
        return safety.faults(Settings(**{**SAFE, **changed}), environment or {})


class TestFaults:
    def test_are_none_where_all_is_well(self) -> None:
        assert found({}) == []

    @pytest.mark.parametrize("how", UNSAFE)
    def test_name(self, how: str) -> None:
        changed, environment, said = UNSAFE[how]

        assert [fault for fault in found(changed, environment) if said in fault] != []

    def test_names_a_folder_that_is_open(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        assert "open to every account" in found({"data_dir": tmp_path})[0]

        tmp_path.chmod(0o750)
        assert found({"data_dir": tmp_path}) == []

    def test_names_a_file_of_keys_that_is_open(self, tmp_path: Path) -> None:
        file = tmp_path / "secrets.keys"
        Keys(file).add()
        assert found({"keys": file}) == []

        file.chmod(0o640)
        assert "file of keys is open" in found({"keys": file})[0]

    def test_tells_no_password(self) -> None:
        said = "".join(found({"database_url": "postgresql://a:changeme@h/b", "mqtt_url": "mqtt://a:zebra7@h"}))

        assert "changeme" not in said
        assert "zebra7" not in said


class TestRequire:
    def test_lets_this_machine_be_as_it_likes(self) -> None:
        safety.require(Settings(web_host="127.0.0.1"), {"DASH_DEBUG": "1"})

    def test_names_all_at_once(self) -> None:
        with use(Language.EN), pytest.raises(safety.Unsafe) as refused:
            safety.require(Settings(web_host="0.0.0.0", data_dir=Path("/mnt/here")), {"DASH_DEBUG": "1"})

        assert refused.value.message.count("\n- ") == 6

    @pytest.mark.parametrize("start", ["web", "live", "ingest", "jobs", "simulate", "migrate"])
    def test_keeps_every_command_from_starting(self, start: str, tmp_path: Path) -> None:
        done = run([sys.executable, "-m", "core.kit.cli", start], tmp_path)

        assert (done.returncode, done.stdout) == (safety.EX_CONFIG, "")
        assert "BOSHU_WEB_ORIGIN" in done.stderr
        assert "DATABASE_URL" in done.stderr

    def test_keeps_the_application_from_being_made(self, tmp_path: Path) -> None:
        """By whatever server somebody would serve it."""
        make = "import app; from core.settings import settings; app.create_app(settings())"

        done = run([sys.executable, "-c", make], tmp_path, DATABASE_URL="postgresql://a:b@127.0.0.1:1/b")

        assert done.returncode != 0
        assert "BOSHU_WEB_ORIGIN" in done.stderr


def run(command: list[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    own = {name: value for name, value in os.environ.items() if not name.startswith(("BOSHU_", "DATABASE_", "MQTT_"))}
    given = {"BOSHU_DATA_DIR": str(folder / "data"), "BOSHU_LANGUAGE": "en", "BOSHU_WEB_HOST": "0.0.0.0", **variables}
    return subprocess.run(command, cwd=ROOT, env={**own, **given}, capture_output=True, text=True, timeout=60, check=False)
