"""Where a loss is least for a budget, by calculus on its formula."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import sympy

from symcost.scaling.law import SIX_N_D, C, D, N


def cheapest(loss: sympy.Expr, compute: sympy.Expr = SIX_N_D) -> tuple[sympy.Expr, sympy.Expr]:
    """Return N*(C) and D*(C), where L(N, D) is least along compute = C.

    Along the budget the loss is one falling and one rising power of N, so N dL/dN has two terms; where they cancel,
    their ratio k N**p is 1, and N* = (1/k)**(1/p).

    Raises:
        ValueError: the loss is no such sum along the budget.
    """
    (tokens,) = sympy.solve(sympy.Eq(compute, C), D)
    slope = sympy.expand(sympy.powsimp(sympy.expand(N * sympy.diff(loss.subs(D, tokens), N)), force=True))
    terms = sympy.Add.make_args(slope)
    if len(terms) != 2:
        raise ValueError(f"{loss} along {compute} is no sum of two powers of N")
    ratio = sympy.powsimp(sympy.expand_power_base(-terms[0] / terms[1], force=True), force=True)
    power = sympy.simplify(N * sympy.diff(sympy.log(ratio), N))
    if power.has(N):
        raise ValueError(f"{loss} along {compute} is no sum of two powers of N")
    if power.could_extract_minus_sign():
        ratio, power = 1 / ratio, -power
    share = sympy.expand_power_base(N**power / ratio, force=True)
    budget = sympy.simplify(C * sympy.diff(sympy.log(share), C))
    constant = sympy.powsimp(share * C**-budget, combine="exp", force=True)
    params = constant ** (1 / power) * C ** (budget / power)
    return sympy.powsimp(params), sympy.powsimp(tokens.subs(N, params))


FITTED = E_, A_, B_, ALPHA, BETA = sympy.symbols("E A B alpha beta", positive=True)
PARAMETRIC = E_ + A_ / N**ALPHA + B_ / D**BETA
"""The parametric loss of Hoffmann et al. 2022, equation 2."""


class Best(NamedTuple):
    """N*(C), D*(C), and L(N, D) where there is a formula for it; their numbers are floats."""

    params: sympy.Expr
    tokens: sympy.Expr
    loss: sympy.Expr | None = None


@cache
def parametric() -> tuple[sympy.Expr, sympy.Expr]:
    """Return N*(C) and D*(C) of the parametric loss, with its constants as symbols."""
    return cheapest(PARAMETRIC)


def fitted(**constants: str) -> Best:
    """Return where the parametric loss is least, with constants as they are printed: E, A, B, alpha and beta."""
    values = {letter: sympy.Float(constants[letter.name]) for letter in FITTED}
    return Best(*(formula.subs(values) for formula in (*parametric(), PARAMETRIC)))


def frontier(params: str, flops: str, power: str) -> Best:
    """Return N*(C) = params (C/flops)**power, through a point of a paper's table, and the tokens left by 6 N D = C."""
    size, budget, exponent = map(sympy.Float, (params, flops, power))
    factor = size * budget**-exponent
    return Best(factor * C**exponent, C ** (1 - exponent) / (6 * factor))
