"""Run compiled formulas, on arrays of NumPy or on plain numbers: the same steps, the same results.

Arrays may have any shapes that broadcast. On a grid, give each symbol an array along its own axis; then a product is
computed on the grid of its own symbols only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

from symcost.algebra.atoms import Atom, Symbol
from symcost.algebra.extent import Extent
from symcost.algebra.poly import Poly
from symcost.algebra.rounding import Gcd, Rounded
from symcost.batch.bound import over_one
from symcost.batch.program import Factor, Inverse, Largest, Nested, Part, Program

Lane: TypeAlias = Any
"""A number, or an array of numbers."""


class Arithmetic(NamedTuple):
    """What operators do not do: functions of two numbers or arrays, and an atom's own value at each point."""

    gcd: Callable[[Lane, int], Lane]
    greater: Callable[[Lane, Lane], Lane]
    quotient: Callable[[int | None, Lane], Lane]
    value: Callable[[Atom, Mapping[str, Lane]], Lane]


class Machine:
    """A program and the kind of numbers it runs on."""

    def __init__(self, program: Program, arithmetic: Arithmetic) -> None:
        self.program = program
        self.arithmetic = arithmetic

    def run(self, env: Mapping[str, Lane]) -> list[Lane]:
        """Return the integers of every formula at the points that the symbols' numbers or arrays make up.

        A formula that depends on few symbols comes back in the shape of their arrays.
        """
        run = _Run(self.arithmetic, env)
        return [run.nested(formula.nested) for formula in self.program.formulas]


class _Run:
    """One run: what has been computed is kept to its end."""

    def __init__(self, arithmetic: Arithmetic, env: Mapping[str, Lane]) -> None:
        self.arithmetic = arithmetic
        self.env = env
        self.factors: dict[Factor, Lane] = {}
        self.parts: dict[Part, Lane] = {}

    def nested(self, nested: Nested | int) -> Lane:
        if isinstance(nested, int):
            return nested
        total: Lane = None
        for part, rest in nested.pairs:
            term = self.product(part, rest)
            total = term if total is None else total + term
        return total

    def product(self, part: Part, rest: Nested | int) -> Lane:
        if not part:
            return self.nested(rest)
        inner = self.nested(rest)
        return self.part(part) if isinstance(inner, int) and inner == 1 else self.part(part) * inner

    def part(self, part: Part) -> Lane:
        if part not in self.parts:
            result: Lane = None
            for factor, exponent in part:
                base = self.factor(factor)
                for _ in range(exponent):  # NumPy's own power of integers is ten times slower
                    result = base if result is None else result * base
            self.parts[part] = result
        return self.parts[part]

    def factor(self, factor: Factor) -> Lane:
        if factor not in self.factors:
            self.factors[factor] = self._factor(factor)
        return self.factors[factor]

    def _factor(self, factor: Factor) -> Lane:
        if isinstance(factor, Symbol):
            return self.env[factor.name]
        if isinstance(factor, Inverse):
            return self.arithmetic.quotient(factor.multiple, self.factor(factor.atom))
        if isinstance(factor, Largest):
            return reduce(self.arithmetic.greater, map(self.sum, factor.options))
        found = self._rule(factor)
        return self.arithmetic.value(factor, self.env) if found is None else found

    def _rule(self, atom: Atom) -> Lane | None:
        """Return an atom's value by integer steps, or None where it has to be asked for its value."""
        inner = over_one(_inner(atom)) if isinstance(atom, (Extent, Rounded, Gcd)) else None
        if inner is None:
            return None
        numerator, below = self.sum(inner[0]), inner[1]
        match atom:
            case Extent() if below == 1 and not atom.up:
                return (numerator + atom.offset) // atom.divisor
            case Rounded():
                d = atom.divisor
                rounded = self.arithmetic.greater((2 * numerator + d * below) // (2 * d * below) * d, atom.least)
                return rounded + (10 * below * rounded < 9 * numerator) * d
            case Gcd() if below == 1:
                return self.arithmetic.gcd(numerator, atom.n)
        return None

    def sum(self, x: Poly) -> Lane:
        total: Lane = 0
        for monomial, c in x.terms.items():
            total = total + self.part(monomial) * c if monomial else total + c
        return total


def _inner(atom: Extent | Rounded | Gcd) -> Poly:
    return atom.base if isinstance(atom, Extent) else atom.inner


def plain(program: Program) -> Machine:
    """Return the machine for plain numbers, one point at a time."""

    def quotient(multiple: int | None, x: Any) -> Any:
        from fractions import Fraction

        if not x:
            return 0
        return Fraction(1) / x if multiple is None else multiple // x

    return Machine(program, Arithmetic(math.gcd, max, quotient, lambda atom, env: atom.value(env)))


def arrays(program: Program, *, wide: bool) -> Machine:
    """Return the machine for NumPy arrays: 64-bit integers, or Python's own in arrays of objects where ``wide``."""
    import numpy as np

    one = plain(program).arithmetic

    def value(atom: Atom, env: Mapping[str, Any]) -> Any:
        names = sorted(atom.names)
        each = np.frompyfunc(lambda *at: atom.value(dict(zip(names, map(int, at), strict=True))), len(names), 1)
        found = each(*(env[name] for name in names))
        return found if wide else found.astype(np.int64)

    def quotient(multiple: int | None, x: Any) -> Any:
        if multiple is None or wide:
            return np.frompyfunc(lambda v: one.quotient(multiple, v), 1, 1)(x)
        return np.where(x == 0, 0, multiple // np.where(x == 0, 1, x))

    return Machine(program, Arithmetic(np.gcd, np.maximum, quotient, value))
