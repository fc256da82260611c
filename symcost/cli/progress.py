"""How far a long search has come, on the terminal that stands behind standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symcost.optimum.search import Search

_SHOWN_AFTER = 1.0
_EVERY = 0.25
"""Seconds."""


@contextmanager
def watched() -> Iterator[Callable[[Search], None] | None]:
    """Give a watcher that shows a line once a search takes long; None where no terminal is there to show it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.status import Status

    status = Status("searching", console=Console(stderr=True))
    start = last = monotonic()

    def watch(search: Search) -> None:
        nonlocal last
        now = monotonic()
        if now - start < _SHOWN_AFTER or now - last < _EVERY:
            return
        last = now
        status.update(line(search, now - start))
        status.start()

    try:
        yield watch
    finally:
        status.stop()


def line(search: Search, seconds: float) -> str:
    """Return how far a search has come."""
    found = "no design yet" if search.gap is None else f"within {search.gap:.2%} of the best there can be"
    return f"{search.nodes:,} boxes in {seconds:.0f} s, {found}"


@contextmanager
def bar(things: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a watcher that shows a bar of how many things of how many have been seen; None where no terminal is."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(things, total=None)

        def watch(seen: int, of: int) -> None:
            progress.update(task, completed=seen, total=of, description=f"{seen:,} of {of:,} {things}")

        yield watch
