"""Progress of an import on the terminal: a bar a file, by bytes, with rows and rows a second."""

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from core.kit.locale import _


class Progress:
    """A bar for each file, from the start of the block to its end; on something else than a terminal only its last state."""

    def __init__(self, files: Sequence[Path], console: Console | None = None) -> None:
        """Lay out the bars."""
        self._bars = RichProgress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), _Rows(), TimeElapsedColumn(), console=console
        )
        self._tasks = {path: self._bars.add_task(path.name, total=path.stat().st_size, start=False, rows=0) for path in files}
        self._began = time.monotonic()
        self.seconds = 0.0

    def __enter__(self) -> Self:
        """Draw the bars."""
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the bars as they are and keep how long it took, in seconds."""
        self.seconds = time.monotonic() - self._began
        self._bars.stop()

    def report(self, path: Path, row_n: int, byte_n: int) -> None:
        """Move the bar of a file on by a chunk of rows, to so many bytes."""
        task_id = self._tasks[path]
        task = self._bars.tasks[task_id]
        if not task.started:
            self._bars.start_task(task_id)
        self._bars.update(task_id, completed=byte_n, rows=task.fields["rows"] + row_n)


class _Rows(ProgressColumn):
    """Rows so far, and rows a second."""

    def render(self, task: Task) -> Text:
        """Return the cell of one file."""
        rows: int = task.fields["rows"]
        seconds = task.finished_time or task.elapsed
        speed = round(rows / seconds) if seconds else 0
        return Text(_("%(count)s rows, %(speed)s/s", count=f"{rows:,}", speed=f"{speed:,}"))
