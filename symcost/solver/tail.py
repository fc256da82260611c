"""A lower bound of a formula from some point on, without end.

Interval arithmetic says nothing of k**2 - ceil(k/2)**2 when k has no upper end: infinity minus infinity. So each atom
is held between two polynomials of y = k - start instead, one y for each symbol, floor((x + c)/s) between
(x + c)/s - 1 and (x + c)/s. A difference of such bounds whose coefficients are all nonnegative is least at y = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symcost.algebra.atoms import Atom, Number, Symbol
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, Poly, evaluate, symbol, symbols_of, terms_of, total
from symcost.algebra.power import MOST_BITS, Power
from symcost.algebra.rounding import Gcd, Rounded

_FAR = 10**6
Envelope = tuple[Num | None, Num | None]
"""Polynomials of the y below and above; None is unknown. The lower one of an atom never falls and is never negative."""


def lower_tail(formula: Num, starts: Mapping[str, Number]) -> Number | None:
    """Return a lower bound of the formula for all values of its symbols from their starts on, or None."""
    low = _envelope(formula, starts)[0]
    if low is None or not _grows(low):
        return None
    return _at_start(low)


def _envelope(formula: Num, starts: Mapping[str, Number]) -> Envelope:
    low: Num | None = 0
    high: Num | None = 0
    for monomial, c in terms_of(formula).items():
        below, above = _product(monomial, starts)
        if c < 0:
            below, above = above, below
        low = None if low is None or below is None else low + below * c
        high = None if high is None or above is None else high + above * c
    return low, high


def _product(monomial: Monomial, starts: Mapping[str, Number]) -> Envelope:
    low: Num | None = 1
    high: Num | None = 1
    for atom, exponent in monomial:
        below, above = _power(_atom(atom, starts), exponent)
        low = None if low is None or below is None else low * below
        high = None if high is None or above is None else high * above
    return low, high


def _power(base: Envelope, exponent: int) -> Envelope:
    low, high = base
    if low is None:
        return None, None
    if exponent > 0:
        return low**exponent, None if high is None else high**exponent
    least = Fraction(_at_start(low))
    return 0, least**exponent if least > 0 else None


def _atom(atom: Atom, starts: Mapping[str, Number]) -> Envelope:
    low, high = _between(atom, starts)
    if low is not None and not _positive(low):
        low = None
    return low, high


def _between(atom: Atom, starts: Mapping[str, Number]) -> Envelope:
    match atom:
        case Symbol():
            size = symbol(f"y.{atom.name}", "index") + starts[atom.name]
            return size, size
        case Extent():
            low, high = _shifted(_envelope(atom.base, starts), atom.offset, atom.offset)
            part, below, above = Fraction(1, atom.divisor), int(not atom.up), int(atom.up)
            return None if low is None else low * part - below, None if high is None else high * part + above
        case Rounded():
            return _shifted(_envelope(atom.inner, starts), -Fraction(atom.divisor, 2), atom.divisor + atom.least)
        case Gcd():
            return 1, atom.n
        case Power():
            return _above_its_tangent(atom, starts), None
        case Max():
            return _largest([_envelope(option, starts) for option in atom.options])
    return None, None


def _above_its_tangent(atom: Power, starts: Mapping[str, Number]) -> Num | None:
    """Return b**m (1 + (b - 1)(x - m)), which b**x is at least for whole x >= m (Bernoulli), m its least exponent."""
    low = _envelope(atom.exponent, starts)[0]
    if low is None:
        return None
    least = min(int(_at_start(low)), MOST_BITS // atom.base.bit_length())
    power: int = atom.base**least
    return ((low - least) * (atom.base - 1) + 1) * power


def _largest(options: list[Envelope]) -> Envelope:
    """Return bounds of the largest of several: the one that outgrows the others below, their sum above."""
    lows = [low for low, _ in options if low is not None and _positive(low)]
    highs = [high for _, high in options if high is not None]
    below = max(lows, key=lambda low: evaluate(low, dict.fromkeys(symbols_of(low), _FAR)), default=None)
    return below, total((high, 1) for high in highs) if len(lows) == len(highs) == len(options) else None


def _shifted(bounds: Envelope, below: int | Fraction, above: int | Fraction) -> Envelope:
    low, high = bounds
    return None if low is None else low + below, None if high is None else high + above


def _grows(x: Num) -> bool:
    return all(c > 0 for monomial, c in terms_of(x).items() if monomial)


def _positive(x: Num) -> bool:
    return _grows(x) and _at_start(x) >= 0 if isinstance(x, Poly) else x >= 0


def _at_start(x: Num) -> Number:
    """Return the value where every y is 0: the rest, as no y has a negative power."""
    return terms_of(x).get((), 0)
