"""A small city that was heard for two hours of one morning, with a heavy mess."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

from core.kit.db import Database
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.simulator import city
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Simulation

SEED = 11
BERTHS = 800
SITES = frozenset({"GL-01", "GL-04", "P-01"})
"""A street of magnetometers, one of poles, and a lot; the rest of the city never speaks."""
START = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
AT = START + timedelta(hours=2, minutes=10)


def build(database: Database) -> None:
    """Lay the city out and let its devices speak from `START` to `AT`, a quarter of an hour in each batch."""
    city.build(database, seed=SEED, berths=BERTHS, at=START, days=1)
    pipeline = Pipeline(database)
    due = Simulation(SEED, START, berths=BERTHS, sites=SITES, mess=Mess.default().times(4)).events(AT)
    for _quarter, events in groupby(due, lambda event: int(event.due_at.timestamp()) // 900):
        pipeline.take([Arrival(event.topic, event.payload, event.due_at) for event in events])
