"""Kaplan et al.: models grow much faster than data."""

import sympy

from symcost.scaling.law import PF_DAY, C, D, Law, N

OVER_PARAMS, OVER_TOKENS, PARAMS_AT, TOKENS_AT = map(sympy.Float, ("0.076", "0.103", "6.4e13", "1.8e13"))

LAW = Law(
    "kaplan",
    "N grows as C**0.73 and D as C**0.27, fitted apart; trained at the critical batch, 6 N D is about twice C",
    "Kaplan et al. 2020 (arXiv:2001.08361): Table 6, with C the least compute; L(N, D) equation 1.5 with Table 2",
    "parameters without tables of tokens and positions",
    sympy.Float("1.3e9") * (C / PF_DAY) ** sympy.Float("0.73"),
    sympy.Float("2e10") * (C / PF_DAY) ** sympy.Float("0.27"),
    ((PARAMS_AT / N) ** (OVER_PARAMS / OVER_TOKENS) + TOKENS_AT / D) ** OVER_TOKENS,
)
