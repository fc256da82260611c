"""An amount as people write it: a metric, an expression in metrics and sizes, or what a part takes of a metric.

``macs`` is the whole; ``macs of linear`` is what all ops of that tag take, ``macs of stage_2`` what that block or node
does, unless an op has its name; ``6*macs`` and ``12*B*T*E**2*L`` are expressions.
"""

from __future__ import annotations

from symcost.algebra.poly import Num
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.metrics.metric import metric
from symcost.solver.objective import Objective

OF = " of "


def amount_of(cost: Cost, text: str, noun: str = "amount") -> Num:
    """Return an amount as a formula in the sizes.

    Args:
        cost: of the network.
        text: as written.
        noun: what messages call it.

    Raises:
        UsageError: it names no metric, size or part.
    """
    name, of, part = (words.strip() for words in text.partition(OF))
    if not of.strip():
        return Objective(text, noun=noun).formula(cost)
    rows = cost.by_node([metric(name).name])
    found = [row.values[name] for row in rows if row.op == part]
    found = found or [row.values[name] for row in rows if f"{row.name}.".startswith(f"{part}.")]
    if not found:
        names = {path for row in rows for path in (row.op, *_paths(row.name))}
        raise UsageError(
            f"{noun} {quoted(text)}: there is no op or block {quoted(part)}{did_you_mean(part, sorted(names))}"
        )
    return metric(name).together(found)


def unit_of(text: str, convention: str) -> str:
    """Return the unit of an amount; empty for an expression, which says itself what it is."""
    return Objective(text.partition(OF)[0].strip(), convention=convention).unit


def _paths(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
