"""Points of a network with what Python finds at them, for JavaScript to find the same."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from symcost import Cost, SpecError, UsageError
from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import evaluate
from symcost.explorer import model
from symcost.graph.listing import telling_depth
from symcost.spec.symbols import Symbol

Faults = Callable[[str, Any], list[str]]
"""What finds the faults of the joined modules: the name of a check in JavaScript, and its cases."""

BOLD = 8
"""Of so many points one is drawn from far beyond what people use."""


def case(cost: Cost, points: int, seed: str = "") -> dict[str, Any]:
    """Return a model, and totals, rows or the refusal at random points of it."""
    data = model(cost)
    names = [metric["name"] for metric in data["metrics"]]
    rows = cost.rows("block", telling_depth(cost.graph), names)
    draw = Random(f"{cost.name} {seed}")  # noqa: S311
    return {"model": data, "points": [_found(cost, names, rows, _drawn(draw, data, i)) for i in range(points)]}


def _drawn(draw: Random, data: dict[str, Any], place: int) -> dict[str, str]:
    """Return the texts of random values for some symbols: all of one kind at every other point."""
    chosen = [s for s in data["symbols"] if draw.random() < 0.7]
    return {s["name"]: _value(draw, s, bold=place % BOLD == 0, loose=place % 5 == 1) for s in chosen}


def _value(draw: Random, symbol: dict[str, Any], *, bold: bool, loose: bool) -> str:
    low, high, notch = (Symbol(kind="ratio", default=symbol[key]).default for key in ("low", "high", "notch"))
    if symbol["kind"] == "ratio" and loose:
        return f"{draw.randint(1, 40)}/{draw.randint(1, 12)}"
    if loose:
        return str(draw.randint(-1, 40))
    last = int((high - low) // notch)
    value: Number = low + notch * draw.randint(0, max(last, 0))
    return str(exact(value * draw.choice((1, 1000, 10**5)) if bold else value))


def _found(cost: Cost, names: list[str], rows: list[Any], at: dict[str, str]) -> dict[str, Any]:
    try:
        env = cost.bindings(at)
        totals = {name: str(evaluate(cost.poly(name), env)) for name in names}
        lines = [[str(evaluate(x, env)) for x in (row.count, *(row.values[n] for n in names))] for row in rows]
    except (SpecError, UsageError) as error:
        return {"at": at, "refused": [_bare(problem, cost) for problem in str(error).splitlines()]}
    except ZeroDivisionError:
        return {"at": at, "refused": ["division by zero"]}
    return {"at": at, "refused": [], "totals": totals, "rows": lines}


def _bare(line: str, cost: Cost) -> str:
    return line.removeprefix(f"{cost.graph.name}: ")
