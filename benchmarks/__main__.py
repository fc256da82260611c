"""Run the benchmarks and print their tables: ``python -m benchmarks [WORD]`` runs those named, or headed, by a word."""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
from statistics import median
from time import perf_counter, process_time

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import cases, depth, grids, optima, peers, plain_sympy, training, zoo

RUNS = 5
SECTIONS = (
    *(cases.SECTION, zoo.SECTION, training.SECTION, plain_sympy.SECTION),
    *(depth.SUMS_SECTION, depth.DEPTHS_SECTION, grids.SECTION, peers.SECTION),
)
COMMANDS = {
    "python -c 'import sympy'": ["-c", "import sympy"],
    "symcost eval resnet50 --json": ["-m", "symcost", "eval", "resnet50", "--json"],
    "symcost solve resnet50 --for C --budget 'macs <= 2G' --json": [
        *("-m", "symcost", "solve", "resnet50", "--for", "C", "--budget", "macs <= 2G", "--json"),
    ],
    "symcost --help": ["-m", "symcost", "--help"],
}


def measure(name: str) -> None:
    """Time one job, once, in this fresh process, and print wall and CPU seconds and its result."""
    job = {key: make for section in SECTIONS for key, make in section.jobs.items()}[name]()
    wall, cpu = perf_counter(), process_time()
    result = job()
    used = {"wall": perf_counter() - wall, "cpu": process_time() - cpu}
    print(json.dumps({**used, "result": result if isinstance(result, int) else None}))


def in_process(name: str) -> dict[str, float]:
    """Return the medians over fresh processes that time a job inside."""
    runs = [json.loads(_run(["-m", "benchmarks", "--measure", name])) for _ in range(RUNS)]
    return {key: median(run[key] for run in runs) for key in ("wall", "cpu")} | {"result": runs[0]["result"]}


def whole_process(args: list[str]) -> dict[str, float]:
    """Return the medians over whole processes."""
    runs = []
    for _ in range(RUNS):
        wall, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        _run(args)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        runs.append({"wall": perf_counter() - wall, "cpu": used})
    return {key: median(run[key] for run in runs) for key in ("wall", "cpu")}


def main(word: str = "") -> None:
    """Print a table for each section, and one for whole processes."""
    console = Console()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for section in SECTIONS:
            asked = [name for name in section.jobs if word in name or word in section.title]
            chosen = [name for name in asked if _installed(section.package(name))]
            timed = {name: in_process(name) for name in progress.track(chosen, description=section.title)}
            if timed:
                console.print(_table(section.title, timed, section.base))
        chosen = [name for name in COMMANDS if word in name]
        whole = {name: whole_process(COMMANDS[name]) for name in progress.track(chosen, description="whole processes")}
    if whole:
        console.print(_table("Whole processes", whole, "python -c 'import sympy'"))
    optima.show(console, word)


def _table(title: str, rows: dict[str, dict[str, float]], base: str) -> Table:
    table = Table("", "wall ms", "CPU ms", title=f"{title} (median of {RUNS})", title_justify="left")
    if base in rows:
        table.add_column("wall, times")
    for name, row in rows.items():
        ratio = [f"{row['wall'] / rows[base]['wall']:.2f}"] if base in rows else []
        table.add_row(name, f"{row['wall'] * 1e3:,.1f}", f"{row['cpu'] * 1e3:,.1f}", *ratio)
    return table


def _run(args: list[str]) -> str:
    return subprocess.run([sys.executable, *args], check=True, capture_output=True, text=True).stdout


def _installed(package: str) -> bool:
    return not package or importlib.util.find_spec(package) is not None


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main(*sys.argv[1:2])
