"""The probe sees what a broker would lose."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kit.broker_accounts import COLLECTOR
from core.kit.broker_limits import ENOUGH, Limits, check_limits
from core.kit.embedded import sticky_port
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from tests.fixtures.mosquitto import PROGRAM


@pytest.fixture
def careless(run_folder: Path) -> Iterator[str]:
    """Return the URL of a mosquitto with the limits it has by default; the control of this test."""
    if PROGRAM is None:
        pytest.skip("mosquitto is not installed")
    folder = run_folder / f"careless-{uuid7().hex}"
    folder.mkdir()
    port = sticky_port(folder / "port")
    (folder / "careless.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    process = subprocess.Popen([PROGRAM, "-c", str(folder / "careless.conf")], stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    yield f"mqtt://any:one@127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


class TestCheckLimits:
    def test_has_no_complaint_about_our_broker(self, broker: EmbeddedBroker) -> None:
        limits = check_limits(broker.url(COLLECTOR))

        assert limits == Limits(refuses_strangers=True, keeps_sessions=True, kept=ENOUGH, window=ENOUGH, takes_large=True)
        assert limits.complaints() == []

    def test_names_every_limit_of_a_careless_broker(self, careless: str) -> None:
        limits = check_limits(careless)

        assert not limits.refuses_strangers
        assert limits.kept < ENOUGH
        assert limits.window < ENOUGH
        assert len(limits.complaints()) == 3

    def test_is_unavailable_for_an_account_that_may_not(self, broker: EmbeddedBroker) -> None:
        url = broker.url(COLLECTOR)
        wrong = url.replace(url.split(":")[2].split("@")[0], "wrong")

        with pytest.raises(Unavailable, match="MQTT_URL"):
            check_limits(wrong)

    def test_is_unavailable_where_nobody_listens(self) -> None:
        with pytest.raises(Unavailable):
            check_limits("mqtt://a:b@127.0.0.1:1")
