"""Powers of plain numbers whose exponent is a size: the widths C 2**i of a pyramid, the sides H/2**i of an encoder.

A base is split into primes and an exponent into its products: (3/2)**(2 n + 1) is 3/2 times (3**n)**2 times (2**n)**-2,
so every atom is a prime to a single product of sizes. Written so, equal functions are equal polynomials: the functions
n**a R**n with different (a, R) are linearly independent, as the one with the greatest R, then a, outgrows the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from symcost.algebra.atoms import Atom, Box, Env, Number, Part, Range, Symbol, exact, interned, lift
from symcost.algebra.extent import Extent
from symcost.algebra.poly import (
    Monomial,
    NotExact,
    Num,
    Poly,
    atoms_of,
    constant,
    evaluate,
    substitute,
    symbol,
    terms_of,
)
from symcost.algebra.ranges import bounds, rises
from symcost.errors import UsageError

LARGEST_BASE = 10**6
MOST_BITS = 4096


class TooLarge(UsageError):
    """A power has more digits than any size of a network has."""


class Power(Atom):
    """The atom base**exponent: a prime to a product of sizes, which is whole and never negative.

    Attributes:
        base: a prime.
        exponent: a product of symbols, parts of symbols and floors, without a factor.
    """

    __slots__ = ("base", "exponent")
    rank = 5
    base: int
    exponent: Poly

    @classmethod
    def of(cls, base: int, exponent: Poly) -> Power:
        """Return the atom of a prime and a product; ``raised`` splits anything else."""
        return interned(cls, (base, exponent), lambda: cls._make(base, exponent))

    @classmethod
    def _make(cls, base: int, exponent: Poly) -> Power:
        atom = cls()
        atom.base, atom.exponent = base, exponent
        atom.names = frozenset().union(*(factor.names for factor in atoms_of(exponent)))
        atom.integral = True
        atom.key = (cls.rank, atom.to_the(1))
        return atom

    def __reduce__(self) -> tuple[Any, ...]:
        return Power.of, (self.base, self.exponent)

    def to_the(self, exponent: int) -> str:
        """Return the text of a power of it: (2**n)**3 as ``8**n``."""
        base, inner = self.times(exponent)
        bare = any(inner == lift(factor) and not isinstance(factor, Part) for factor in atoms_of(inner))
        return f"{base}**{inner}" if bare else f"{base}**({inner})"

    def times(self, exponent: int) -> tuple[int, Poly]:
        """Return a power of it as base and exponent: (2**n)**3 as 8 and n, or as 2 and 3 n where 8 would be large."""
        for part in atoms_of(self.exponent):
            if self.exponent == lift(part) and isinstance(part, Part) and exponent % part.divisor == 0:
                return Power.of(self.base, symbol(part.name)).times(exponent // part.divisor)
        base: int = self.base**exponent
        return (base, self.exponent) if base <= LARGEST_BASE else (self.base, self.exponent * exponent)

    def value(self, env: Env) -> Number:
        """Return the power.

        Raises:
            TooLarge: it has more than 4096 bits.
        """
        return _small_power(Fraction(self.base), evaluate(self.exponent, env))

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the base to what the exponent becomes; n/2 stays the part that it is where n stays n."""
        moved = {name: image for name, image in mapping.items() if image != lift(Symbol.of(name))}
        return raised(self.base, substitute(self.exponent, moved))

    def range(self, box: Box) -> Range:
        """Return the powers of the exponent's bounds; one with too many bits is no bound above."""
        high = bounds(self.exponent, box)[1]
        return self.least(box), self.base ** int(high) if high is not None and high <= self._most else None

    def least(self, box: Box) -> int:
        """Return a number that the power is at least, and is a multiple of."""
        low = bounds(self.exponent, box)[0]
        least: int = self.base ** min(int(max(low or 0, 0)), self._most)
        return least

    @property
    def _most(self) -> int:
        return MOST_BITS // self.base.bit_length()

    def rising(self) -> bool:
        """Tell whether the exponent is proved never to fall."""
        return rises(self.exponent)


def raised(base: Number, exponent: Num) -> Num:
    """Return base**exponent for a positive number and an exponent in sizes.

    Raises:
        NotExact: the exponent is no sum of whole multiples of sizes, or the base is not positive or has large primes.
        TooLarge: the number before it has more than 4096 bits.
    """
    number = constant(exponent)
    if number is not None and isinstance(exact(number), int) and base:
        return _small_power(Fraction(base), number)
    if base <= 0:
        raise NotExact(f"a base with a size in its exponent is above 0, got {base}")
    result: Num = 1
    for monomial, c in terms_of(exponent).items():
        result = result * _factor(Fraction(base), monomial, c)
    return result


def _factor(base: Fraction, monomial: Monomial, c: Number) -> Num:
    """Return base**(c * monomial)."""
    powers = {prime: exact(Fraction(c) * times) for prime, times in _primes(base)}
    written = f"{base}**({Poly({monomial: c})})"
    if not all(isinstance(power, int) for power in powers.values()):
        raise NotExact(f"{written} is not exact for every size; an exponent is whole")
    if not monomial:
        return _small_power(base, c)
    if not all(exponent > 0 and _counts(atom) for atom, exponent in monomial):
        raise NotExact(f"{written} has no exact form; an exponent is made of whole sizes that are not negative")
    one = Poly({monomial: 1})
    return Poly({tuple(sorted((Power.of(prime, one), int(power)) for prime, power in powers.items())): 1})


def _counts(atom: Atom) -> bool:
    """Tell whether an atom is a whole number that is never negative, by its form."""
    low = atom.range({})[0]
    return isinstance(atom, (Symbol, Part, Extent)) and atom.integral and low is not None and low >= 0


@lru_cache(maxsize=1 << 10)
def _primes(base: Fraction) -> tuple[tuple[int, int], ...]:
    """Return the primes of a positive fraction with how often each divides it."""
    above, below = (_primes_of(end) for end in base.as_integer_ratio())
    return tuple(sorted([*above.items(), *((prime, -times) for prime, times in below.items())]))


def _primes_of(n: int) -> dict[int, int]:
    found: dict[int, int] = {}
    prime = 2
    while n > 1:
        if prime * prime > n:
            prime = n
        elif prime * prime > LARGEST_BASE:
            raise NotExact(f"a base with a size in its exponent has no prime above {LARGEST_BASE:,}")
        while n % prime == 0:
            n //= prime
            found[prime] = found.get(prime, 0) + 1
        prime += 1
    return found


def _small_power(base: Fraction, exponent: Number) -> Number:
    bits = max(end.bit_length() for end in base.as_integer_ratio())
    if abs(base) != 1 and abs(Fraction(exponent)) * bits > MOST_BITS:
        raise TooLarge(f"{base}**{exponent} has more than {MOST_BITS:,} bits, and no size of a network has")
    return exact(base ** int(exponent))
