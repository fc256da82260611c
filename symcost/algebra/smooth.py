"""The polynomial that a formula with floors and rounding rules agrees with wherever these come out even.

With H = 32 m, and m any whole number, ceil(H/32) is H/32 and floor(H/4) is H/4: on such sizes a network's cost is a
polynomial, and the same polynomial, read for all sizes, is what can be differentiated and taken to a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from symcost.algebra.atoms import Atom, lift
from symcost.algebra.division import div
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.needs import AtLeast, Need, whole
from symcost.algebra.poly import Num, Poly, atoms_of, terms_of, total
from symcost.algebra.rounding import Gcd, Rounded


def smooth(x: Num) -> Num:
    """Return x with floor(y/s) as y/s, a rounding rule as what it rounds, and gcd(y, n) as n, inside max too."""
    return total((_product(monomial), c) for monomial, c in terms_of(x).items())


def _product(monomial: tuple[tuple[Atom, int], ...]) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        image = _smooth_atom(atom)
        result = result * image**exponent if exponent > 0 or isinstance(image, Poly) else div(result, image**-exponent)
    return result


@lru_cache(maxsize=1 << 14)
def _smooth_atom(atom: Atom) -> Num:
    match atom:
        case Extent():
            whole = smooth(atom.base)
            return div(whole, atom.divisor) + (1 if atom.up and atom.offset else 0)
        case Rounded():
            return smooth(atom.inner)
        case Gcd():
            return atom.n
        case Max():
            return maximum(map(smooth, atom.options), None)
    return lift(atom)


def even_where(x: Num) -> Iterator[Need]:
    """Yield the conditions under which every floor and rounding rule in x comes out even, so that x is ``smooth(x)``.

    Inside out: where the atoms of y come out even, y is ``smooth(y)``; floor((y + c)/s) with 0 <= c < s is y/s iff s
    divides y; a multiple of d from the least value on is rounded to itself; gcd(y, n) is n iff n divides y.
    """
    for atom in sorted(atoms_of(x)):
        yield from _even_atom(atom)


def _even_atom(atom: Atom) -> Iterator[Need]:
    match atom:
        case Extent():
            yield from even_where(atom.base)
            yield whole(div(smooth(atom.base), atom.divisor))
        case Rounded():
            yield from even_where(atom.inner)
            inner = smooth(atom.inner)
            yield from (whole(div(inner, atom.divisor)), AtLeast(inner, atom.least))
        case Gcd():
            yield from even_where(atom.inner)
            yield whole(div(smooth(atom.inner), atom.n))
        case Max():
            for option in atom.options:
                yield from even_where(option)
