"""
Readiness: `GET /readyz`, for whoever sends visitors here or looks after the product; it needs no key.

A line for each part and the names of what is missing, and nothing else: no address, version or figure. 503 until nothing
is missing.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, jsonify

from core.kit.clock import Clock, SystemClock
from core.kit.db import Database
from core.settings import Settings
from core.upkeep.readiness import State, Surroundings, Watch

PATH: Final = "/readyz"
RETRY_S: Final = 2


def register(server: Flask, database: Database, now: Settings, *, is_live: Callable[[], bool], clock: Clock | None = None) -> None:
    """Add the route; `is_live` tells whether the live picture of this process is read."""
    watch = Watch(Surroundings(database, now.mqtt_url, now.data_dir, now.disk_floor_mb, is_live))
    clock = clock or SystemClock()

    def ready() -> Response:
        parts = watch.states(at=clock.now())
        missing = [part for part, state in parts.items() if state is not State.OK]
        answer = jsonify(status="not ready" if missing else "ready", parts=parts, missing=missing)
        answer.headers["Cache-Control"] = "no-store"
        if missing:
            answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            answer.headers["Retry-After"] = str(RETRY_S)
        return answer

    server.add_url_rule(PATH, "ready", ready, methods=["GET"])
