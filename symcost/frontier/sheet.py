"""The part of a grid over one graph: goals and conditions compiled, every coordinate a whole number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from symcost.algebra.needs import put
from symcost.algebra.poly import Num, substitute, symbol
from symcost.cost import Cost
from symcost.frontier.conditions import Condition, Conditions, not_zero
from symcost.frontier.targets import Targets
from symcost.solver.following import declared_needs, open_needs
from symcost.solver.grid import Axis


@dataclass(frozen=True)
class Sheet:
    """Goals over the grid of some axes.

    Attributes:
        names: of the axes.
        coordinates: whole numbers, one for each value of each axis: a ratio counts parts of a common denominator.
        goals: the goals, negated where the greatest is asked for, compiled.
        conditions: what designs must meet.
        offset: place in the whole grid of the first design.
        strides: what a step along each axis adds to the place.
        at: values of the sizes off the grid.
    """

    names: tuple[str, ...]
    coordinates: tuple[Sequence[int], ...]
    goals: Targets
    conditions: Conditions
    offset: int
    strides: tuple[int, ...]
    at: Mapping[str, Num]

    @classmethod
    def of(
        cls, cost: Cost, quotients: Sequence[tuple[Num, Num]], sizes: Mapping[str, Num], axes: Sequence[Axis],
        offset: int, strides: Sequence[int],
    ) -> Sheet:  # fmt: skip
        """Return the sheet of goals, to be small, over axes, the other sizes being given or following these.

        A goal is a numerator and a denominator.
        """
        parts = {axis.name: _parts(axis) for axis in axes}
        scale: dict[str, Num] = {n: symbol(n) * Fraction(1, parts[n]) for n in parts if cost.symbols[n].kind == "ratio"}
        values = {axis.name: _coordinates(axis, parts[axis.name]) for axis in axes}
        scaled = [(substitute(above, scale), substitute(below, scale)) for above, below in quotients]
        goals = Targets.of(scaled, values)
        found = [*_conditions(cost, list(values), sizes, scale), *not_zero([below for _, below in scaled])]
        needs = Conditions.of(found, values, goals.program)
        at = {name: size for name, size in sizes.items() if name not in values}
        return cls(tuple(values), tuple(values.values()), goals, needs, offset, tuple(strides), at)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(map(len, self.coordinates))

    def __len__(self) -> int:
        return prod(self.lengths)


def _conditions(
    cost: Cost, names: Sequence[str], sizes: Mapping[str, Num], scale: Mapping[str, Num]
) -> list[Condition]:
    """Return the conditions on the designs, in the words of the network and the formulas of the sheet."""
    box = {name: (declared.least, declared.max) for name, declared in cost.symbols.items()}
    found = [(need.phrase(box), put(need, sizes)) for need in open_needs(cost, names, sizes)]
    found += [(need.phrase(box), need) for need in declared_needs(cost, names, sizes)]
    return [Condition.of(words, put(need, scale)) for words, need in found if need.decide(box) is not True]


def _parts(axis: Axis) -> int:
    """Return the common denominator of an axis' values."""
    return 1 if isinstance(axis.values, range) else lcm(*(Fraction(value).denominator for value in axis.values))


def _coordinates(axis: Axis, parts: int) -> Sequence[int]:
    return axis.values if isinstance(axis.values, range) else tuple(int(value * parts) for value in axis.values)
