"""A process like `boshu jobs` with one job that ticks each second: `python -m tests.ingest.schedule.ticking URL FILE`."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event

from core.kit.db import Database
from ingest.pipeline import Pipeline
from ingest.schedule.job import Work, periodic
from ingest.schedule.runner import serve


def main(url: str, file: Path) -> None:
    """Stand by, lead, and write a line a tick until told to stop."""

    def tick(_work: Work) -> str:
        with file.open("a") as lines:
            lines.write(f"{os.getpid()}\n")
        return "ticked"

    stop = Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    database = Database(url, pool_size=3, name=f"ticking {os.getpid()}")
    serve(Work(database, Pipeline(database)), [periodic("tick", timedelta(seconds=1), tick)], stop=stop)
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
