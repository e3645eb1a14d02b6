"""Make the web application: settings in, one WSGI application out."""

from pathlib import Path

from dash import Dash, html, page_container
from flask import Flask

from core.kit import wsgi
from core.settings import Settings, settings

ROOT = Path(__file__).parent


def create_app(now: Settings) -> Flask:
    """Return the application that serves the screens, warmed up by one request to itself."""
    server = Flask(__name__)
    server.add_url_rule("/healthz", "healthz", lambda: "ok")
    screens = Dash(
        __name__,
        server=server,  # type: ignore[arg-type]  # Dash names only what it makes itself
        use_pages=True,
        pages_folder=str(ROOT / "pages"),
        assets_folder=str(ROOT / "assets"),
        suppress_callback_exceptions=True,
        serve_locally=True,
        update_title="",
        title="Boshu",
    )
    screens.layout = html.Div(page_container, lang=now.language.replace("_", "-"))
    server.test_client().get("/")  # Dash marks itself ready before it is; the first visitors would meet errors
    return server


def serve_web(now: Settings) -> None:
    """Serve the screens until SIGTERM; the live stream, too, unless it has a process of its own."""
    wsgi.serve(
        lambda: create_app(settings()), host=now.web_host, port=now.web_port, workers=now.web_workers, threads=now.web_threads
    )


def serve_live(now: Settings) -> None:
    """Serve the live stream alone until SIGTERM: one process, one thread for each screen."""
    wsgi.serve(lambda: create_app(settings()), host=now.web_host, port=now.live_port, workers=1, threads=now.live_threads)
