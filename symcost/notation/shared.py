"""The largest of several formulas with what all of them share before it: max(B*C, B*H) is B*max(C, H)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm, prod

from symcost.algebra.atoms import Atom, lift
from symcost.algebra.maximum import Max
from symcost.algebra.poly import ONE, Num, Poly, atoms_of, terms_of, total
from symcost.algebra.printing import text
from symcost.algebra.ranges import bounds
from symcost.algebra.within import within
from symcost.notation.terms import content


def shared_out(x: Num) -> Num:
    """Return x, for sizes that are not negative, with what the options of each largest share before it."""
    images = {atom: _shared_out(atom) for atom in atoms_of(x)}
    return total((prod((images[atom] ** e for atom, e in m), start=ONE), c) for m, c in terms_of(x).items())


def _shared_out(atom: Atom) -> Num:
    if not isinstance(atom, Max):
        return within(atom, shared_out)
    options = [shared_out(option) for option in atom.options]
    front = _shared([content(option, whole=False) for option in options if terms_of(option)])
    return front * lift(Max.of(tuple(sorted((option * front**-1 for option in options), key=text))))


def _shared(parts: Sequence[Poly]) -> Poly:
    """Return the greatest product that divides all products, of what is not negative."""
    monomials, numbers = zip(*(next(iter(part.terms.items())) for part in parts), strict=True)
    first, *others = map(dict, monomials)
    powers = {atom: min([e, *(other.get(atom, 0) for other in others)]) for atom, e in first.items()}
    number = Fraction(gcd(*(c.numerator for c in numbers)), lcm(*(c.denominator for c in numbers)))
    front = tuple((atom, e) for atom, e in powers.items() if e > 0 and not _may_be_negative(atom))
    return Poly({front: number.numerator if number.denominator == 1 else number})


def _may_be_negative(atom: Atom) -> bool:
    low, _ = bounds(lift(atom), {})
    return low is None or low < 0
