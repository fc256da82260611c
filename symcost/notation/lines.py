"""Formulas as plain text, one term on a line where one line is too short."""

from __future__ import annotations

from collections.abc import Sequence

from symcost.algebra.poly import Num, Poly, constant
from symcost.algebra.printing import text
from symcost.notation.terms import collect, ordered


def formula_lines(x: Num, names: Sequence[str] = (), width: int = 100) -> list[str]:
    """Return x as lines of text that the expression reader takes back when they are joined.

    Args:
        x: the formula.
        names: symbols whose powers are factored out.
        width: the longest line, unless a single term is longer.
    """
    groups = [_group(factor, rest, width) for factor, rest in collect(x, names)] if names else []
    signed = [[line if i == 0 else with_sign(line), *more] for i, (line, *more) in enumerate(groups)]
    lines = [line for group in signed for line in group] or formula_terms(x)
    whole = " ".join(lines)
    return [whole] if len(whole) <= width and ")" not in lines else lines


def formula_terms(x: Num) -> list[str]:
    """Return the terms of x as they follow one another."""
    head, *rest = [text(Poly({monomial: c})) for monomial, c in ordered(x)] or ["0"]
    return [head, *map(with_sign, rest)]


def with_sign(term: str) -> str:
    """Return a term as it follows another: ``+ a`` or ``- a``."""
    return f"- {term[1:]}" if term.startswith("-") else f"+ {term}"


def _group(factor: Poly, rest: Poly, width: int) -> list[str]:
    """Return the lines of ``factor*(rest)``; what has no factor stays as it is."""
    if len(rest.terms) == 1:
        return [text(factor * rest)]
    if constant(factor) == 1:
        return formula_terms(rest)
    line = f"{text(factor)}*({' '.join(formula_terms(rest))})"
    if len(line) <= width:
        return [line]
    return [f"{text(factor)}*(", *(f"    {inner}" for inner in formula_lines(rest, width=width - 4)), ")"]
