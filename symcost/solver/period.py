"""After which shift of its whole number a formula, or the truth of a condition, repeats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, isqrt, lcm

from symcost.algebra.atoms import Atom, Number, Symbol
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, integral
from symcost.algebra.maximum import Max
from symcost.algebra.needs import Divides, Equal, Need
from symcost.algebra.poly import NotExact, Num, atoms_of, evaluate, symbol, terms_of
from symcost.algebra.power import Power
from symcost.algebra.rounding import Gcd, Rounded
from symcost.solver.track import K

LARGEST_FACTORED = 10**10
LARGEST_MODULUS = 10**5


def period(formula: Num) -> int | None:
    """Return a shift of k under which the formula changes by a whole number; None where none is known.

    A product of whole atoms times u/n repeats modulo 1 once every atom repeats modulo n, and floor(x/s) repeats
    modulo n once x repeats modulo s n.
    """
    if integral(formula):
        return 1
    below = lcm(*(Fraction(c).denominator for c in terms_of(formula).values()))
    if any(exponent < 0 for monomial in terms_of(formula) for _, exponent in monomial):
        return None
    return _lcm(_repeats(atom, below) for atom in atoms_of(formula))


def _repeats(atom: Atom, n: int) -> int | None:
    """Return a shift under which an atom stays the same modulo n.

    A power of a base without common factor with n repeats once its exponent does modulo the order of the base.
    """
    match atom:
        case Symbol():
            return n
        case Extent():
            return period(atom.base * Fraction(1, atom.divisor * n))
        case Gcd():
            return period(atom.inner * Fraction(1, atom.n))
        case Power() if n <= LARGEST_MODULUS and gcd(atom.base, n) == 1:
            return period(atom.exponent * Fraction(1, _order(atom.base, n)))
    return None


def _order(base: int, n: int) -> int:
    """Return the least exponent above 0 for which a power is 1 modulo n, where there is one."""
    power, order = base % n, 1
    while power != 1 % n:
        power, order = power * base % n, order + 1
    return order


def stride(formula: Num) -> int | None:
    """Return a shift under which a sum of floors changes by a constant, the same everywhere; None for anything else."""
    steps: list[int | None] = []
    for monomial in terms_of(formula):
        if len(monomial) > 1 or any(exponent != 1 for _, exponent in monomial):
            return None
        steps += [_step(atom) for atom, _ in monomial]
    return _lcm(steps)


def _step(atom: Atom) -> int | None:
    match atom:
        case Symbol():
            return 1
        case Extent() if integral(atom.base):
            inner = stride(atom.base)
            return None if inner is None else inner * atom.divisor
        case Gcd():
            return _repeats(atom, 1)
    return None


def modulus(need: Need) -> int | None:
    """Return a number such that whether the condition holds depends on k modulo it alone; None where none is known."""
    match need:
        case Divides():
            quotient = _quotient(need)
            return None if quotient is None else period(quotient)
        case Equal():
            gap = need.a - need.b
            shift = stride(gap)
            return shift if shift and evaluate(gap, {K: 1}) == evaluate(gap, {K: 1 + shift}) else None
    return None


def candidates(need: Need) -> list[int] | None:
    """Return all numbers that can meet a condition such as ``k divides 768`` or ``2**k divides 768``.

    Let v/k**e be the lowest term of the quotient and n a common denominator. A whole quotient times n k**(e - 1) is
    a whole number plus v n/k, hence k divides v n. And p**(e k) divides v n only up to k = log(v n)/log(p).

    Returns:
        None for another kind of condition.
    """
    quotient = _quotient(need) if isinstance(need, Divides) else None
    if quotient is None:
        return None
    powers = _powers(quotient)
    if powers is None:
        return _exponents(quotient)
    if not powers or min(powers) >= 0:
        return None
    below = lcm(*(Fraction(c).denominator for c in powers.values()))
    multiple = abs(int(powers[min(powers)] * below))
    return divisors(multiple) if multiple <= LARGEST_FACTORED else None


def _exponents(formula: Num) -> list[int] | None:
    """Return all k at which v/p**(e k) can be whole; None for another formula."""
    found: list[int] | None = None
    for monomial, c in terms_of(formula).items():
        powers = all(isinstance(atom, Power) and atom.exponent == symbol(K, "index") for atom, _ in monomial)
        if found is not None or not powers or all(exponent > 0 for _, exponent in monomial):
            return None
        found = list(range(abs(c.numerator).bit_length()))
    return found


def _powers(formula: Num) -> dict[int, Number] | None:
    """Return the coefficients of a formula by power of k, or None where there is more in it than powers."""
    found: dict[int, Number] = {}
    for monomial, c in terms_of(formula).items():
        if len(monomial) > 1 or not all(isinstance(atom, Symbol) for atom, _ in monomial):
            return None
        found[monomial[0][1] if monomial else 0] = c
    return found


def _quotient(need: Divides) -> Num | None:
    try:
        return div(need.a, need.n)
    except NotExact:
        return None


def divisors(n: int) -> list[int]:
    """Return the divisors of a positive integer, the least first."""
    small = [d for d in range(1, isqrt(n) + 1) if n % d == 0]
    return small + [n // d for d in reversed(small) if d * d != n]


def gcds(formula: Num) -> Iterator[Gcd]:
    """Yield the gcd atoms of a formula, those inside floors and rounding rules too."""
    for atom in atoms_of(formula):
        if isinstance(atom, Gcd):
            yield atom
        match atom:
            case Extent():
                yield from gcds(atom.base)
            case Gcd() | Rounded():
                yield from gcds(atom.inner)
            case Power():
                yield from gcds(atom.exponent)
            case Max():
                for option in atom.options:
                    yield from gcds(option)


def gcd_period(formula: Num) -> int | None:
    """Return a shift under which every gcd of a formula repeats; 1 where it has none."""
    return _lcm(_repeats(atom, 1) for atom in gcds(formula))


def _lcm(numbers: Iterator[int | None] | list[int | None]) -> int | None:
    found = list(numbers)
    return None if None in found else lcm(*(n for n in found if n is not None))
