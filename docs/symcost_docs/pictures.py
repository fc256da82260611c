"""Pictures as answers draw them: those of the page on looking at things."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import symcost


def resnet() -> symcost.Cost:
    """Return the cost of ResNet-50."""
    return symcost.load("resnet50").cost()


def equal(budget: str) -> Any:
    """Return the widths that a budget allows along the depth of the third stage."""
    network = symcost.load("resnet50").free("L3")
    return symcost.iso(network, along="L3=2:24", largest="C", budgets=budget)


DRAWN: dict[str, Callable[[Any], object]] = {
    "treemap": lambda ax: resnet().draw(ax, kind="treemap", names=["macs"]),
    "growth": lambda ax: symcost.growth(resnet(), "macs", "H=64:512", at={"W": "H"}).draw(ax),
    "iso": lambda ax: equal("macs <= 2G").draw(ax, beside=[equal("macs <= 4G")]),
    "tornado": lambda ax: symcost.sensitivity(symcost.load("gpt2"), "train_flops").draw(ax, change="1/10"),
    "memory": lambda ax: symcost.training_peak(symcost.load("gpt2").cost(), at={"B": 8}).draw(ax),
    "roofline": lambda ax: symcost.roofline(symcost.load("gpt2").under(device="h100", precision="bf16")).draw(ax),
}


def pages() -> dict[str, str]:
    """Return each picture as SVG."""
    return {f"pictures/{name}.svg": _svg(draw) for name, draw in DRAWN.items()}


def _svg(draw: Callable[[Any], object]) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    out = io.StringIO()
    with rc_context({"svg.hashsalt": "symcost"}):  # the same drawing gives the same bytes
        figure = Figure(figsize=(8.6, 5), layout="constrained")
        draw(figure.subplots())
        figure.savefig(out, format="svg", metadata={"Date": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
