"""The terms of a formula that matter most: a part of it, which says so."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symcost.algebra.atoms import Atom, Env, Number, Part, Symbol, lift
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, evaluate, terms_of
from symcost.algebra.rounding import Gcd
from symcost.algebra.smooth import smooth
from symcost.notation.terms import ordered


@dataclass(frozen=True)
class Excerpt:
    """Some terms of a formula.

    Attributes:
        kept: they.
        rest: all other terms, of which there is at least one.
    """

    kept: Num
    rest: Num

    @property
    def left_out(self) -> int:
        """How many terms are not kept."""
        return len(terms_of(self.rest))

    def whole(self, env: Env) -> Number:
        """Return the value of the whole formula."""
        return evaluate(self.kept, env) + evaluate(self.rest, env)

    def share(self, env: Env) -> Fraction:
        """Return what part of the whole value is left out; negative where the other terms lower it.

        Raises:
            ZeroDivisionError: the whole is 0.
        """
        return Fraction(evaluate(self.rest, env)) / Fraction(self.whole(env))


def by_size(x: Num, env: Env) -> list[tuple[Monomial, Number]]:
    """Return the terms of x, those of the greatest amount first; what takes away counts by what it takes away."""
    amounts = {monomial: abs(Fraction(evaluate(Poly({monomial: c}), env))) for monomial, c in terms_of(x).items()}
    return sorted(ordered(x), key=lambda term: amounts[term[0]], reverse=True)


def largest(x: Num, most: int, env: Env) -> Excerpt:
    """Return the terms with the greatest amounts."""
    terms = by_size(x, env)
    return Excerpt(Poly(dict(terms[:most])), Poly(dict(terms[most:])))


def highest(x: Num, name: str) -> Excerpt:
    """Return the terms of the highest degree in a symbol; a floor of T/2, or a rounding of it, counts as T.

    Raises:
        NotExact: a term has no degree in the symbol, which stands in an exponent.
    """
    degrees = {monomial: sum(e * _degree(atom, name) for atom, e in monomial) for monomial in terms_of(x)}
    top = max(degrees.values(), default=0)
    kept, rest = (
        Poly({m: c for m, c in terms_of(x).items() if (degrees[m] == top) == leads}) for leads in (True, False)
    )
    return Excerpt(kept, rest)


def _degree(atom: Atom, name: str) -> int:
    if name not in atom.names or isinstance(atom, Gcd):
        return 0
    if isinstance(atom, (Symbol, Part)):
        return 1
    image = smooth(lift(atom))
    if image == lift(atom):
        raise NotExact(f"{atom} has no degree in {name}")
    return max(sum(e * _degree(a, name) for a, e in monomial) for monomial in terms_of(image))
