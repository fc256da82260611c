"""Formulas as integer programs: a floor becomes a named variable, and one exact division ends what has fractions.

Every language gets the same steps; a ``Dialect`` says how it spells them. Sizes are positive, so a quotient whose
numerator is proved not to be negative may use a division that truncates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Number, Part, Symbol, lift
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import ONE, Monomial, Num, atoms_of, terms_of, total
from symcost.algebra.power import Power
from symcost.algebra.ranges import bounds
from symcost.algebra.rounding import Gcd, Rounded
from symcost.algebra.within import within
from symcost.notation.function import Function
from symcost.notation.identifiers import bracketed, fresh, identifier, identifiers
from symcost.notation.lines import with_sign
from symcost.notation.terms import ordered, over_one


@dataclass(frozen=True)
class Dialect:
    """How a language spells integer arithmetic.

    Attributes:
        integer: writes a literal.
        power: writes a name to an exponent above 1.
        raised: writes a number to an exponent that is an expression, perhaps by calling ``int_pow``.
        largest: writes the largest of several names, perhaps by calling ``max``.
        truncates: whether ``/`` divides integers and drops the fraction; ``//`` rounds down otherwise.
        reserved: words that cannot be names, those of the functions it calls included.
    """

    integer: Callable[[int], str]
    power: Callable[[str, int], str]
    raised: Callable[[str, str], str]
    largest: Callable[[list[str]], str]
    truncates: bool
    reserved: frozenset[str]


class Draft(NamedTuple):
    """A function in the expressions of a language, before they are put together.

    Attributes:
        name: of the function.
        arguments: names of its arguments, by symbol.
        steps: names and values of what is computed on the way.
        sum: terms that follow one another.
        around: what stands before and after them, a division that rounds down where they have a common denominator.
        value: the formula, over whole options where it asks for the largest.
        calls: functions that are used.
        atoms: names of atoms that are computed on the way, inner ones first.
    """

    name: str
    arguments: dict[str, str]
    steps: list[tuple[str, str]]
    sum: list[str]
    around: tuple[str, str]
    value: Num
    calls: set[str]
    atoms: dict[Atom, str]


def draft(dialect: Dialect, function: Function) -> Draft:
    """Return a function in the expressions of a language."""
    name = identifier(function.name, dialect.reserved)
    arguments = identifiers(function.arguments, {*dialect.reserved, name})
    writer = _Writer(dialect, arguments, {*dialect.reserved, name, *arguments.values()})
    value = _over_whole_options(function.value)
    above, below = over_one(value)
    terms, around = writer.terms(above), writer.around(above, below)
    return Draft(name, arguments, writer.steps, terms, around, value, writer.calls, writer.atoms)


def _over_whole_options(x: Num) -> Num:
    """Return x with max(a/2, b) as max(a, 2 b)/2, so that a largest of others is whole where sizes are."""
    images = {atom: _whole_options(atom) for atom in atoms_of(x)}
    return total((prod((images[atom] ** e for atom, e in m), start=ONE), c) for m, c in terms_of(x).items())


def _whole_options(atom: Atom) -> Num:
    image = within(atom, _over_whole_options)
    if not isinstance(atom, Max):
        return image
    ((moved, _),) = next(iter(terms_of(image)))
    assert isinstance(moved, Max)
    below = ONE
    for option in moved.options:
        below = below * over_one(option * below)[1]
    return within(moved, lambda option: option * below) * below**-1


@dataclass
class _Writer:
    """One function being written: names and values on the way come to light as its terms are."""

    dialect: Dialect
    names: dict[str, str]
    taken: set[str]
    steps: list[tuple[str, str]] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    atoms: dict[Atom, str] = field(default_factory=dict)

    def terms(self, x: Num) -> list[str]:
        """Return terms that follow one another."""
        head, *rest = [self._term(m, c) for m, c in ordered(x)] or [self.dialect.integer(0)]
        return [head, *map(with_sign, rest)]

    def around(self, above: Num, below: Num) -> tuple[str, str]:
        """Return what stands around the terms of a sum to divide it by a product, and to round it down."""
        under = self.product(below)
        if not under:
            return "(", ")"
        if not self.dialect.truncates:
            return "(", f")//{bracketed(under)}"
        if _never_negative(above):
            return "(", f")/{bracketed(under)}"
        self.calls.add("floor_div")
        return "floor_div(", f", {under})"

    def product(self, x: Num) -> str:
        """Return a single product, ``""`` for 1."""
        ((monomial, c),) = terms_of(x).items()
        return "" if not monomial and c == 1 else self._term(monomial, c)

    def _term(self, monomial: Monomial, c: Number) -> str:
        factors = [self._atom(a) if e == 1 else self.dialect.power(self._atom(a), e) for a, e in monomial]
        sign = "-" if c < 0 else ""
        if abs(c) != 1 or not factors:
            factors.insert(0, self.dialect.integer(abs(int(c))))
        return sign + "*".join(factors)

    def _sum(self, x: Num) -> str:
        return " ".join(self.terms(x))

    def _atom(self, atom: Atom) -> str:
        if isinstance(atom, Symbol):
            return self.names[atom.name]
        if atom not in self.atoms:
            value = self._value(atom)
            self.atoms[atom] = self._new_name("largest" if isinstance(atom, Max) else repr(atom))
            self.steps.append((self.atoms[atom], value))
        return self.atoms[atom]

    def _value(self, atom: Atom) -> str:
        match atom:
            case Part():
                return self._floor(lift(Symbol.of(atom.name)), atom.divisor)
            case Extent():
                inner = atom.base + atom.offset
                return f"-({self._floor(-inner, 1)})" if atom.up else self._floor(inner, atom.divisor)
            case Rounded():
                above, below = over_one(atom.inner)
                under = self.product(below) or self.dialect.integer(1)
                return self._call("make_divisible", self._sum(above), under, atom.divisor, atom.least)
            case Gcd():
                return self._call("gcd", self._sum(atom.inner), atom.n)
            case Power():
                self.calls.add("int_pow")
                return self.dialect.raised(self.dialect.integer(atom.base), bracketed(self._sum(atom.exponent)))
            case Max():
                return self._largest(atom.options)
        raise TypeError(f"no code for {atom!r}")

    def _largest(self, options: tuple[Num, ...]) -> str:
        names = []
        for option in options:
            value = self._sum(option)
            names.append(self._new_name("option"))
            self.steps.append((names[-1], value))
        self.calls.add("max")
        return self.dialect.largest(names)

    def _call(self, name: str, *arguments: str | int) -> str:
        self.calls.add(name)
        written = (self.dialect.integer(a) if isinstance(a, int) else a for a in arguments)
        return f"{name}({', '.join(written)})"

    def _floor(self, x: Num, divisor: int) -> str:
        above, below = over_one(x)
        under = self.product(below * divisor) or self.dialect.integer(1)
        if self.dialect.truncates and not _never_negative(above):
            return self._call("floor_div", self._sum(above), under)
        sign = "/" if self.dialect.truncates else "//"
        return f"{bracketed(self._sum(above))}{sign}{bracketed(under)}"

    def _new_name(self, text: str) -> str:
        stem = re.sub(r"\W+", "_", text).strip("_")
        stem = f"power_{stem}" if stem[:1].isdigit() else stem
        name = fresh(stem if len(stem) <= 32 else "size", self.taken)
        self.taken.add(name)
        return name


def _never_negative(x: Num) -> bool:
    low = bounds(x, {})[0]
    return low is not None and low >= 0
