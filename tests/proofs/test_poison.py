"""A message that kills the worker is set aside unread, and nobody else with it (I-06)."""

import time
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple

import pytest

from core.kit.broker_accounts import SIMULATOR
from core.kit.clock import utc_now
from ingest.arrivals import Arrival
from tests.core.kit.test_embedded_broker import say
from tests.ingest.mqtt.lethal import LETHAL
from tests.ingest.mqtt.stage import FULL, Stage
from tests.ingest.town import Town

REDELIVERIES: Final = 3
LAG: Final = timedelta(seconds=30)
SETTLE_S: Final = 3.0
DEADLY: Final = "import runpy; runpy.run_module('tests.ingest.mqtt.lethal', run_name='__main__')"


class Size(NamedTuple):
    """Messages a second, and how many that kill among them, each once those before are set aside."""

    rate: int
    lethal: int


SIZES = (
    pytest.param(Size(500, 1), id="1 at 500/s"),
    pytest.param(Size(2_000, 10), id="10 at 2,000/s", marks=FULL),
)


def set_aside(stage: Stage) -> list[tuple[str, bytes, bytes]]:
    """Return reason, topic and bytes of what was set aside."""
    with stage.database.transaction() as tx:
        return [(row["reason"], row["topic"], row["payload"]) for row in tx.rows("select reason, topic, payload from dead_letter")]


def has_set_aside(stage: Stage, count: int) -> bool:
    """Tell whether so many messages are set aside."""
    return len(set_aside(stage)) == count


def killer(number: int) -> Arrival:
    """Return a message that kills."""
    return Town(boot=number + 2).pole(1, utc_now(), occupied=True, plate=LETHAL, colour="blue")


@pytest.mark.timeout(600)
class TestWorker:
    @pytest.mark.parametrize("size", SIZES)
    def test_sets_aside_what_it_dies_of(self, stage: Stage, size: Size) -> None:
        killers = [killer(number) for number in range(size.lethal)]
        publisher = stage.publisher(5, rate=size.rate)
        with stage.supervised(DEADLY) as deaths:
            time.sleep(SETTLE_S)
            for number, arrival in enumerate(killers, start=1):
                say(stage.broker.url(SIMULATOR), [arrival.topic], arrival.payload)
                assert stage.wait_for(partial(has_set_aside, stage, number)), "nothing is set aside"
            time.sleep(SETTLE_S)

            assert stage.complaints(publisher) == []

        letters = set_aside(stage)
        longest = max(lag for _happened_at, _stored_at, lag in stage.lateness())
        print(f"I-06 died {deaths.count} times of {size.lethal} messages; others waited {longest} at most")
        assert deaths.count <= size.lethal * (1 + REDELIVERIES)
        assert letters == [("poison", arrival.topic.encode(), arrival.payload) for arrival in killers]
        assert longest <= LAG
