"""The conditions that formulas assume, in words, without those that others imply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.implied import essential
from symcost.graph.model import Graph
from symcost.spec.symbols import Symbol

_AT_LEAST = re.compile(r"(?P<what>.+) >= (?P<least>-?\d+)")
_DIVIDES = re.compile(r"(?P<n>\d+) divides (?P<what>.+)")
_EVEN = re.compile(r"(?P<what>.+) is even")


class Condition(NamedTuple):
    """What must hold, and the node that asks for it; no node where a symbol's declaration does."""

    text: str
    node: str = ""


def conditions(graph: Graph) -> list[Condition]:
    """Return the conditions under which the formulas of a graph hold."""
    box = {name: (s.least, s.max) for name, s in graph.symbols.items()}
    declared = [Condition(text) for name, s in graph.symbols.items() for text in _declared(name, s)]
    asked = [(need, graph.needs[need]) for need in essential(graph.needs, box)]
    needed = [Condition(need.phrase(box), node) for need, node in asked]
    return _strongest([*declared, *needed])


def _declared(name: str, symbol: Symbol) -> list[str]:
    least = [f"{name} >= {symbol.min}"] if symbol.min is not None and symbol.min > 1 else []
    most = [f"{name} <= {symbol.max}"] if symbol.max is not None else []
    return least + most + ([f"{symbol.step} divides {name}"] if symbol.step > 1 else [])


def _strongest(found: list[Condition]) -> list[Condition]:
    """Leave out repetitions, lower bounds below another of the same size, and divisors that divide another."""
    different = list({condition.text: condition for condition in reversed(found)}.values())[::-1]
    texts = [condition.text for condition in different]
    return [c for c in different if not any(_implies(other, c.text) for other in texts if other != c.text)]


def _implies(strong: str, weak: str) -> bool:
    a, b = _AT_LEAST.fullmatch(strong), _AT_LEAST.fullmatch(weak)
    if a and b:
        return a["what"] == b["what"] and int(a["least"]) > int(b["least"])
    n, m = _divisor(strong), _divisor(weak)
    return n is not None and m is not None and n[1] == m[1] and n[0] % m[0] == 0


def _divisor(text: str) -> tuple[int, str] | None:
    if match := _DIVIDES.fullmatch(text):
        return int(match["n"]), match["what"]
    match = _EVEN.fullmatch(text)
    return (2, match["what"]) if match else None


def listed(values: Mapping[str, Number | bool]) -> str:
    """Return values of symbols in words."""
    return ", ".join(f"{name} = {str(v).lower() if isinstance(v, bool) else v}" for name, v in values.items())
