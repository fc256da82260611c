"""What totals come to at given sizes, what they are made of, and how they grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate, substitute, symbols_of
from symcost.algebra.printing import text
from symcost.cost import Cost
from symcost.metrics.metric import metric
from symcost.table import Column, Table
from symcost.table.cells import percent, rounded, significant
from symcost.table.model import Share

LONG = ((86_400, "days"), (3_600, "h"))
"""Times in which seconds are told where they are many."""
LONGEST = 90
"""Signs of a formula beyond which it is not shown in a line."""


def made_of(cost: Cost, env: Mapping[str, Number], name: str) -> Table:
    """Return a row for each part of a metric that is a sum, with its share; parts that are 0 are left out.

    Raises:
        NoAnswer: a part has no formula.
    """
    whole = evaluate(cost.poly(name), env)
    found = {part: evaluate(cost.poly(part), env) for part in metric(name).parts}
    share = Fraction(whole) or Fraction(1)
    rows = tuple((part, x, rounded(x), Share(x / share)) for part, x in found.items() if x)
    columns = (Column("metric", kind="text"), Column("total", cost.units(name)), Column("about", kind="text"))
    last = (name, whole, rounded(whole), None)
    return Table((*columns, Column("share", kind="share")), rows, metric(name).about, last)


def listed(cost: Cost, env: Mapping[str, Number], names: Sequence[str], caption: str = "") -> Table:
    """Return a row for each metric with its unit and, of large numbers, the size rounded."""
    found = {name: evaluate(cost.poly(name), env) for name in names}
    rows = tuple((name, value, cost.units(name), _about(value, cost.units(name))) for name, value in found.items())
    columns = (Column("metric", kind="text"), Column("total"), Column("unit", kind="text"))
    return Table((*columns, Column("about", kind="text")), rows, caption)


def _about(value: Number, unit: str) -> str:
    """Return a number to four digits, of seconds in hours or days where they are many."""
    size, word = next(((size, word) for size, word in LONG if unit == "seconds" and value >= 2 * size), (0, ""))
    return f"{significant(Fraction(value) / size)} {word}" if size else rounded(value)


def within(taken: Number, name: str, cost: Cost) -> str:
    """Return in words how much of the device's memory a metric takes, or that it does not fit."""
    device, room = cost.setup.hardware.said().partition(",")[0], cost.setup.hardware.memory
    if taken <= room:
        return f"{percent(Fraction(taken) / room)} of the {room:,} bytes of {device}"
    return f"does not fit: {name} is above the {room:,} bytes of {device}"


def along(cost: Cost, env: Mapping[str, Number], name: str, size: str) -> str:
    """Return a metric as a formula in one size, all others as they are; empty where it is long or does not grow."""
    others = {other: value for other, value in env.items() if other != size}
    formula = substitute(cost.poly(name), others)
    line = f"{name} = {text(formula)}"
    return line if size in symbols_of(formula) and len(line) <= LONGEST else ""
