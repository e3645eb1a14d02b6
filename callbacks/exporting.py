"""The process `boshu exports`: it knows every declared list, and makes the files people asked for."""

import pkgutil
import signal
from importlib import import_module
from pathlib import Path

from core.kit.db import Database, Tx
from core.kit.locale import Language, current
from core.office import company
from core.settings import Settings
from core.ui import exporting
from core.ui.exporting import Workshop

_STATEMENT_S = 3_600
"""A list of many millions of rows is sorted first."""


def run(now: Settings, url: str) -> None:
    """Make files until the process is told to end."""
    declare()
    database = Database(url, pool_size=2 * exporting.THREADS + 2, statement_s=_STATEMENT_S, name="boshu exports")
    shop = Workshop(database, now.exports_folder, company_name)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: shop.stopped.set())
    exporting.serve(shop)
    database.close()


def declare() -> None:
    """Import every declaration."""
    for each in pkgutil.walk_packages([str(Path(__file__).parent)], "callbacks."):
        import_module(each.name)


def company_name(tx: Tx) -> str:
    """Return what the company calls itself in the reader's language."""
    told = company.get(tx)
    return (told.name_en if current() is Language.EN else "") or told.name
