"""An op inside experts: what it does for rows that are shared out among several of them.

Which expert a row goes to does not matter where work is proportional to rows, so that is made sure of: an op is asked
what it does for r rows, for an unknown r. What is left of that for no rows, as the -D of the r D - D additions that sum
up the gradient of a bias, is there once for every expert.
"""

from __future__ import annotations

from dataclasses import replace

from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.poly import Num, substitute, symbol, symbols_of
from symcost.graph.model import Choice
from symcost.graph.parts import with_sizes
from symcost.ops.facts import Facts, Shape, Work, numel
from symcost.ops.op import Op, Refused, shown

ROWS = "rows'"
"""The name of the unknown number of rows, which no spec can give."""


def in_experts(op: Op, ins: tuple[Shape, ...], choices: tuple[Choice, ...]) -> Facts:
    """Return the facts of an op over all experts; its weights have an axis for each choice.

    Raises:
        Refused: it does not work on rows, or not on each apart.
    """
    rows = choices[0].rows
    try:
        facts = op.facts(tuple(_in_rows(shape, rows) for shape in ins))
    except Refused:
        op.facts(ins)  # which says why in sizes that a spec has
        raise
    copies = tuple(choice.count for choice in reversed(choices))
    n = numel(copies)
    plain = with_sizes(facts, {ROWS: rows})
    return replace(
        plain,
        weights={name: (*copies, *shape) for name, shape in plain.weights.items()},
        buffers={name: (*copies, *shape) for name, shape in plain.buffers.items()},
        work=_shared_out(facts.work, rows, n),
        grad_input=_shared_out(facts.grad_input, rows, n),
        grad_weight=_shared_out(facts.grad_weight, rows, n),
        shared=_shared_out(facts.shared, rows, n),
        again=_shared_out(facts.again, rows, n),
    )


def _in_rows(shape: Shape, rows: Num) -> Shape:
    """Return a shape in terms of an unknown number of rows."""
    each = div(shape[0], rows) if shape else 0
    if each == 0 or not integral(each):
        raise Refused(f"reads {shown(shape)}, and inside experts there are rows ({rows}, ...)")
    return (each * symbol(ROWS), *shape[1:])


def _shared_out(work: Work, rows: Num, experts: Num) -> Work:
    """Return work on rows that are shared out, from what it is for an unknown number of rows."""
    found: dict[str, Num] = {}
    for kind, amount in work.items():
        none = substitute(amount, {ROWS: 0})
        if ROWS in symbols_of(substitute(amount, {ROWS: symbol(ROWS) + 1}) - amount):
            raise Refused("cannot be shared out among experts: it does not work on each row apart")
        found[kind] = substitute(amount, {ROWS: rows}) + (experts - 1) * none
    return found
