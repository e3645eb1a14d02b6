"""Serve a WSGI application with gunicorn: threads, for the live stream holds one each, and a short farewell."""

from collections.abc import Callable
from typing import Any, Final
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

_FAREWELL_S: Final = 3
"""Open streams never end by themselves; gunicorn would wait 30 seconds for them."""
_SILENT_S: Final = 60


def serve(load: Callable[[], WSGIApplication], *, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until SIGTERM. `load` makes the application once in every worker and answers one request to itself before."""
    _Server(
        load,
        {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "workers": workers,
            "threads": threads,
            "timeout": _SILENT_S,
            "graceful_timeout": _FAREWELL_S,
            "keepalive": 75,
            "control_socket_disable": True,
            "logger_class": _Log,
        },
    ).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn without command line and configuration file."""

    def __init__(self, load: Callable[[], WSGIApplication], options: dict[str, Any]) -> None:
        self._load, self._options = load, options
        super().__init__()

    def load_config(self) -> None:
        """Take the options given."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Make the application, in a worker."""
        return self._load()


class _Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's words in our log."""

    def setup(self, cfg: object) -> None:  # noqa: ARG002  # gunicorn's signature
        """Leave handlers and level to the root logger."""
        self.error_log.propagate = True
        self.error_log.handlers.clear()
        self.access_log.handlers.clear()
        self.access_log.propagate = False
