"""Limits of quotients of costs as sizes grow without end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Box
from symcost.algebra.poly import simplest
from symcost.calculus.crossing import Formula, as_quotient
from symcost.calculus.orders import CONSTANT, Order, Scaling, growing, leading, refuse_strange, scaling_of, sign_of
from symcost.calculus.ratio import Ratio
from symcost.errors import UsageError, quoted

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Limit:
    """The limit of a quotient as sizes grow.

    Attributes:
        order: how fast the quotient grows; below that of 1 it goes to zero, above to infinity.
        leading: the quotient of the leading terms; the limit itself where the order is that of 1.
        box: ranges of the sizes, which can decide the sign of an infinite limit.
    """

    order: Order
    leading: Ratio
    box: Box = field(default_factory=dict, repr=False, compare=False)

    @property
    def finite(self) -> bool:
        """Whether there is a limit."""
        return self.order <= CONSTANT

    @property
    def sympy(self) -> sympy.Expr:
        """The limit as SymPy: a formula, zero or infinity.

        Raises:
            UsageError: it is infinite, and the sign depends on sizes.
        """
        import sympy

        if self.order == CONSTANT:
            return self.leading.sympy
        return sympy.Integer(0) if self.order < CONSTANT else self._sign() * sympy.oo

    def __str__(self) -> str:
        if self.order == CONSTANT:
            return str(self.leading)
        return "0" if self.order < CONSTANT else "infinity" if self._sign() > 0 else "-infinity"

    def _sign(self) -> int:
        above, below = (sign_of(x, self.box) for x in (self.leading.above, self.leading.below))
        if above is None or below is None:
            formula = quoted(str(self.leading))[1:-1]
            raise UsageError(f"the sign of the infinite limit depends on the sizes: it is that of {formula}")
        return above * below


def limit(f: Formula, to: str | Iterable[str] | Scaling, g: Formula = 1, *, box: Box | None = None) -> Limit:
    """Return the limit of f/g as sizes grow without end, all others fixed.

    Args:
        f: SymPy (a quotient too), or what ``Cost.poly`` holds.
        to: the size that grows, or several that grow together, their quotients fixed; a mapping says as which power
            of a common t each grows: ``{"E": 1, "T": 2}``. SymPy's symbols will do, and infinity for the power 1.
        g: what f is divided by.
        box: ranges of the sizes; they decide the sign of an infinite limit where its form does not.

    Raises:
        UsageError: a size occurs nowhere, or in a place where this has no meaning.
        ZeroDivisionError: g is zero.
    """
    scaling = scaling_of(to)
    (f_above, f_below), (g_above, g_below) = as_quotient(f), as_quotient(g)
    above, below = growing(f_above * g_below, scaling), growing(f_below * g_above, scaling)
    refuse_strange(scaling, above, below)
    if not below:
        raise ZeroDivisionError
    if not above:
        return Limit(CONSTANT, Ratio(0))
    (high, top), (low, bottom) = leading(above, scaling), leading(below, scaling)
    order = Order(high.rate / low.rate, high.degree - low.degree)
    return Limit(order, Ratio.of(simplest(top), simplest(bottom)), box or {})
