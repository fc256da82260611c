"""Pareto frontiers over grids of designs, beside floating-point numbers of every design at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.section import Job, Section

WIDE = ("C=1:1000", "H=225:1224")
DEEP = (*WIDE, "K=100:1000:100")
GOALS = ("macs", "maximize params")


def ours(over: tuple[str, ...], goals: tuple[str, ...] = GOALS) -> Job:
    """The frontier of ResNet-50's MACs and parameters, after the totals; gives its number of points."""
    import symcost

    cost = symcost.load("resnet50").cost()
    symcost.pareto(cost, GOALS, "C=1:2")  # NumPy and the totals are there
    return lambda: len(symcost.pareto(cost, goals, over))


def naive(over: tuple[str, ...]) -> Job:
    """The same from SymPy's lambdify on a full mesh of float64, and one sort; exact only below 2**53."""
    import numpy as np
    import sympy

    import symcost

    cost = symcost.load("resnet50").cost()
    given = {cost.symbol(name): value for name, value in {"B": 1, "W": 224, "K": 1000}.items()}
    names = [axis.partition("=")[0] for axis in over]
    symbols = [cost.symbol(name) for name in names]
    free = {symbol: value for symbol, value in given.items() if symbol not in symbols}
    functions = [sympy.lambdify(symbols, expr.subs(free), "numpy") for expr in (cost.macs, cost.params)]

    def job() -> int:
        mesh = np.meshgrid(*map(_values, over), indexing="ij")
        macs, params = (np.asarray(function(*mesh)).ravel() for function in functions)
        order = np.lexsort((-params, macs))
        greatest = np.maximum.accumulate(params[order])
        return 1 + int(np.count_nonzero(greatest[1:] > greatest[:-1]))

    return job


def _values(axis: str) -> Any:
    import numpy as np

    low, high, *step = map(int, axis.partition("=")[2].split(":"))
    return np.arange(low, high + 1, *step, dtype=np.float64)


JOBS: dict[str, Callable[[], Job]] = {
    "1,000,000 designs, symcost": partial(ours, WIDE),
    "1,000,000 designs, lambdify and float64": partial(naive, WIDE),
    "10,000,000 designs, symcost": partial(ours, DEEP),
    "10,000,000 designs, lambdify and float64": partial(naive, DEEP),
    "10,000,000 designs, three goals, symcost": partial(ours, DEEP, (*GOALS, "peak_activations")),
}
SECTION = Section("Frontiers of ResNet-50s", JOBS, base="1,000,000 designs, symcost")
