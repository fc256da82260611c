"""What a step of training takes: what is kept, the peak of memory, and the time on a device, beside MACs alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.section import Job, Section

SETUP = {"precision": "mixed_bf16", "device": "h100"}
METRICS = {
    "MACs": "macs",
    "bytes kept for the backward pass": "saved_bytes",
    "the most that a step has in memory": "train_bytes",
    "bytes that a step moves": "train_traffic_bytes",
    "seconds of a step": "step_s",
}


def told(name: str, metric: str) -> Job:
    """Find a metric of a network that is drawn before, as a formula."""
    import symcost

    cost = symcost.load(name).under(**SETUP).cost()
    return lambda: cost.poly(metric)


JOBS: dict[str, Callable[[], Job]] = {
    f"{name}: {what}": partial(told, name, metric)
    for name in ("resnet50", "gpt2", "deepseek_v3")
    for what, metric in METRICS.items()
}
SECTION = Section("A step of training, as formulas", JOBS, base="resnet50: MACs")
