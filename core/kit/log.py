"""
Write the log: one JSON object a line, on standard error.

Numbers, instants, ids and states pass under any name. Text passes only under a name in `TEXT`, so that a plate, a phone
number or a secret does not slip into the log; what was held back is listed by name in `withheld`. Control characters
are written as escapes, so a message cannot forge a second line.
"""

import json
import logging
import re
import sys
from datetime import date, timedelta
from enum import Enum
from types import TracebackType
from typing import Final, cast
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_FRAME = ("event", "level", "logger", "at", "process", "exception", "stack", "withheld")
_WHAT = ("error", "kind", "reason", "state", "step", "source", "target", "table", "statement", "migration", "sqlstate", "signal")
_WHO = ("topic", "device", "gateway", "site", "command", "client", "broker", "host", "address", "role", "job", "worker")
_WHERE = ("path", "file", "method", "route", "page", "language", "version", "sha256", "name", "unit")
TEXT: Final = frozenset({*_FRAME, *_WHAT, *_WHO, *_WHERE})
"""Names under which text may be logged. A new name is added here, with a thought for what it may carry."""

_CHATTY: Final = ("apscheduler",)
"""Libraries that tell at INFO what happens every ten seconds."""
_PLAIN = (bool, int, float, UUID, date, timedelta, Enum)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FRAMES: Final = frozenset({"exception", "stack"})
"""Traces keep their line breaks, which JSON escapes by itself."""


def configure(level: str = "INFO", *, process: str = "boshu") -> None:
    """
    Send the log of this process, and that of the libraries in it, to standard error.

    `process` is the word that tells processes apart: web, ingest, jobs.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _Name(process),
                withhold,
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    sys.excepthook = _tell_bug
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody caught, as one line like any other; a Ctrl-C is no bug."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        get_logger("boshu").critical("A bug ended the process.", kind=kind.__name__, exc_info=(kind, error, trace))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; call it with an English sentence and named values: `log.info("Stored a batch.", rows=120)`."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))  # structlog types its lazy proxy as Any


def withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep what may be logged; list the names of what may not."""
    kept = {name: value for name, value in event.items() if value is None or isinstance(value, _PLAIN) or name in TEXT}
    held = sorted(event.keys() - kept.keys())
    return {**kept, "withheld": held} if held else kept


class _Name:
    """Add the word of the process to every line."""

    def __init__(self, process: str) -> None:
        self.process = process

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = self.process
        return event


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    clean = {name: _one_line(value) if isinstance(value, str) and name not in _FRAMES else value for name, value in event.items()}
    return json.dumps(clean, default=str, ensure_ascii=False)


def _one_line(text: str) -> str:
    """Write control, line and direction characters as visible escapes."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
