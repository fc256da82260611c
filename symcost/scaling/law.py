"""What a scaling law is: the best parameters and tokens as functions of a budget of FLOPs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import sympy

from symcost.defined import defined_in
from symcost.errors import UsageError, did_you_mean, quoted

N, D, C = sympy.symbols("N D C", positive=True)
"""Parameters, tokens, and FLOPs of training; positive reals, as all of this is a fit."""
SIX_N_D = 6 * N * D
"""FLOPs of training on D tokens: 2 N forward and 4 N backward for each (Kaplan et al. 2020, section 2.1)."""
PF_DAY = 8640 * sympy.Integer(10) ** 16
"""FLOPs of a petaFLOP/s in a day."""


class Allocation(NamedTuple):
    """How a budget is best spent; floats, approximate.

    Attributes:
        params: N*(C).
        tokens: D*(C).
        loss: what the law says it comes to, in nats per token; None where it has no formula for that.
    """

    params: float
    tokens: float
    loss: float | None

    @property
    def tokens_per_param(self) -> float:
        """D/N."""
        return self.tokens / self.params


@dataclass(frozen=True)
class Law:
    """A scaling law.

    Attributes:
        name: what it is asked for by.
        about: one line.
        source: where it is printed.
        counts: what its N counts.
        params: N*(C), with floats, approximate.
        tokens: D*(C), the same.
        loss: L(N, D), where the law has one; the same.
    """

    name: str
    about: str
    source: str
    counts: str
    params: sympy.Expr
    tokens: sympy.Expr
    loss: sympy.Expr | None = None

    def at(self, flops: float) -> Allocation:
        """Return the best split of a budget of FLOPs, approximately.

        Raises:
            UsageError: the budget is not above 0.
        """
        if not flops > 0:
            raise UsageError(f"a budget of training FLOPs is above 0, got {flops:g}")
        best = [float(size.subs(C, flops)) for size in (self.params, self.tokens)]
        loss = None if self.loss is None else float(self.loss.subs({N: best[0], D: best[1]}))
        return Allocation(best[0], best[1], loss)


@cache
def laws() -> dict[str, Law]:
    """Return every law by name: each is a file of ``symcost.scaling.fits``."""
    from symcost.scaling import fits as package

    return {found.name: found for found in defined_in(package, "LAW")}


def law(name: str) -> Law:
    """Return a law by name.

    Raises:
        UsageError: there is none of this name.
    """
    known = laws()
    if name not in known:
        raise UsageError(
            f"there is no scaling law {quoted(name)}{did_you_mean(name, known)}; there are {', '.join(known)}"
        )
    return known[name]
