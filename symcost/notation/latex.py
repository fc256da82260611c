r"""Formulas as LaTeX: ``7040\,B\,C^{2} \left\lceil \frac{H}{32} \right\rceil``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from symcost.algebra.atoms import Atom, Number, Part, Symbol
from symcost.algebra.extent import Extent
from symcost.algebra.poly import Monomial, Num, Poly, constant
from symcost.algebra.power import Power
from symcost.algebra.rounding import Gcd, Rounded
from symcost.notation.lines import with_sign
from symcost.notation.terms import collect, ordered

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi
omega"""
GREEK = frozenset(_GREEK.split())


def latex(x: Num) -> str:
    """Return x as LaTeX for math mode."""
    return " ".join(latex_terms(x))


def latex_terms(x: Num, names: Sequence[str] = ()) -> list[str]:
    """Return x as terms that follow one another, the powers of some symbols factored out."""
    groups = (_group(factor, rest) for factor, rest in collect(x, names))
    terms = (_term(monomial, c) for monomial, c in ordered(x))
    head, *rest = list(groups if names else terms) or ["0"]
    return [head, *map(with_sign, rest)]


def latex_name(name: str) -> str:
    """Return the name of a symbol: ``L1`` gets an index, ``alpha`` is the letter, ``depth`` stands upright."""
    stem, index = _split(name)
    letter = rf"\{stem}" if stem in GREEK else _upright(stem)
    return f"{letter}_{{{_upright(index)}}}" if index else letter


def _upright(word: str) -> str:
    if len(word) == 1 or word.isdigit():
        return word
    return r"\mathrm{" + word.replace("_", r"\_") + "}"


def _split(name: str) -> tuple[str, str]:
    match = re.fullmatch(r"([A-Za-z]+)_?([0-9]+)|([A-Za-z]+)_([A-Za-z0-9]+)", name)
    if match is None:
        return name, ""
    return (match[1], match[2]) if match[1] else (match[3], match[4])


def _group(factor: Poly, rest: Poly) -> str:
    if len(rest.terms) == 1 or constant(factor) == 1:
        return latex(factor * rest)
    return rf"{latex(factor)} \left({latex(rest)}\right)"


def _term(monomial: Monomial, c: Number) -> str:
    above = [_power(atom, e) for atom, e in monomial if e > 0]
    below = [_power(atom, -e) for atom, e in monomial if e < 0]
    n, d = abs(c.numerator), c.denominator
    above = above if n == 1 and above else [str(n), *above]
    below = below if d == 1 else [str(d), *below]
    body, under = _juxtaposed(above), _juxtaposed(below)
    body = rf"\frac{{{body}}}{{{under}}}" if under else body
    return f"-{body}" if c < 0 else body


def _juxtaposed(factors: list[str]) -> str:
    r"""Return a product, with a dot between numbers: ``3 \cdot 2^{n}``."""
    between = ((r" \cdot " if a[-1].isdigit() and b[0].isdigit() else r"\,") for a, b in pairwise(factors))
    return "".join(dot + factor for dot, factor in zip(chain([""], between), factors, strict=False))


def _power(atom: Atom, exponent: int) -> str:
    if isinstance(atom, Power):
        base, inner = atom.times(exponent)
        return f"{base}^{{{latex(inner)}}}"
    body = _atom(atom)
    if exponent == 1:
        return body
    return f"{body}^{{{exponent}}}" if isinstance(atom, (Symbol, Extent)) else rf"\left({body}\right)^{{{exponent}}}"


def _atom(atom: Atom) -> str:
    match atom:
        case Symbol():
            return latex_name(atom.name)
        case Part():
            return rf"\frac{{{latex_name(atom.name)}}}{{{atom.divisor}}}"
        case Extent():
            return _extent(atom)
        case Rounded():
            floor = "" if atom.least == atom.divisor else f",{atom.least}"
            return rf"\operatorname{{round}}_{{{atom.divisor}{floor}}}\left({latex(atom.inner)}\right)"
        case Gcd():
            return rf"\gcd\left({latex(atom.inner)}, {atom.n}\right)"
        case Power():
            return _power(atom, 1)
    raise TypeError(f"no LaTeX for {atom!r}")


def _extent(atom: Extent) -> str:
    rounded_up = atom.offset == atom.divisor - 1 and atom.divisor > 1
    kind = "ceil" if rounded_up or atom.up else "floor"
    top = latex(atom.base if rounded_up else atom.base + atom.offset)
    inner = top if atom.divisor == 1 else rf"\frac{{{top}}}{{{atom.divisor}}}"
    return rf"\left\l{kind} {inner} \right\r{kind}"
