"""What is timed inside a process: each case returns a function to call once; making it is not timed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.section import Job, Section


def spec_to_sympy(name: str = "resnet50") -> Job:
    """Spec file to all totals as SymPy expressions, symcost and SymPy imported."""
    import sympy  # noqa: F401

    import symcost
    from symcost.algebra import to_sympy  # noqa: F401

    symcost.load("lenet5").cost().at()

    def job() -> list[Any]:
        cost = symcost.load(name).cost()
        return [cost.sympy(metric) for metric in cost.metrics]

    return job


def training_step(name: str = "resnet50") -> Job:
    """Spec file to the FLOPs of a training step as SymPy: forward, and the gradients of all inputs and weights.

    Catamount (Baidu, 2019) published 26.7 CPU seconds for the FLOPs of ResNet-50's training graph. Comparable are the
    question, a formula in the batch for forward and backward work, and that both build it from per-op laws. Not
    comparable: its graph is TensorFlow's, imported, with thousands of small ops and the optimizer's among them, and its
    machine is another. Its 75.0 s for bytes read and written have no counterpart here, as traffic is not a metric yet.
    """
    import sympy  # noqa: F401

    import symcost
    from symcost.algebra.poly import total
    from symcost.algebra.to_sympy import to_sympy
    from symcost.graph.model import over_loops

    symcost.load("lenet5").cost().at()

    def job() -> Any:
        nodes = symcost.load(name).graph().nodes
        works = ((node, work) for node in nodes for work in _works(node.facts))
        prices = ((over_loops(n, node.loops), 2 if kind == "mac" else 1) for node, w in works for kind, n in w.items())
        return to_sympy(total(prices))

    return job


def _works(facts: Any) -> tuple[Any, Any, Any]:
    return facts.work, facts.grad_input, facts.grad_weight


def layers(count: int, distinct: bool) -> Job:
    """A flat JSON of generated convolutions to all totals."""
    import symcost
    from symcost.architecture import variant_of
    from symcost.spec import read_spec

    symcost.load("lenet5").cost().at()
    widths = (64 + (i if distinct else 0) for i in range(count))
    steps = [{"op": "conv2d", "out_channels": width, "kernel_size": 3, "padding": 1} for width in widths]
    return partial(_totals, _spec(steps), read_spec, variant_of)


def repeated(count: int) -> Job:
    """One convolution, repeated, to all totals."""
    import symcost
    from symcost.architecture import variant_of
    from symcost.spec import read_spec

    symcost.load("lenet5").cost().at()
    body = [{"op": "conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1}]
    return partial(_totals, _spec([{"op": "repeat", "count": count, "do": body}]), read_spec, variant_of)


def inverse() -> Job:
    """The widest ResNet-50 under 2 GMACs, after the totals."""
    import symcost

    cost = symcost.load("resnet50").cost()
    cost.poly("macs")
    return partial(symcost.solve, cost, for_="C", budgets=["macs <= 2G"])


def _spec(steps: list[dict[str, Any]]) -> bytes:
    tree = {
        "symcost": 1,
        "name": "generated",
        "symbols": {"B": 1, "H": 224, "W": 224},
        "inputs": {"image": ["B", 64, "H", "W"]},
        "model": steps,
    }
    return json.dumps(tree).encode()


def _totals(text: bytes, read_spec: Callable[..., Any], variant_of: Callable[..., Any]) -> list[Any]:
    cost = variant_of(read_spec(text), None).cost()
    return [cost.poly(metric) for metric in cost.metrics]


JOBS: dict[str, Callable[[], Job]] = {
    "ResNet-50 spec file to all totals as SymPy": spec_to_sympy,
    "ResNet-50 spec file to the FLOPs of a training step": training_step,
    "1,000 equal layers": partial(layers, 1_000, False),
    "10,000 equal layers": partial(layers, 10_000, False),
    "100,000 equal layers": partial(layers, 100_000, False),
    "1,000 distinct layers": partial(layers, 1_000, True),
    "10,000 distinct layers": partial(layers, 10_000, True),
    "100,000 distinct layers": partial(layers, 100_000, True),
    "1,000,000 layers as a repeat": partial(repeated, 1_000_000),
    "widest ResNet-50 under 2 GMACs, after the totals": inverse,
}
SECTION = Section("Inside a process, cold caches", JOBS)
