"""Polynomials in powers of a sum: x = r + s S + t S**2 + ..., by division with a rest."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symcost.algebra.atoms import Atom, Number, Symbol, exact
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, terms_of, total

MOST_STEPS = 1000


def expansion(x: Num, part: Num, atom: Symbol) -> Num:
    """Return x with an atom for a sum, wherever that leaves fewer terms.

    Terms that differ in atoms of the sum alone are taken together: in B*(H + W)**2 + C*H the first three terms are one
    group that becomes B*S**2, and the last is another that would only grow.

    Args:
        x: the formula.
        part: a sum without negative exponents; another one is not looked for.
        atom: that stands for it.
    """
    own = atoms_of(part)
    if any(exponent < 0 for monomial in terms_of(part) for _, exponent in monomial):
        return x
    groups: dict[Monomial, dict[Monomial, Number]] = {}
    for monomial, c in terms_of(x).items():
        outer = tuple(pair for pair in monomial if pair[0] not in own)
        inner = tuple(pair for pair in monomial if pair[0] in own)
        groups.setdefault(outer, {})[inner] = c
    return total((_shorter(Poly(inner), part, atom), Poly({outer: 1})) for outer, inner in groups.items())


def _shorter(x: Poly, part: Num, atom: Symbol) -> Num:
    """Return the shortest of x in powers of the sum up to the first, the second and so on; x where none is shorter."""
    order = sorted(atoms_of(part))
    lowest = {a: min(0, *(dict(monomial).get(a, 0) for monomial in x.terms)) for a in order}
    shift = Poly({tuple((a, -e) for a, e in lowest.items() if e): 1})
    found: list[Num] = [x]
    rests: list[Num] = []
    steps = iter(range(MOST_STEPS))
    rest_of_x = x * shift
    while rest_of_x and (divided := _divided(rest_of_x, part, order, steps)):
        rest_of_x, rest = divided
        rests.append(rest)
        found.append(_in_powers([*rests, rest_of_x], atom) * shift**-1)
    return min(found, key=lambda form: len(terms_of(form)))


def _in_powers(digits: list[Num], atom: Symbol) -> Num:
    return total((digit, Poly({((atom, i),) if i else (): 1})) for i, digit in enumerate(digits))


def _divided(x: Poly, part: Num, order: list[Atom], steps: Iterator[int]) -> tuple[Poly, Num] | None:
    """Return quotient and rest, in which no term is divided by the leading term of the divisor."""
    quotient, rest = Poly({}), Poly({})
    lead, c = _leading(part, order)
    for _ in steps:
        if not x:
            return quotient, rest
        monomial, k = _leading(x, order)
        step = Poly({monomial: exact(Fraction(k) / c)}) * Poly({lead: 1}) ** -1
        if all(exponent > 0 for m in step.terms for _, exponent in m):
            quotient, x = quotient + step, x - step * part
        else:
            rest, x = rest + Poly({monomial: k}), x - Poly({monomial: k})
    return None


def _leading(x: Num, order: list[Atom]) -> tuple[Monomial, Number]:
    return max(terms_of(x).items(), key=lambda term: [dict(term[0]).get(atom, 0) for atom in order])
