"""All that is shipped: every spec file read, one network of each drawn, and its metrics added up.

Each job stands alone: what it starts from is made before it is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.section import Job, Section


def read() -> Job:
    """Read all spec files, from text to checked models."""
    from symcost.catalog import files
    from symcost.spec import read_spec

    return lambda: [read_spec(path) for path in files()]


def draw() -> Job:
    """Draw the network of each spec file."""
    import symcost
    from symcost.catalog import files

    networks = [symcost.load(path) for path in files()]
    return lambda: [network.graph() for network in networks]


def add_up(*metrics: str) -> Job:
    """Add up some metrics of each network, drawn before."""
    import symcost
    from symcost.catalog import files

    costs = [symcost.load(path).cost() for path in files()]
    return lambda: [cost.poly(metric) for cost in costs for metric in metrics]


JOBS: dict[str, Callable[[], Job]] = {
    "all spec files, read": read,
    "a network of each, drawn": draw,
    "parameters and MACs of each": partial(add_up, "params", "macs"),
    "FLOPs of a training step of each": partial(add_up, "train_flops"),
    "peak activations of each": partial(add_up, "peak_activations"),
}
SECTION = Section("All that is shipped", JOBS, base="all spec files, read")
