"""Nothing acknowledged is lost, nothing counts twice: whoever is killed, and however often (I-01, I-02, D-01)."""

import itertools
import os
import random
import signal
import time
from collections.abc import Callable
from typing import Final, NamedTuple

import pytest

from tests.ingest.mqtt.stage import FULL, Stage

CONTROL: Final = "import runpy; runpy.run_module('tests.ingest.mqtt.hasty', run_name='__main__')"


class Size(NamedTuple):
    """How much of it: messages a second, how often, and the seconds from one time to the next."""

    rate: int
    times: int
    pause_s: tuple[float, float]
    patience_s: float


KILLS = (
    pytest.param(Size(600, 10, (1.5, 3.0), 240), id="10 at 600/s"),
    pytest.param(Size(2_000, 50, (3.0, 7.0), 900), id="50 at 2,000/s", marks=FULL),
)
RESTARTS = (
    pytest.param(Size(600, 4, (2.0, 4.0), 240), id="4 at 600/s"),
    pytest.param(Size(2_000, 20, (3.0, 7.0), 900), id="20 at 2,000/s", marks=FULL),
)


def every(size: Size, do: Callable[[], None]) -> None:
    """Do something at random moments."""
    dice = random.Random(7)
    for _ in range(size.times):
        time.sleep(dice.uniform(*size.pause_s))
        do()


@pytest.mark.timeout(600)
class TestWorker:
    @pytest.mark.parametrize("size", KILLS)
    def test_killed_again_and_again_loses_and_doubles_nothing(self, stage: Stage, size: Size) -> None:
        stage.start_worker()
        publisher = stage.publisher(1, rate=size.rate)

        def kill() -> None:
            stage.kill_worker()
            stage.start_worker()

        every(size, kill)

        assert stage.complaints(publisher, patience_s=size.patience_s) == []

    @pytest.mark.parametrize("size", RESTARTS)
    def test_loses_nothing_when_the_broker_is_restarted_or_killed(self, stage: Stage, size: Size) -> None:
        stage.start_worker()
        publisher = stage.publisher(2, rate=size.rate)
        assert stage.wait_for(lambda: bool(stage.stored())), "the worker does not begin"  # what is away at its start ends it

        signals = itertools.cycle((signal.SIGTERM, signal.SIGKILL))

        def restart() -> None:
            os.kill(stage.broker.pid(), next(signals))
            time.sleep(0.5)
            assert stage.wait_for(stage.broker.revive), "the old one does not end, or the new one does not start"

        every(size, restart)

        assert stage.complaints(publisher, patience_s=size.patience_s) == []

    @pytest.mark.parametrize("size", RESTARTS)
    def test_loses_nothing_when_the_database_is_stopped_at_once(self, stage: Stage, size: Size) -> None:
        stage.start_worker()
        publisher = stage.publisher(3, rate=size.rate)
        assert stage.wait_for(lambda: bool(stage.stored())), "the worker does not begin"  # what is away at its start ends it

        def restart() -> None:
            os.kill(stage.server.pid(), signal.SIGQUIT)
            time.sleep(0.5)
            assert stage.wait_for(stage.server.revive), "the old one does not end, or the new one does not start"

        every(size, restart)

        assert stage.complaints(publisher, patience_s=size.patience_s) == []
        assert stage.is_worker_alive()

    @pytest.mark.parametrize("size", [pytest.param(Size(1_000, 30, (3.0, 7.0), 900), id="30 at 1,000/s", marks=FULL)])
    def test_loses_nothing_when_everything_is_killed_in_turn(self, stage: Stage, size: Size) -> None:
        dice = random.Random(11)
        with stage.supervised() as deaths:
            publisher = stage.publisher(5, rate=size.rate)
            assert stage.wait_for(lambda: bool(stage.stored())), "the worker does not begin"

            def kill() -> None:
                server = dice.choice((None, stage.broker, stage.server))
                if server is None:
                    stage.kill_worker()
                    return
                os.kill(server.pid(), signal.SIGKILL if server is stage.broker else signal.SIGQUIT)
                time.sleep(0.5)
                assert stage.wait_for(server.revive), "the old one does not end, or the new one does not start"

            every(size, kill)

            assert stage.complaints(publisher, patience_s=size.patience_s) == []
        assert deaths.count > 0

    def test_that_acknowledges_before_it_stores_is_found_out(self, stage: Stage) -> None:
        """The control: without the order of commit and acknowledgement the same proof fails."""
        stage.start_worker(CONTROL)
        publisher = stage.publisher(4, rate=600)
        for _ in range(3):
            assert stage.worker is not None
            stage.worker.wait(60)
            stage.start_worker(CONTROL)
        publisher.stop()
        stage.kill_worker()
        stage.start_worker()

        lost = publisher.acknowledged - stage.wait_until_stored(publisher.acknowledged, patience_s=15)

        assert lost
