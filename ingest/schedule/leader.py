"""Leadership: of all processes that run the jobs, the one that holds an advisory lock of the database does."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event
from typing import Final

from core.kit.db import Database, Tx
from core.kit.errors import Unavailable
from core.kit.log import get_logger
from core.kit.sql import named

SQL = named("schedule/leader")

LOCK: Final = 0x626F_7368_7502
"""Advisory lock of the one session that leads. The server frees it when the session ends, however that comes about."""
_BEAT_S: Final = 1.0
_log = get_logger(__name__)


def lead(database: Database, *, stop: Event, term: Callable[[], AbstractContextManager[None]]) -> None:
    """
    Wait for the leadership and keep `term` open while it lasts; begin again when it is lost; return when told to stop.

    The session must be a plain one: a pooler that shares sessions between transactions would share the lock, too.
    """
    while not stop.is_set():
        try:
            with database.autocommit() as tx:
                _serve(tx, stop=stop, term=term)
        except Unavailable as away:
            _log.warning("Without a database there is no leader.", reason=away.message)
            stop.wait(_BEAT_S)


def _serve(tx: Tx, *, stop: Event, term: Callable[[], AbstractContextManager[None]]) -> None:
    while not tx.value(SQL["try_lock"], key=LOCK):
        if stop.wait(_BEAT_S):
            return
    _log.info("This process leads the jobs.")
    with term():
        while not stop.wait(_BEAT_S):
            tx.value(SQL["still_there"])  # raises when the session, and with it the lock, is gone
    tx.run(SQL["unlock"], key=LOCK)
