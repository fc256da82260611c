"""Sizes with floors: the atom floor((x + c)/s), and why no nested floor is ever needed.

**Composition.** For integers x, c, c' and positive integers s, s'::

    floor((floor((x + c)/s) + c')/s') = floor((x + c + c' s)/(s s'))

Proof. Write q = floor((x + c)/s), so x + c = q s + r with 0 <= r < s. Then x + c + c' s = (q + c') s + r. Write
q + c' = q' s' + r' with 0 <= r' < s'. Then x + c + c' s = q' s s' + (r' s + r), and 0 <= r' s + r <= (s' - 1) s + s - 1
< s s'. Hence q' is the floor on the right, and it is the floor on the left by its definition. So the pairs (c, s) with
(c, s) then (c', s') = (c + c' s, s s') form a monoid with unit (0, 1), and a chain of convolutions, poolings and SAME
layers is one pair.

**Equality.** Two pairs with 0 <= c < s give the same function of an integer x iff they are the same pair: the function
steps by one exactly at x = -c modulo s.

**Tower.** After an upsampling by ``a`` the numerator is ``a x + t``. With g = gcd(a, s)::

    floor((a x + t)/s) = floor(((a/g) x + floor(t/g)) / (s/g))

Proof. (a/g) x is an integer, so dividing numerator and denominator by g moves the numerator off the integers by t/g
only, and the floor of a quotient by an integer does not see the fractional part of its numerator: floor(y/m) =
floor(floor(y)/m) (composition with s = 1, c real). What is a multiple of s in ``a`` leaves the floor as an integer.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import ceil as ceil_of_number
from math import floor as floor_of_number
from math import gcd, lcm, prod
from typing import Any

from symcost.algebra.atoms import Atom, Box, Env, Number, Range, exact, interned
from symcost.algebra.poly import Monomial, Num, Poly, evaluate, simplest, substitute, symbols_of, terms_of
from symcost.algebra.ranges import bounds, rises


class Extent(Atom):
    """The atom floor((base + offset)/divisor), or ceil(base + offset) where ``up``.

    For an integral base the offset is an integer in [0, divisor), so equal functions of one symbol are the same atom. A
    base with ratios in it keeps a rational offset in [0, 1) and has divisor 1; its first coefficient is positive, for
    which it may be a ceiling.
    """

    __slots__ = ("base", "divisor", "offset", "up")
    rank = 2
    base: Poly
    offset: Number
    divisor: int
    up: bool

    @classmethod
    def of(cls, base: Poly, offset: Number, divisor: int, up: bool = False) -> Extent:
        """Return the atom of a base that ``floor`` has brought to canonical form."""
        return interned(cls, (base, offset, divisor, up), lambda: cls._make(base, offset, divisor, up))

    @classmethod
    def _make(cls, base: Poly, offset: Number, divisor: int, up: bool) -> Extent:
        atom = cls()
        atom.base, atom.offset, atom.divisor, atom.up = base, offset, divisor, up
        atom.names = symbols_of(base)
        atom.integral = True
        atom.key = (cls.rank, atom._text())
        return atom

    def _text(self) -> str:
        from symcost.algebra.printing import text

        if self.offset == self.divisor - 1 and self.divisor > 1:
            return f"ceil({_over(text(self.base), len(self.base.terms), self.divisor)})"
        terms = len(self.base.terms) + (self.offset != 0)
        return f"{'ceil' if self.up else 'floor'}({_over(text(self.base + self.offset), terms, self.divisor)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Extent.of, (self.base, self.offset, self.divisor, self.up)

    def then(self, offset: int, divisor: int) -> Num:
        """Compose: return floor((self + offset)/divisor) as one extent (the monoid of the module's docstring)."""
        return floor((_lift(self) + offset) * Fraction(1, divisor))

    def value(self, env: Env) -> Number:
        """Return the floor of the base's value."""
        return self._at(evaluate(self.base, env))

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the floor of what the base becomes, in canonical form."""
        image = (substitute(self.base, mapping) + self.offset) * Fraction(1, self.divisor)
        return ceil(image) if self.up else floor(image)

    def range(self, box: Box) -> Range:
        """Return the floors of the base's bounds."""
        low, high = bounds(self.base, box)
        return None if low is None else self._at(low), None if high is None else self._at(high)

    def _at(self, base: Number) -> int:
        value = (base + self.offset) / Fraction(self.divisor)
        return ceil_of_number(value) if self.up else floor_of_number(value)

    def rising(self) -> bool:
        """Tell whether the base is proved never to fall."""
        return rises(self.base)


def floor(x: Num) -> Num:
    """Return floor(x) in canonical form: whole terms outside, one extent inside, no nested floor where they compose."""
    if isinstance(x, Poly):
        return _floor(x)
    return x if isinstance(x, int) else floor_of_number(x)


def ceil(x: Num) -> Num:
    """Return ceil(x): floor((y + s - 1)/s) for an integral y = x s, and -floor(-x) where x holds ratios."""
    if not isinstance(x, Poly) or not all(map(_whole, x.terms)):
        return simplest(-floor(-x))
    s = lcm(*(Fraction(c).denominator for m, c in x.terms.items() if m))
    return floor(x + (ceil_of_number(x.terms.get((), 0) * s) - x.terms.get((), 0) * s + s - 1) * Fraction(1, s))


def floor_div(a: Num, n: int) -> Num:
    """Return floor(a / n) for a positive integer n."""
    if isinstance(a, int):
        return a // n
    return floor(a * Fraction(1, n))


def ceil_div(a: Num, n: int) -> Num:
    """Return ceil(a / n) for a positive integer n, as floor((a + n - 1)/n) where a is integral."""
    if isinstance(a, int):
        return -(-a // n)
    return ceil(a * Fraction(1, n))


def integral(x: Num) -> bool:
    """Tell whether x is an integer for every value of its symbols, by its form."""
    if not isinstance(x, Poly):
        return isinstance(exact(x), int)
    return all(_whole(m) and (isinstance(c, int) or isinstance(exact(c * _grain(m)), int)) for m, c in x.terms.items())


def grain(x: Num) -> int:
    """Return an integer that divides every value of an integral x, by its form; 0 for 0."""
    return gcd(*(int(c * _grain(monomial)) for monomial, c in terms_of(x).items()))


def _whole(monomial: Monomial) -> bool:
    return all(exponent > 0 and atom.integral for atom, exponent in monomial)


def _grain(monomial: Monomial) -> int:
    """Return an integer that divides every value of a whole monomial."""
    return prod(atom.grain**exponent for atom, exponent in monomial if atom.grain != 1)


@lru_cache(maxsize=1 << 14)
def _floor(x: Poly) -> Num:
    outside: dict[Monomial, Number] = {}
    inside: dict[Monomial, Number] = {}
    shift: Number = 0
    for monomial, c in x.terms.items():
        if not monomial:
            shift = c
        elif _whole(monomial):
            grain = _grain(monomial)
            n, rest = divmod(Fraction(c) * grain, 1)
            outside.update({monomial: exact(Fraction(n, grain))} if n else {})
            inside.update({monomial: rest / grain} if rest else {})
        else:
            inside[monomial] = c
    outer = Poly(outside)
    if not inside:
        return simplest(outer + floor_of_number(shift))
    return simplest(outer + _one_floor(inside, shift))


def _one_floor(inside: dict[Monomial, Number], shift: Number) -> Num:
    """Return the floor of proper fractions of whole monomials, or of anything else, plus a shift."""
    if not all(map(_whole, inside)):
        return _rational_floor(Poly(inside), shift)
    s = lcm(*(Fraction(c).denominator for c in inside.values()))
    base = {m: exact(c * s) for m, c in inside.items()}
    c = floor_of_number(shift * s)
    nested = min((m for m, k in base.items() if k == 1 and _is_floor(m)), default=None)
    if nested is not None:
        return _unnest(base, nested, c, s)
    n, c = divmod(c, s)
    return _lift(Extent.of(Poly(base), c, s)) + n


def _rational_floor(base: Poly, shift: Number) -> Num:
    """Return floor(base + shift) of a base with ratios: as -ceil(-base - shift) where that reads with a plus."""
    up = base.terms[min(base.terms)] < 0
    base, shift = (-base, -shift) if up else (base, shift)
    n = floor_of_number(shift)
    size = _lift(Extent.of(base, exact(shift - n), 1, up)) + n
    return -size if up else size


def _is_floor(monomial: Monomial) -> bool:
    (atom, exponent), *more = monomial
    return not more and exponent == 1 and isinstance(atom, Extent) and not atom.up


def _unnest(base: dict[Monomial, Number], nested: Monomial, c: int, s: int) -> Num:
    """Return floor((e + rest + c)/s) where e is a floor itself: the composition rule."""
    inner = nested[0][0]
    assert isinstance(inner, Extent)
    rest = Poly({m: k for m, k in base.items() if m != nested})
    return _floor(((inner.base + inner.offset) * Fraction(1, inner.divisor) + rest + c) * Fraction(1, s))


def _lift(atom: Extent) -> Poly:
    return Poly({((atom, 1),): 1})


def _over(numerator: str, terms: int, divisor: int) -> str:
    if divisor == 1:
        return numerator
    return f"({numerator})/{divisor}" if terms > 1 else f"{numerator}/{divisor}"
