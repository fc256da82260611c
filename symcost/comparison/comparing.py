"""Compare two networks in one metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, total
from symcost.architecture import Architecture, cost_of, load
from symcost.comparison.causes import Cause, causes
from symcost.comparison.difference import Comparison
from symcost.comparison.rows import Key, Part, pairs, parts
from symcost.comparison.sides import Sides
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.graph.listing import telling_depth
from symcost.metrics.metric import metric as metric_named


def compare(
    a: Cost | Architecture | str,
    b: Cost | Architecture | str,
    metric: str = "macs",
    *,
    by: str = "block",
    depth: int = 0,
    at: Mapping[str, Number | str] | None = None,
    convention: str = "symcost",
) -> Comparison:
    """Return the difference of two networks as a formula and as numbers, with the parts that explain it.

    Symbols of one name are one size, unless the two have different defaults for it and no value is given: then each
    side has its own put in.

    Args:
        a: a cost, a network, or the name or path of one.
        b: the other.
        metric: what is compared.
        by: what a row stands for: ``block``, ``op`` or ``node``.
        depth: how many levels of blocks are told apart; 0 for as many as it takes to see more than a few.
        at: values of sizes; defaults fill the rest.
        convention: by which FLOPs are counted, of what is not a cost yet.

    Raises:
        UsageError: there is no such metric or break-down, or no such size.
        SpecError: a network or a value is refused.
    """
    metric_named(metric)
    sides = Sides.of(_cost(a, convention), _cost(b, convention), at or {})
    if by not in ("block", "op", "node"):
        raise UsageError(f"there is no comparison by '{by}'; there are block, op and node")
    totals = sides.total(0, metric), sides.total(1, metric)
    left, right = parts(sides, 0, metric), parts(sides, 1, metric)
    if not _add_up((left, right), totals):
        return Comparison(sides, metric, by, totals, (), ())
    levels = depth or max(telling_depth(cost.graph) for cost in sides.costs)
    rows = tuple(pair for pair in pairs(left, right, _key(by, levels)) if any(pair.amounts))
    return Comparison(sides, metric, by, totals, rows, _largest_first(causes(left, right), sides))


def _cost(x: Cost | Architecture | str, convention: str) -> Cost:
    return cost_of(load(x) if isinstance(x, str) else x, convention)


def _key(by: str, depth: int) -> Key:
    if by == "op":
        return lambda part: part.op
    return (lambda part: part.name) if by == "node" else (lambda part: ".".join(part.path[:depth]))


def _add_up(sides: tuple[Sequence[Part], Sequence[Part]], totals: tuple[Num, Num]) -> bool:
    """Tell whether the metric is a sum over parts; a peak is not."""
    sums = (total((part.amount, 1) for part in side) for side in sides)
    return all(x == y for x, y in zip(sums, totals, strict=True))


def _largest_first(found: list[Cause], sides: Sides) -> tuple[Cause, ...]:
    return tuple(sorted(found, key=lambda cause: abs(Fraction(evaluate(cause.difference, sides.at))), reverse=True))
