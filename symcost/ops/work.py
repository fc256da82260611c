"""Elementwise work: how it is counted, and sums of it by kind.

The rules, the same for every op:

* A sum of n numbers is n - 1 additions, the largest of n is n - 1 comparisons; a mean is a sum and one division.
* A change of sign, an absolute value, a choice between two values and a copy are free.
* Both sides of a choice are evaluated, as a vector unit does.
* Dividing by a constant of the formula is a multiplication by its inverse.
* What depends on weights and settings alone (a folded scale, interpolation weights) is made once and not counted.
* Work that the gradients of inputs and of weights share is counted once: with the inputs, or, where the weights need it
  even if the inputs want no gradient, with the weights and as ``shared``.
"""

from symcost.algebra.poly import Num
from symcost.ops.facts import Work


def times(count: Num, work: Work) -> Work:
    """Return the work of doing something ``count`` times."""
    return {kind: count * n for kind, n in work.items()}


def plus(*works: Work) -> Work:
    """Add up work by kind, dropping what is not done at all."""
    out: dict[str, Num] = {}
    for work in works:
        for kind, n in work.items():
            out[kind] = out.get(kind, 0) + n
    return {kind: n for kind, n in out.items() if n}
