"""Bounds and signs of expressions over a box of symbols, by interval arithmetic on terms."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from symcost.algebra.atoms import Atom, Box, Number, Range
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, terms_of

__all__ = ["EXPANDED_TERMS", "Range", "bounds", "expanded_terms", "lower_bound", "rises", "shift_to_least"]

EXPANDED_TERMS = 2000
"""More terms than this are not worth measuring from their least values where bounds decide how to go on."""


def bounds(x: Num, box: Box) -> Range:
    """Return bounds of x when each symbol stays in its range (default: a dimension is at least 1)."""
    ranges = {atom: atom.range(box) for atom in atoms_of(x)}
    low: Number | None = 0
    high: Number | None = 0
    for monomial, c in terms_of(x).items():
        a, b = _scaled(_monomial_range(monomial, ranges), c)
        low = None if low is None or a is None else low + a
        high = None if high is None or b is None else high + b
    return low, high


def lower_bound(x: Num, box: Box) -> Number | None:
    """Return the better of two lower bounds: by terms, and after measuring every atom from its least value.

    Measured so, E**2 - 4*E + 4 with E >= 2 becomes e**2, whose bound 0 the terms alone do not show.
    """
    by_terms = bounds(x, box)[0]
    shifted = shift_to_least(x, box)
    if shifted is None or any(c < 0 for m, c in shifted.terms.items() if m):
        return by_terms
    return max(shifted.terms.get((), 0), by_terms if by_terms is not None else shifted.terms.get((), 0))


def expanded_terms(x: Num) -> int:
    """Return how many terms x has at most once every atom is measured from its least value."""
    return sum(prod(abs(exponent) + 1 for _, exponent in monomial) for monomial in terms_of(x))


def shift_to_least(x: Num, box: Box) -> Poly | None:
    """Rewrite x in atoms that start at 0, each atom minus its least value.

    Returns:
        None where an exponent is negative, or an atom has no least value.
    """
    result = Poly({})
    for monomial, c in terms_of(x).items():
        term = Poly({(): c})
        for atom, exponent in monomial:
            least = atom.range(box)[0]
            if exponent < 0 or least is None:
                return None
            term = term * (Poly({((atom, 1),): 1}) + least) ** exponent
        result = result + term
    return result


def rises(x: Num, box: Box | None = None) -> bool:
    """Tell whether x is proved never to fall when one of its symbols rises."""
    atoms = atoms_of(x)
    if not all(atom.rising() for atom in atoms):
        return False
    if all(c > 0 and all(e > 0 for _, e in m) for m, c in terms_of(x).items() if m):
        return all(_nonnegative(atom.range(box or {})) for atom in atoms) or _linear(x)
    shifted = shift_to_least(x, box or {})
    return shifted is not None and all(c > 0 for m, c in shifted.terms.items() if m)


def _linear(x: Num) -> bool:
    return all(len(m) == 1 and m[0][1] == 1 for m in terms_of(x) if m)


def _monomial_range(monomial: Monomial, ranges: dict[Atom, Range]) -> Range:
    low: Number | None = 1
    high: Number | None = 1
    for atom, exponent in monomial:
        low, high = _times((low, high), _power(ranges[atom], exponent))
    return low, high


def _power(base: Range, exponent: int) -> Range:
    if exponent < 0:
        return _reciprocal(_power(base, -exponent))
    low, high = base
    if exponent % 2 or _nonnegative(base):
        return None if low is None else low**exponent, None if high is None else high**exponent
    if low is None or high is None:
        return 0, None
    return 0 if high > 0 else high**exponent, max(low**exponent, high**exponent)


def _reciprocal(base: Range) -> Range:
    """Return the range of 1/x; a nonnegative x is positive, or 1/x would have no value."""
    low, high = base
    if low is None or low < 0 or high == 0:
        return None, None
    return 0 if high is None else Fraction(1) / high, Fraction(1) / low if low else None


def _times(a: Range, b: Range) -> Range:
    for one, other in ((a, b), (b, a)):
        if one[1] is not None and one[1] <= 0 and not _nonnegative(one):
            return _scaled(_times(_scaled(one, -1), other), -1)
    if _nonnegative(a) and _nonnegative(b):
        low = a[0] * b[0]  # type: ignore[operator]
        return low, _upper_product(a[1], b[1])
    if None in a or None in b:
        return None, None
    products = [p * q for p in a for q in b]  # type: ignore[operator]
    return min(products), max(products)


def _nonnegative(a: Range) -> bool:
    return a[0] is not None and a[0] >= 0


def _upper_product(a: Number | None, b: Number | None) -> Number | None:
    if a == 0 or b == 0:
        return 0
    return None if a is None or b is None else a * b


def _scaled(a: Range, c: Number) -> Range:
    low, high = (None if end is None else end * c for end in a)
    return (low, high) if c >= 0 else (high, low)
