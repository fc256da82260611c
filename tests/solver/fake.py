"""Costs whose totals are written down, so that the solver is tested apart from networks."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symcost.algebra.extent import ceil_div
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, symbol, total
from symcost.cost import Cost
from symcost.graph.model import Graph
from symcost.metrics.convention import convention
from symcost.spec.symbols import Symbol

B, C, H, W, K = (symbol(name) for name in "BCHWK")


def cost_of(totals: dict[str, Num], symbols: dict[str, Symbol], needs: Iterable[Need] = ()) -> Cost:
    """Return a cost of no nodes with these totals."""
    graph = Graph("net", {}, (), (), symbols, dict.fromkeys(needs, "node"))
    cost = Cost(graph, convention("symcost"), "net")
    cost._book.totals.update(totals)
    return cost


def resnet50() -> Cost:
    """Return ResNet-50 v1.5, contractions only, by its published closed form."""
    stages = ((7040, 32), (3648, 16), (640, 8), (120, 4))
    squares = total((B * C**2 * ceil_div(H, s) * ceil_div(W, s), c) for c, s in stages)
    flops = squares + 294 * B * C * ceil_div(H, 2) * ceil_div(W, 2) + 64 * B * C * K
    params = 5724 * C**2 + 32 * C * K + 977 * C + K
    defaults = {"B": 1, "H": 224, "W": 224, "C": 64, "K": 1000}
    symbols = {name: Symbol(default=value) for name, value in defaults.items()}
    return cost_of({"macs": flops * Fraction(1, 2), "params": params, "flops": flops}, symbols)
