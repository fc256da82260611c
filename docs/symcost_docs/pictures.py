"""Pictures as answers draw them: those of the page on looking at things."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import symcost

DRAWN: dict[str, Callable[[Any], object]] = {
    "treemap": lambda ax: symcost.load("resnet50").cost().draw(ax, kind="treemap", names=["macs"]),
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
