"""Specs as Python builds them, and what they cost."""

from __future__ import annotations

from typing import Any

from symcost.cost import Cost
from symcost.graph import Graph
from symcost.graph.build import build
from symcost.metrics.convention import convention
from symcost.spec.models import Spec

Step = dict[str, Any]
SIZES = {"B": 1, "H": 32, "W": 32, "C": 16}
BN: Step = {"op": "batch_norm"}
RELU: Step = {"op": "relu"}


def conv(out: int | str, kernel: int | str = 1, **fields: Any) -> Step:
    """Return a convolution without bias that keeps the image at stride 1."""
    padding = fields.pop("padding", "same")
    return {"op": "conv2d", "out": out, "kernel": kernel, "padding": padding, "bias": False, **modified(fields)}


def call(block: str, **args: Any) -> Step:
    """Return a call; arguments in capitals at the front are modifiers, as in ``WEIGHTS="w"``."""
    modifiers = {key.lower(): args.pop(key) for key in ("NAME", "FROM", "WEIGHTS", "ONLY") if key in args}
    return {"op": "call", "block": block, "args": args, **modifiers}


def repeat(count: int | str, *do: Step, **fields: Any) -> Step:
    return {"op": "repeat", "count": count, "do": list(do), **fields}


def residual(*main: Step, shortcut: tuple[Step, ...] = (), **fields: Any) -> Step:
    return {"op": "residual", "main": list(main), "shortcut": list(shortcut), **fields}


def branches(*bodies: list[Step], **fields: Any) -> Step:
    return {"op": "branches", "branches": list(bodies), **fields}


def when(cond: str, *do: Step, otherwise: tuple[Step, ...] = ()) -> Step:
    return {"op": "when", "cond": cond, "do": list(do), "else": list(otherwise)}


def op(tag: str, **fields: Any) -> Step:
    return {"op": tag, **modified(fields)}


def modified(fields: Step) -> Step:
    """Spell ``from``, which Python keeps for itself."""
    return {"from" if key == "reads" else key: value for key, value in fields.items()}


def spec(*model: Step, **fields: Any) -> Spec:
    """Return a spec of an image, (B, C, H, W) where nothing else is said."""
    whole = {"name": "net", "symbols": SIZES, "inputs": {"x": ["B", "C", "H", "W"]}, "model": list(model), **fields}
    return Spec.model_validate(whole)


def graph(*model: Step, **fields: Any) -> Graph:
    return build(spec(*model, **fields))


def cost(*model: Step, prices: str = "symcost", **fields: Any) -> Cost:
    return Cost(graph(*model, **fields), convention(prices))
