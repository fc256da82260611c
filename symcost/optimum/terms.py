"""Write a polynomial as a sum of products of functions of one unknown each.

Terms that differ in one unknown only are one term: 256 C**2 ceil(H/32)**2 + 9 C**2 ceil(H/4)**2 is C**2 times one
function of H. That is an identity, so nothing is lost, and it gains twice: there are fewer terms, and functions such
as L**2 - L, whose parts go up and down, are looked at as a whole, which never falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Number, exact
from symcost.algebra.poly import Monomial, Num, Poly, terms_of
from symcost.optimum.factor import Factor, Joint

Functions = tuple[Poly | None, ...]
"""For each unknown the function of it in a product, None where it does not occur."""


class Term(NamedTuple):
    """A coefficient times functions of single unknowns and of several.

    Attributes:
        c: the coefficient.
        singles: numbers of factors.
        joints: functions of several unknowns.
    """

    c: Number
    singles: tuple[int, ...]
    joints: tuple[Joint, ...]


class Axes:
    """The unknowns with their values, and the functions of them met so far, each made once.

    Attributes:
        names: of the unknowns.
        values: their values, in rising order.
        factors: functions of one unknown.
    """

    def __init__(self, names: Sequence[str], values: Sequence[Sequence[Number]]) -> None:
        self.names, self.values = tuple(names), tuple(values)
        self.factors: list[Factor] = []
        self._numbers: dict[tuple[int, Poly], int] = {}
        self._joints: dict[tuple[Atom, int], Joint] = {}

    def terms(self, formula: Num) -> list[Term]:
        """Return a formula in the unknowns as terms; one without factors is its constant."""
        products: dict[tuple[Functions, Monomial], Number] = {}
        for monomial, c in terms_of(formula).items():
            key = self._split(monomial)
            products[key] = products.get(key, 0) + c
        for axis in range(len(self.names)):
            products = _merged(products, axis)
        return [self._term(*key, c) for key, c in products.items() if c]

    def _split(self, monomial: Monomial) -> tuple[Functions, Monomial]:
        parts: list[dict[Atom, int]] = [{} for _ in self.names]
        joint: list[tuple[Atom, int]] = []
        for atom, exponent in monomial:
            axes = [axis for axis, name in enumerate(self.names) if name in atom.names]
            if len(axes) == 1:
                parts[axes[0]][atom] = exponent
            else:
                joint.append((atom, exponent))
        functions = tuple(Poly({tuple(part.items()): 1}) if part else None for part in parts)
        return functions, tuple(joint)

    def _term(self, functions: Functions, joint: Monomial, c: Number) -> Term:
        numbers = tuple(self._factor(axis, f) for axis, f in enumerate(functions) if f is not None)
        for number in numbers:
            c *= self.factors[number].scale
        return Term(exact(c), numbers, tuple(self._joint(atom, exponent) for atom, exponent in joint))

    def _factor(self, axis: int, function: Poly) -> int:
        key = (axis, function)
        if key not in self._numbers:
            self._numbers[key] = len(self.factors)
            self.factors.append(Factor(function, self.names[axis], axis, self.values[axis]))
        return self._numbers[key]

    def _joint(self, atom: Atom, exponent: int) -> Joint:
        key = (atom, exponent)
        if key not in self._joints:
            self._joints[key] = Joint(atom, exponent, self.names, self.values)
        return self._joints[key]


def _merged(products: dict[tuple[Functions, Monomial], Number], axis: int) -> dict[tuple[Functions, Monomial], Number]:
    """Add up products that are alike but for their function of one unknown."""
    alike: dict[tuple[Functions, Monomial], list[tuple[Functions, Number]]] = {}
    for (functions, joint), c in products.items():
        rest = (*functions[:axis], None, *functions[axis + 1 :])
        alike.setdefault((rest, joint), []).append((functions, c))
    result: dict[tuple[Functions, Monomial], Number] = {}
    for (rest, joint), group in alike.items():
        if len(group) == 1 or (not joint and all(f is None for f in rest)):
            result.update({(functions, joint): c for functions, c in group})
            continue
        sum_, c = _common(group, axis)
        if sum_:
            key = ((*rest[:axis], sum_, *rest[axis + 1 :]), joint)
            result[key] = result.get(key, 0) + c
    return result


def _common(group: list[tuple[Functions, Number]], axis: int) -> tuple[Poly, Number]:
    first = Fraction(group[0][1])
    parts = [(functions[axis] or 1) * exact(c / first) for functions, c in group]
    result = Poly({})
    for part in parts:
        result = result + part
    return result, exact(first)
