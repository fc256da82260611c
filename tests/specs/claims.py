"""A published figure and what it says: of a network with a metric, a convention, sizes and a setup, or by a law.

``tests/data/published.csv`` holds the figures with their sources, as collected from papers and repositories.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, constant, evaluate
from symcost.metrics.metric import metric, metrics
from symcost.reconciliation.figure import Figure
from tests.specs.drawn import network
from tests.specs.sums import SUMS

ROWS = Path(__file__).parent.parent / "data" / "published.csv"
Row = Mapping[str, str]
UNITS = {
    "count": Fraction(1), "elements": Fraction(1), "bytes": Fraction(1), "MAC": Fraction(1), "FLOP": Fraction(1),
    "M": Fraction(10**6), "B": Fraction(10**9), "MMAC": Fraction(10**6), "GMAC": Fraction(10**9),
    "GFLOP": Fraction(10**9), "TFLOP": Fraction(10**12), "PF": Fraction(10**15), "PF-days": Fraction(864 * 10**17),
    "kB (10^3 B)": Fraction(1000), "MiB (printed MB)": Fraction(2**20), "MB": Fraction(2**20), "GiB": Fraction(2**30),
    "GB": Fraction(10**9), "GB (10^9)": Fraction(10**9), "TFLOP/s": Fraction(10**12), "ratio": Fraction(1),
    "%": Fraction(1, 100), "px": Fraction(1), "s": Fraction(1), "days": Fraction(86_400), "USD": Fraction(1),
    "tCO2eq": Fraction(1000),
}  # fmt: skip
"""Units of rows, in those of metrics."""


@dataclass(frozen=True)
class Printed:
    """A figure that is printed somewhere.

    Attributes:
        row: as collected.
    """

    row: Row

    @property
    def unit(self) -> Fraction:
        """What one of the row's unit is; a B is a byte where bytes are counted, and else a billion."""
        return Fraction(1) if self.row["quantity"].startswith("bytes") else UNITS[self.row["unit"]]

    @property
    def figure(self) -> Figure:
        """What is printed, in the metric's own unit."""
        text, unit = self.row["value"], self.unit
        mantissa, _, power = text.lower().partition("e")
        whole, _, decimals = mantissa.partition(".")
        zeros = len(whole) - len(whole.rstrip("0")) if "rounded" in self.row["convention"] and not decimals else 0
        digit = unit * 10 ** (zeros + int(power or 0)) / 10 ** len(decimals)
        return Figure(self.row["quantity"], Fraction(text) * unit, digit, f"{text} {self.row['unit']}")

    @property
    def counted(self) -> str:
        """What is counted, in words."""
        raise NotImplementedError

    def value(self) -> Number:
        """Return what it comes to here, in the metric's own unit."""
        raise NotImplementedError


@dataclass(frozen=True)
class Claim(Printed):
    """What a row says of a network.

    Attributes:
        network: a shipped name, or one that is drawn for the figure.
        metric: a metric, or one of ``SUMS``.
        convention: by which it is counted, where that matters.
        at: sizes other than the defaults.
        structure: flags, constants and sizes that are fixed otherwise.
        times: what the metric is multiplied by, such as bytes per element.
        setup: what it is trained or served with.
    """

    network: str
    metric: str
    convention: str = "symcost"
    at: Mapping[str, int] = field(default_factory=dict)
    structure: Mapping[str, bool | int] = field(default_factory=dict)
    times: Fraction = Fraction(1)
    setup: Mapping[str, object] = field(default_factory=dict)

    def value(self) -> Number:
        """Return what the network comes to."""
        cost = network(self.network).under(**self.setup).cost(self.convention, **self.structure)
        amount = SUMS[self.metric](cost) if self.metric in SUMS else cost.poly(self.metric)
        return Fraction(evaluate(amount, cost.bindings(self.at))) * self.times

    @property
    def counted(self) -> str:
        """The network, and what of it is counted how."""
        priced = self.convention != "symcost" or (self.metric in metrics() and metric(self.metric).priced)
        how = f"{self.metric}, {self.convention}" if priced else self.metric
        times = "" if self.times == 1 else f", times {self.times}"
        return f"`{self.network}`: {how}{times}{_said('at', {**self.structure, **self.at})}{_said('with', self.setup)}"


def _said(word: str, values: Mapping[str, object]) -> str:
    told = ", ".join(f"{name} = {str(value).lower()}" for name, value in values.items())
    return f", {word} {told}" if told else ""


@dataclass(frozen=True)
class Worked(Printed):
    """A figure that a law gives, of what else is printed with it.

    Attributes:
        how: the law and what goes into it, in words.
        amount: that in numbers.
    """

    how: str
    amount: Callable[[], Num]

    @property
    def counted(self) -> str:
        """The law, and what goes into it."""
        return self.how

    def value(self) -> Number:
        """Return what the law comes to."""
        found = constant(self.amount())
        assert found is not None, "numbers go in, and a number comes out"
        return found


@cache
def rows() -> tuple[Row, ...]:
    with ROWS.open(newline="") as file:
        return tuple(csv.DictReader(file))
