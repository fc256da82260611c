"""A lower bound of a formula from some point on, without end.

Interval arithmetic says nothing of k**2 - ceil(k/2)**2 when k has no upper end: infinity minus infinity. So the formula
is replaced by the polynomial that its floors' lines hold below it, and that is written in y = k - start, one y for each
symbol. Where its coefficients are all nonnegative it is least at y = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symcost.algebra.atoms import Atom, Number, Symbol
from symcost.algebra.envelope import envelope
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, evaluate, symbol, symbols_of, terms_of, total
from symcost.algebra.power import MOST_BITS, Power

_FAR = 10**6


def lower_tail(formula: Num, starts: Mapping[str, Number]) -> Number | None:
    """Return a lower bound of the formula for all values of its symbols from their starts on, or None."""
    low = _below(formula, starts)
    return _at_start(low) if low is not None and _grows(low) else None


def _below(formula: Num, starts: Mapping[str, Number]) -> Num | None:
    """Return a polynomial of the y that is nowhere above the formula."""
    below, _, needs = envelope(formula, {name: (start, None) for name, start in starts.items()})
    return None if needs else _side(below, starts, above=False)


def _side(x: Num, starts: Mapping[str, Number], *, above: bool) -> Num | None:
    """Return a polynomial of the y nowhere below a formula without floors, or nowhere above it."""
    terms: list[tuple[Num, Number]] = []
    for monomial, c in terms_of(x).items():
        term = _product(monomial, starts, above=above == (c > 0))
        if term is None:
            return None
        terms.append((term, c))
    return total(terms)


def _product(monomial: Monomial, starts: Mapping[str, Number], *, above: bool) -> Num | None:
    """Return a polynomial of the y nowhere below a product, or nowhere above it; no factor is ever negative."""
    result: Num = 1
    for atom, exponent in monomial:
        factor = _upper(atom, exponent, starts) if above else _lower(atom, exponent, starts)
        if factor is None:
            return None
        result = result * factor
    return result


def _lower(atom: Atom, exponent: int, starts: Mapping[str, Number]) -> Num | None:
    """Return a polynomial that is nowhere above a power of an atom, never falls and is never negative."""
    if exponent < 0:
        return 0
    low: Num | None = None
    match atom:
        case Symbol():
            low = _measured(atom, starts)
        case Power():
            low = _above_its_tangent(atom, starts)
        case Max():
            low = _outgrowing([_side(option, starts, above=False) for option in atom.options])
    return None if low is None or not _positive(low) else low**exponent


def _upper(atom: Atom, exponent: int, starts: Mapping[str, Number]) -> Num | None:
    """Return a polynomial that is nowhere below a power of an atom that is never negative."""
    low = _lower(atom, 1, starts)
    if low is None:
        return None
    if exponent < 0:
        least = _at_start(low)
        return Fraction(least) ** exponent if least > 0 else None
    high: Num | None = None
    match atom:
        case Symbol():
            high = low
        case Max():
            high = _together([_side(option, starts, above=True) for option in atom.options])
    return None if high is None else high**exponent


def _measured(atom: Symbol, starts: Mapping[str, Number]) -> Num:
    return symbol(f"y.{atom.name}", "index") + starts[atom.name]


def _above_its_tangent(atom: Power, starts: Mapping[str, Number]) -> Num | None:
    """Return b**m (1 + (b - 1)(x - m)), which b**x is at least for whole x >= m (Bernoulli), m its least exponent."""
    low = _below(atom.exponent, starts)
    if low is None or not _positive(low):
        return None
    least = min(int(_at_start(low)), MOST_BITS // atom.base.bit_length())
    power: int = atom.base**least
    return ((low - least) * (atom.base - 1) + 1) * power


def _outgrowing(lows: list[Num | None]) -> Num | None:
    """Return the one of several polynomials that outgrows the others, of those that are never negative."""
    sure = [low for low in lows if low is not None and _positive(low)]
    return max(sure, key=lambda low: evaluate(low, dict.fromkeys(symbols_of(low), _FAR)), default=None)


def _together(highs: list[Num | None]) -> Num | None:
    """Return the sum of several polynomials, where none of them can be negative: it is at least the largest of them."""
    known = [high for high in highs if high is not None and _positive(high)]
    return total((high, 1) for high in known) if len(known) == len(highs) else None


def _grows(x: Num) -> bool:
    return all(c > 0 for monomial, c in terms_of(x).items() if monomial)


def _positive(x: Num) -> bool:
    return _grows(x) and _at_start(x) >= 0


def _at_start(x: Num) -> Number:
    """Return the value where every y is 0: the rest, as no y has a negative power."""
    return terms_of(x).get((), 0)
