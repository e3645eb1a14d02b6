"""The control: a worker that acknowledges before it stores, and dies in between once in a while. Not part of the product."""

import os
import signal
import time
from collections.abc import Sequence

from core.settings import settings
from ingest.mqtt import worker
from ingest.mqtt.consumer import Delivery

LIVES = 12
"""Batches until it dies."""
AWAY_S = 0.5
"""Time for the acknowledgements to leave."""


class HastyWorker(worker.Worker):
    """Breaks the promise that the tests prove."""

    batches = 0

    def _take(self, batch: Sequence[Delivery]) -> None:
        self._consumer.acknowledge(batch)
        type(self).batches += 1
        if self.batches >= LIVES:
            time.sleep(AWAY_S)
            os.kill(os.getpid(), signal.SIGKILL)
        self._pipeline.take([delivery.arrival for delivery in batch])


if __name__ == "__main__":
    worker.Worker = HastyWorker  # type: ignore[misc]  # the control replaces what is to be proved
    worker.run(settings())
