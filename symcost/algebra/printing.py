"""Plain text of expressions, in the spelling that the expression reader takes back."""

from __future__ import annotations

import re
from functools import lru_cache

from symcost.algebra.atoms import Atom, Number, Part
from symcost.algebra.poly import Monomial, Num, terms_of


def text(x: Num) -> str:
    """Return x as text: highest degree first, ``**`` for powers, exact fractions."""
    terms = sorted(terms_of(x).items(), key=lambda term: _rank(term[0]))
    if not terms:
        return "0"
    pieces = [_term(monomial, c) for monomial, c in terms]
    head, *rest = pieces
    return head + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in rest)


def _rank(monomial: Monomial) -> tuple[object, ...]:
    degree = sum(exponent for _, exponent in monomial)
    return (-degree, [(natural(atom), -exponent) for atom, exponent in monomial])


@lru_cache(maxsize=1 << 14)
def natural(atom: Atom) -> tuple[object, ...]:
    """Return a key that sorts numbers by value: ceil(H/8) before ceil(H/16)."""
    rank, name = atom.key
    words = re.split(r"(\d+)", name)
    return rank, [int(word) if i % 2 else word for i, word in enumerate(words)]


def _term(monomial: Monomial, c: Number) -> str:
    above = [_factor(atom, e) for atom, e in monomial if e > 0]
    below = [_factor(atom, -e, below=True) for atom, e in monomial if e < 0]
    n, d = c.numerator * turned(monomial), c.denominator
    if d > 1:
        below.insert(0, str(d))
    sign = "-" if n < 0 else ""
    if abs(n) != 1 or not above:
        above.insert(0, str(abs(n)))
    top = "*".join(above)
    if not below:
        return sign + top
    bottom = below[0] if len(below) == 1 else "(" + "*".join(below) + ")"
    return f"{sign}{top}/{bottom}"


def turned(monomial: Monomial) -> int:
    """Return 1, or -1 where the sign of a term turns as max(-1, -L) is shown as -min(1, L)."""
    return -1 if sum(exponent for atom, exponent in monomial if atom.opposite()) % 2 else 1


def _factor(atom: Atom, exponent: int, *, below: bool = False) -> str:
    if below and exponent == 1 and isinstance(atom, Part):
        return f"({atom!r})"
    if least := atom.opposite():
        return least if exponent == 1 else f"{least}**{exponent}"
    return atom.to_the(exponent)
