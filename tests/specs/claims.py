"""A published figure and what it says of a shipped network: which network, metric, convention and sizes.

``tests/data/published.csv`` holds the figures with their sources, as collected from papers and repositories.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, total
from symcost.graph.model import over_loops
from symcost.ops.facts import numel
from symcost.reconciliation.figure import Figure

ROWS = Path(__file__).parent.parent / "data" / "published.csv"
Row = Mapping[str, str]
UNITS = {
    "count": Fraction(1), "elements": Fraction(1), "bytes": Fraction(1), "MAC": Fraction(1), "FLOP": Fraction(1),
    "M": Fraction(10**6), "B": Fraction(10**9), "MMAC": Fraction(10**6), "GMAC": Fraction(10**9),
    "GFLOP": Fraction(10**9), "TFLOP": Fraction(10**12), "kB (10^3 B)": Fraction(1000),
    "MiB (printed MB)": Fraction(2**20), "MB": Fraction(2**20), "GiB": Fraction(2**30),
    "PF-days": Fraction(864 * 10**17),
}  # fmt: skip
MAPS = "activations without those written in place"
WRITTEN = "outputs of convolutions, linear layers and windowed pooling"
"""RegNet's activations."""
UNNORMED = "params without those of norms"
AND_BUFFERS = "params + buffers"
CHECKPOINT = "bytes of weights and statistics, 4 each, and of counters of batch norms, 8 each"
GATED = "macs, and operations of global pooling and of scaling channels"
UNPLACED = "macs without those that make position biases"
ATTENTION = "train_flops of attention"


@dataclass(frozen=True)
class Claim:
    """What a row says of a shipped network.

    Attributes:
        row: as collected.
        network: a shipped name.
        metric: a metric, or one of ``SUMS``.
        convention: by which it is counted, where that matters.
        at: sizes other than the defaults.
        structure: flags and constants that are set otherwise.
        times: what the metric is multiplied by, such as bytes per element.
    """

    row: Row
    network: str
    metric: str
    convention: str = "symcost"
    at: Mapping[str, int] = field(default_factory=dict)
    structure: Mapping[str, bool | int] = field(default_factory=dict)
    times: Fraction = Fraction(1)

    @property
    def figure(self) -> Figure:
        """What is printed, in the metric's own unit."""
        text, unit = self.row["value"], UNITS[self.row["unit"]]
        mantissa, _, power = text.lower().partition("e")
        whole, _, decimals = mantissa.partition(".")
        zeros = len(whole) - len(whole.rstrip("0")) if "rounded" in self.row["convention"] and not decimals else 0
        digit = unit * 10 ** (zeros + int(power or 0)) / 10 ** len(decimals)
        return Figure(self.metric, Fraction(text) * unit, digit, f"{text} {self.row['unit']}")

    def value(self) -> Number:
        """Return what the network comes to."""
        cost = symcost.load(self.network).cost(self.convention, **self.structure)
        env = cost.bindings(self.at)
        amount = SUMS[self.metric](cost) if self.metric in SUMS else cost.poly(self.metric)
        return Fraction(evaluate(amount, env)) * self.times


def _maps(cost: symcost.Cost) -> Num:
    nodes = [n for n in cost.graph.nodes if n.evaluated and not n.facts.view and n.op.tag not in ("relu", "dropout")]
    return total((over_loops(numel(shape), node.loops), 1) for node in nodes for shape in node.facts.outs)


def _written(cost: symcost.Cost) -> Num:
    nodes = [n for n in cost.graph.nodes if "mac" in n.facts.work or n.op.tag == "max_pool2d"]
    return total((numel(shape) * node.count, 1) for node in nodes for shape in node.facts.outs)


def _unnormed(cost: symcost.Cost) -> Num:
    return total((row.values["params"], 1) for row in cost.by_op(["params"]) if not row.op.endswith("norm"))


def _gated(cost: symcost.Cost) -> Num:
    rows = [row for row in cost.by_op(["flops"]) if row.op in ("mul", "global_avg_pool")]
    return cost.poly("macs") + total((row.values["flops"], 1) for row in rows)


SUMS: dict[str, Callable[[symcost.Cost], Num]] = {
    WRITTEN: _written,
    MAPS: _maps,
    UNNORMED: _unnormed,
    ATTENTION: lambda cost: next(
        row.values["train_flops"] for row in cost.by_op(["train_flops"]) if row.op == "scaled_dot_product_attention"
    ),
    UNPLACED: lambda cost: total(
        (row.values["macs"], 1) for row in cost.by_op(["macs"]) if row.op != "continuous_position_bias"
    ),
    CHECKPOINT: lambda cost: cost.poly("weight_bytes") + cost.poly("buffer_bytes"),
    GATED: _gated,
    AND_BUFFERS: lambda cost: cost.poly("params") + cost.poly("buffers"),
}


@cache
def rows() -> tuple[Row, ...]:
    with ROWS.open(newline="") as file:
        return tuple(csv.DictReader(file))
