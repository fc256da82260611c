"""Metrics of shipped networks under a setup: as formulas, and at sizes."""

from __future__ import annotations

from typing import Any

import symcost
from symcost.algebra.poly import Num, evaluate


def poly(name: str, metric: str, convention: str = "symcost", **setup: Any) -> Num:
    return symcost.load(name).under(**setup).cost(convention).poly(metric)


def at(name: str, metric: str, sizes: dict[str, int], convention: str = "symcost", **setup: Any) -> int:
    cost = symcost.load(name).under(**setup).cost(convention)
    found = evaluate(cost.poly(metric), cost.bindings(sizes))
    assert isinstance(found, int)
    return found
