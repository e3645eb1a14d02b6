"""
Metrics: `GET /metrics`, in the words of Prometheus, for whoever shows the key of the setting; without a key it is closed.

Figures of the database are the same whichever process is asked; those of connections are of the process that answers.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import SecretStr
from sqlalchemy.pool import QueuePool

from core.kit.clock import Clock, SystemClock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.locale import _
from core.upkeep import vitals
from core.upkeep.vitals import Vitals

PATH: Final = "/metrics"
TOLD: Final = {
    "message_age_s": ("boshu_message_age_seconds", "Since anything arrived from any device."),
    "dead_letter_n": ("boshu_dead_letters_last_hour", "Messages that could not be understood."),
    "gap_n": ("boshu_gaps_last_hour", "Boots of devices in which messages are missing."),
    "unsettled_n": ("boshu_unsettled_payments", "Payments that belong to no claim."),
    "unsettled_fen": ("boshu_unsettled_fen", "Money that belongs to no claim."),
    "job_age_s": ("boshu_job_age_seconds", "Since a job was done."),
    "job_failed_n": ("boshu_jobs_failed_last_hour", "Runs of jobs that failed or were lost."),
    "sealed_n": ("boshu_audit_seals", "Entries that stand in the chain of the audit."),
    "unsealed_n": ("boshu_audit_unsealed", "Entries that should stand in it by now."),
    "turned_away_n": ("boshu_sign_ins_turned_away_last_hour", "Tries to sign in that were one too many."),
    "clock_off_s": ("boshu_clock_off_seconds", "By how much the database's clock is ahead."),
    "disk_free_pct": ("boshu_disk_free_percent", "What is left of the disk of the data folder."),
}


def register(server: Flask, database: Database, *, key: SecretStr | None, folder: Path, clock: Clock | None = None) -> None:
    """Add the route; `folder` lies on the disk that may fill."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(database, folder, clock or SystemClock()))

    def tell() -> Response:
        if key is None or not secrets.compare_digest(_shown(), key.get_secret_value().encode()):
            return Response(_("You may not do this."), HTTPStatus.FORBIDDEN, mimetype="text/plain")
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    server.add_url_rule(PATH, "metrics", tell, methods=["GET"])


@dataclass(frozen=True, slots=True)
class _Collector:
    """Reads the figures when they are asked for."""

    database: Database
    folder: Path
    clock: Clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what is known; a database that is away is told by a zero of its own."""
        taken = self._take()
        yield GaugeMetricFamily("boshu_database_up", "1: the database answers.", value=int(taken is not None))
        for field, (name, meaning) in TOLD.items():
            if taken is not None and (value := getattr(taken, field)) is not None:
                yield GaugeMetricFamily(name, meaning, value=value)
        if isinstance(pool := self.database.engine.pool, QueuePool):
            yield GaugeMetricFamily("boshu_database_connections_in_use", "Of this process.", value=pool.checkedout())
            yield GaugeMetricFamily("boshu_database_connections", "At most, of this process.", value=pool.size())

    def _take(self) -> Vitals | None:
        try:
            with self.database.transaction() as tx:
                return vitals.take(tx, folder=self.folder, at=self.clock.now())
        except Unavailable:
            return None


def _shown() -> bytes:
    """Return the key that was sent."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ").encode("utf-8", "surrogatepass")
