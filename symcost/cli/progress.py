"""What takes so long, in a line on the terminal behind standard error; none in pipes and files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock, Timer
from time import monotonic
from typing import TYPE_CHECKING

from symcost.cli.terminal import moving

if TYPE_CHECKING:
    from rich.progress import Progress

    from symcost.optimum.search import Search

SHOWN_AFTER = 1.0
EVERY = 0.25
"""Seconds."""
STYLES = {
    "bar.back": "dim",
    "bar.complete": "color(31)",
    "bar.finished": "color(31)",
    "bar.pulse": "color(31)",
    "progress.elapsed": "none",
}
"""Rich shows the time in yellow, which nobody reads on white."""


class Line:
    """A line that says what is being done, once it takes long."""

    def __init__(self) -> None:
        self._text = "reading"
        self._seen, self._of = 0, 0
        self._lock = RLock()
        self._shown: Progress | None = None
        self._timer = Timer(SHOWN_AFTER, self._show)
        self._timer.daemon = True
        self._timer.start()

    def say(self, text: str, seen: int = 0, of: int = 0) -> None:
        """Say what is being done now, and how many of how many are done, if that is known."""
        with self._lock:
            self._text, self._seen, self._of = text, seen, of
            self._update()

    def end(self) -> None:
        """Take the line away, or let it never come."""
        with self._lock:
            self._timer.cancel()
            if self._shown is not None:
                self._shown.stop()
                self._shown = None

    def _show(self) -> None:
        """Show the line; the timer calls it."""
        progress = _drawn()
        with self._lock:
            if not self._timer.finished.is_set():
                self._shown = progress
                progress.add_task(self._text, total=None)
                self._update()
                progress.start()

    def _update(self) -> None:
        if self._shown is not None:
            (task,) = self._shown.task_ids
            self._shown.update(task, description=self._text, completed=self._seen, total=self._of or None)


def _drawn() -> Progress:
    """Return what draws the line: the text, a bar, the time since it began."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.theme import Theme

    console = Console(stderr=True, theme=Theme(STYLES), markup=False, emoji=False, highlight=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(20), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, refresh_per_second=4)


_lines: list[Line] = []
"""The line of this process, if it has one."""


@contextmanager
def busy() -> Iterator[None]:
    """Show a line while this lasts, if it lasts, where a terminal is there to show it."""
    if moving(sys.stderr):
        _lines.append(Line())
    try:
        yield
    finally:
        settle()


def say(text: str, seen: int = 0, of: int = 0) -> None:
    """Say what is being done now, should it take long, and how many of how many are done."""
    for shown in _lines:
        shown.say(text, seen, of)


def settle() -> None:
    """Take the line away, since an answer comes."""
    while _lines:
        _lines.pop().end()


@contextmanager
def watched() -> Iterator[Callable[[Search], None] | None]:
    """Give a watcher that says how far a search has come; None where no terminal is there to show it."""
    start = last = monotonic()

    def watch(search: Search) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= EVERY:
            last = now
            say(line(search, now - start))

    say("searching")
    yield watch if _lines else None


def line(search: Search, seconds: float) -> str:
    """Return how far a search has come."""
    found = "no design yet" if search.gap is None else f"within {search.gap:.2%} of the best there can be"
    return f"{search.nodes:,} boxes in {seconds:.0f} s, {found}"


@contextmanager
def bar(things: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a watcher that says how many things of how many have been seen; None where no terminal is there."""

    def watch(seen: int, of: int) -> None:
        say(f"{seen:,} of {of:,} {things}", seen, of)

    yield watch if _lines else None
