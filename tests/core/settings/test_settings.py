"""Settings are typed, explained and refused in sentences."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import Language, Settings, table
from core.settings.settings import variable


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forget what the machine that runs the tests has set."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


class TestSettings:
    def test_have_a_default_and_a_help_sentence_each(self) -> None:
        for name, field in Settings.model_fields.items():
            assert not field.is_required(), name
            assert field.description, name
            assert field.description.endswith("."), name

    def test_come_from_the_environment_before_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".env").write_text("BOSHU_WEB_PORT=9000\nMQTT_URL=mqtt://file\nBOSHU_LANGUAGE=en\n")
        monkeypatch.setenv("BOSHU_WEB_PORT", "9001")
        monkeypatch.setenv("DATABASE_URL", "postgresql://city")

        now = Settings()

        assert (now.web_port, now.mqtt_url, now.database_url, now.language) == (
            9001,
            "mqtt://file",
            "postgresql://city",
            Language.EN,
        )

    def test_take_an_empty_variable_as_not_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "")

        assert Settings().database_url is None

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
    def test_know_that_loopback_is_this_machine_alone(self, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BOSHU_WEB_HOST", host)

        assert not Settings().is_production

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "city.example", "127.0.0.1.city.example"])
    def test_know_that_others_can_come_from_elsewhere(self, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BOSHU_WEB_HOST", host)

        assert Settings().is_production

    def test_know_that_others_come_by_an_address_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Behind a proxy on the same machine the web listens on loopback, too."""
        monkeypatch.setenv("BOSHU_WEB_ORIGIN", "https://parking.example")

        assert (Settings().is_production, Settings().is_https) == (True, True)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("BOSHU_CITY_ZONE", "Asia/Jiangzhou"),
            ("BOSHU_CITY_ZONE", "../../etc/passwd"),
            ("BOSHU_CURRENCY", "yuan"),
            ("BOSHU_LANGUAGE", "fr"),
            ("BOSHU_INGEST_BATCH_MAX", "0"),
            ("BOSHU_INGEST_WORKER", "2"),
            ("BOSHU_STALE_AFTER_S", "10"),
            ("BOSHU_MESS", "-1"),
        ],
    )
    def test_refuse_what_cannot_be(self, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, value)

        with pytest.raises(ValidationError):
            Settings()

    def test_never_show_the_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BOSHU_APP_PASSWORD", "hidden-word")

        assert "hidden-word" not in repr(Settings())


class TestTable:
    def test_has_a_row_for_every_setting(self) -> None:
        rows = table().splitlines()[2:]

        assert [row.split("`")[1] for row in rows] == [variable(field) for field in Settings.model_fields]
        assert "| `DATABASE_URL` | empty | PostgreSQL 15 to 18" in table()
        assert "| `BOSHU_LANGUAGE` | `zh_CN` |" in table()
