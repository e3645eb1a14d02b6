"""Make the web application: settings in, one WSGI application out."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_file

from callbacks import edge, registers, search, uploads
from core.insight import kpis, places, present, wall
from core.insight.dispatch import views as dispatch
from core.kit import deadlines, safety, wsgi
from core.kit.clock import SystemClock, utc_now
from core.kit.db import Database
from core.kit.live import headers
from core.kit.live.build import build_id
from core.kit.live.routes import Views
from core.kit.secrets import Keys
from core.settings import Settings, settings
from core.stays import pictures
from core.ui import downloads, frame
from ingest.api import readiness
from ingest.api import routes as door

ROOT = Path(__file__).parent
PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"


def create_app(now: Settings) -> Flask:
    """Return the application that serves the screens and the live stream, warmed up by one request to itself."""
    assert now.database_url is not None  # services are opened before the web is served
    safety.require(now)
    server = Flask(__name__, static_folder=None)
    script_hashes: list[str] = []
    deadlines.register(server)
    headers.register(server, script_hashes=lambda: script_hashes, origin=now.web_origin, proxies=now.web_proxies)
    database = Database(now.database_url, pool_size=now.pool_size, name="boshu web", options=present.SESSION)
    still = edge.register(server, database=database, clock=SystemClock(), is_https=now.is_https, keys=Keys(now.key_file))
    door.register(server, database)
    once = Views(_past, _places, kpis.dictionary)
    live = present.register(server, now.database_url, version=build_id(ROOT), answers=once, may=_may, whose=edge.sites, still=still)
    readiness.register(server, database, now, is_live=live.city.is_read)
    search.register(server)
    uploads.register(server)
    downloads.register(server, database=database, folder=now.exports_folder, picture=pictures.show)
    server.add_url_rule(PLOTLY, "plotly", _plotly)
    screens = frame.draw_on(server, pages=ROOT / "pages", assets=ROOT / "assets", notice=edge.NOTICE)
    registers.wire(screens)
    server.test_client().get("/healthz")  # Dash marks itself ready before it is; the first visitors would meet errors
    script_hashes.extend(screens.csp_hashes())
    return server


def serve_web(now: Settings) -> None:
    """Serve the screens until SIGTERM; the live stream, too, unless it has a process of its own."""
    wsgi.serve(
        lambda: create_app(settings()), host=now.web_host, port=now.web_port, workers=now.web_workers, threads=now.web_threads
    )


def serve_live(now: Settings) -> None:
    """Serve the live stream alone until SIGTERM: one process, one thread for each screen."""
    wsgi.serve(lambda: create_app(settings()), host=now.web_host, port=now.live_port, workers=1, threads=now.live_threads)


def _may(topic: str) -> bool:
    return dispatch.NEEDED[topic] in edge.actor().permissions


def _past(at: datetime) -> dict[str, Any]:
    return edge.read(wall.snapshot, at=at, live=False)


def _places() -> dict[str, Any]:
    return edge.read(places.places, at=utc_now())


def _plotly() -> Response:
    """Answer with the strict bundle in the stock one's place: it needs no eval, which the policy forbids."""
    return send_file(ROOT / "assets/vendor/plotly/plotly-strict.min.js", max_age=86_400)
