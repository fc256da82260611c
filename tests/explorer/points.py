"""Points of a network with what Python finds at them, for JavaScript to find the same."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from random import Random
from typing import Any, TypeAlias

from symcost import Cost, SpecError, UsageError
from symcost.algebra.atoms import Atom, Env, Number, exact
from symcost.algebra.poly import Num, terms_of
from symcost.explorer import model
from symcost.graph.listing import telling_depth
from symcost.spec.symbols import Symbol

Formulas: TypeAlias = tuple[list[Num], list[list[Num]]]
Faults = Callable[[str, Any], list[str]]
"""What finds the faults of the joined modules: the name of a check in JavaScript, and its cases."""

BOLD = 8
"""Of so many points one is drawn from far beyond what people use."""


def case(cost: Cost, points: int, metrics: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a model, and totals, rows or the refusal at random points of it."""
    data = model(cost, metrics)
    names = [metric["name"] for metric in data["metrics"]]
    rows = cost.rows("block", telling_depth(cost.graph), names)
    formulas = ([cost.poly(name) for name in names], [[row.count, *(row.values[n] for n in names)] for row in rows])
    draw = Random(cost.name)  # noqa: S311
    return {"model": data, "points": [_found(cost, names, formulas, _drawn(draw, data, i)) for i in range(points)]}


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


def _found(cost: Cost, names: list[str], formulas: Formulas, at: dict[str, str]) -> dict[str, Any]:
    try:
        value = _Values(cost.bindings(at))
        totals = dict(zip(names, map(value, formulas[0]), strict=True))
        rows = [list(map(value, row)) for row in formulas[1]]
    except (SpecError, UsageError) as error:
        return {"at": at, "refused": [_bare(problem, cost) for problem in str(error).splitlines()]}
    except ZeroDivisionError:
        return {"at": at, "refused": ["division by zero"]}
    return {"at": at, "refused": [], "totals": totals, "rows": rows}


class _Values(dict[Atom, Number]):
    """The values of formulas at a point as text, each atom worked out once for all of them."""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self._env = env

    def __missing__(self, atom: Atom) -> Number:
        self[atom] = value = atom.value(self._env)
        return value

    def __call__(self, x: Num) -> str:
        terms = (
            c * prod(self[atom] ** e if e > 0 else Fraction(self[atom]) ** e for atom, e in m)
            for m, c in terms_of(x).items()
        )
        return str(exact(Fraction(sum(terms))))


def _bare(line: str, cost: Cost) -> str:
    return line.removeprefix(f"{cost.graph.name}: ")
