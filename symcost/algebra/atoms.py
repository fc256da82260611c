"""The letters that polynomials are written in.

An atom is anything that multiplies as one piece: a symbol such as ``H``, a floor of a quotient, a rounding rule.
Atoms are interned: two atoms that mean the same are the same object, so equality is identity and hashing costs nothing.
A copy is the atom itself, and an atom read from a pickle is interned again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from symcost.algebra.poly import Num

Number = int | Fraction
Env = Mapping[str, Number]
Box = Mapping[str, tuple[Number, Number | None]]
"""Closed ranges of symbols, ``None`` where a range has no upper end."""
Range = tuple[Number | None, Number | None]
"""A closed range; ``None`` is unbounded on that side."""

_INTERNED: WeakValueDictionary[tuple[object, ...], Atom] = WeakValueDictionary()
A = TypeVar("A", bound="Atom")


class Atom:
    """One letter of the algebra.

    Attributes:
        key: what atoms are sorted by; equal keys mean equal atoms.
        integral: whether every value is an integer.
        grain: an integer that divides every value of an integral atom.
        names: the symbols the value depends on.
    """

    __slots__ = ("__weakref__", "integral", "key", "names")
    rank: ClassVar[int] = 9
    grain: int = 1

    key: tuple[int, str]
    integral: bool
    names: frozenset[str]

    def __lt__(self, other: Atom) -> bool:
        return self.key < other.key

    def __repr__(self) -> str:
        return self.key[1]

    def to_the(self, exponent: int) -> str:
        """Return the text of a positive power of it."""
        return repr(self) if exponent == 1 else f"{self!r}**{exponent}"

    def opposite(self) -> str:
        """Return the text of minus this atom where that is read better, ``""`` elsewhere."""
        return ""

    def value(self, env: Env) -> Number:
        """Return the exact value under bindings of symbols to numbers."""
        raise NotImplementedError

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return what this atom becomes when symbols are replaced by expressions."""
        raise NotImplementedError

    def range(self, box: Box) -> Range:
        """Return bounds of the value when each symbol stays in its range."""
        raise NotImplementedError

    def rising(self) -> bool:
        """Tell whether the value never falls when a symbol rises."""
        return False


def interned(cls: type[A], identity: tuple[object, ...], make: Callable[[], A]) -> A:
    """Return the one atom of this class and identity, made on first use."""
    key = (cls, *identity)
    found = _INTERNED.get(key)
    if found is None:
        found = _INTERNED[key] = make()
    return found  # type: ignore[return-value]


class Symbol(Atom):
    """A named size: a positive integer (``dimension``), a positive rational (``ratio``), a loop counter (``index``)."""

    __slots__ = ("kind", "name")
    rank = 0
    name: str
    kind: str

    @classmethod
    def of(cls, name: str, kind: str = "dimension") -> Symbol:
        """Return the symbol of this name and kind."""
        return interned(cls, (name, kind), lambda: cls._make(name, kind))

    @classmethod
    def _make(cls, name: str, kind: str) -> Symbol:
        atom = cls()
        atom.name, atom.kind = name, kind
        atom.key = (cls.rank, name)
        atom.integral = kind != "ratio"
        atom.names = frozenset((name,))
        return atom

    def __reduce__(self) -> tuple[Any, ...]:
        return Symbol.of, (self.name, self.kind)

    def value(self, env: Env) -> Number:
        """Return the value bound to the name."""
        return env[self.name]

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the expression for the name, or the symbol where there is none."""
        return mapping.get(self.name, lift(self))

    def range(self, box: Box) -> Range:
        """Return the range in the box; a dimension is at least 1, and nothing is negative, without one."""
        return box.get(self.name, (1 if self.kind == "dimension" else 0, None))

    def rising(self) -> bool:
        """Return True: it is its own value."""
        return True


class Part(Atom):
    """``H/m`` for a symbol declared to be a multiple of m, hence an integer.

    Working in parts turns divisibility into plain algebra: with H = 16 h the size floor(H/2) is 8 h, no floor left.
    """

    __slots__ = ("divisor", "name")
    rank = 1
    name: str
    divisor: int

    @classmethod
    def of(cls, name: str, divisor: int) -> Part:
        """Return the atom for ``name / divisor``."""
        return interned(cls, (name, divisor), lambda: cls._make(name, divisor))

    @classmethod
    def _make(cls, name: str, divisor: int) -> Part:
        atom = cls()
        atom.name, atom.divisor = name, divisor
        atom.key = (cls.rank, f"{name}/{divisor}")
        atom.integral = True
        atom.names = frozenset((name,))
        return atom

    def __reduce__(self) -> tuple[Any, ...]:
        return Part.of, (self.name, self.divisor)

    def to_the(self, exponent: int) -> str:
        """Return the text of a positive power, the quotient in brackets."""
        return repr(self) if exponent == 1 else f"({self!r})**{exponent}"

    def value(self, env: Env) -> Number:
        """Return the symbol's value over the divisor."""
        return exact(Fraction(env[self.name]) / self.divisor)

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the expression for the symbol over the divisor."""
        whole = mapping.get(self.name)
        return lift(self) if whole is None else whole * Fraction(1, self.divisor)

    def range(self, box: Box) -> Range:
        """Return the range of the multiples in the box, counted in divisors."""
        low, high = box.get(self.name, (self.divisor, None))
        least = max(1, -(-low // self.divisor)) if low > 0 else 0
        return least, None if high is None else high // self.divisor

    def rising(self) -> bool:
        """Return True: it is the symbol's value, scaled."""
        return True


def exact(value: Number) -> Number:
    """Return an integer-valued fraction as an int."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    return value


def lift(atom: Atom) -> Num:
    """Return the polynomial that is just this atom."""
    from symcost.algebra.poly import Poly

    return Poly({((atom, 1),): 1})
