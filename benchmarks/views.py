"""Check the three views of every shipped network at many random points: ``python -m benchmarks.views [SPEC ...]``.

The exact view is compared with plain loops over integers (``tests/specs/naive``), the divisible view with the exact one
where it holds, the exact value with the polynomials that the smooth view says it lies between.
"""

from __future__ import annotations

import random
from argparse import ArgumentParser
from time import perf_counter

from rich.console import Console
from rich.progress import Progress

import symcost
from symcost.view.bound import percent
from tests.specs.points import Tally, batches, specs

BATCH = 250


COLUMNS = (
    "spec",
    "variants",
    "points",
    "refused by both",
    "divisible",
    "smooth",
    "wrong",
    "seconds",
    "smooth macs off by",
)


def main(families: list[str], points: int, seed: str) -> int:
    """Print a line for each spec, and what went wrong; return how many points did."""
    console, wrong = Console(soft_wrap=True), 0
    console.print(line(COLUMNS))
    with Progress(console=console, transient=True) as progress:
        for family in families:
            begin, tally = perf_counter(), Tally()
            task = progress.add_task(family, total=points)
            for batch in batches(family, min(BATCH, points), random.Random(family + seed)):  # noqa: S311 - no secret
                batch.tally(tally)
                progress.update(task, completed=tally.admitted)
                if tally.admitted >= points:
                    break
            progress.remove_task(task)
            wrong += len(tally.wrong)
            counts = (len(specs()[family]), tally.admitted, tally.refused, tally.even, tally.between, len(tally.wrong))
            seconds = f"{perf_counter() - begin:.0f}"
            console.print(line((family, *(f"{n:,}" for n in counts), seconds, off_by(family))))
            for what, point in tally.wrong[:3]:
                console.print(family, what, point)
    return wrong


def line(cells: tuple[str, ...]) -> str:
    """Return a row of the table."""
    first, *rest = cells
    return f"{first:16}" + "".join(
        f"  {cell:>{max(8, len(name))}}" for name, cell in zip(COLUMNS[1:], rest, strict=True)
    )


def off_by(family: str) -> str:
    """Return how far the smooth MACs of a network are off from its default sizes on."""
    bound = symcost.load(specs()[family][0]).cost().view("macs", "smooth").usual_bound
    return f"{percent(bound.least.value)} to {percent(bound.greatest.value)}" if bound else "0 %"


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.views", description=__doc__)
    parser.add_argument("specs", nargs="*", metavar="SPEC", help="names of spec files; all where none is given")
    parser.add_argument("--points", type=int, default=10_000, help="points that are admitted, of each spec")
    parser.add_argument("--seed", default="", help="any word, for other points")
    asked = parser.parse_args()
    raise SystemExit(bool(main(asked.specs or list(specs()), asked.points, asked.seed)))
