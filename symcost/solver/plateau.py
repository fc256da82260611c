"""Where a ratio can change without the network changing.

A width multiplier that only ever stands inside rounding rules and floors moves the network in jumps. The jumps of
floor((a x + b)/s) are where a x + b is a multiple of s; those of make_divisible(a x + b, d) where a x + b is an odd
multiple of d/2, or has just passed a multiple of 10 d/9. So all jumps are among the multiples of one 1/grain, and
between neighbouring multiples nothing changes. Cells number these pieces: cell 2 i is the multiple i/grain itself, cell
2 i + 1 what lies between it and the next. Whole numbers again, on which the exact search works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from symcost.algebra.atoms import Atom, Env, Number, Symbol, exact
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.needs import AtLeast, Equal, Need
from symcost.algebra.poly import Monomial, Num, atoms_of, terms_of
from symcost.algebra.ranges import rises
from symcost.algebra.rounding import Gcd, Rounded
from symcost.solver.interval import Interval
from symcost.solver.track import K

_FARTHEST = 1 << 200


class Flowing(Exception):
    """A formula changes along with the ratio, not in jumps at known places."""


@dataclass(frozen=True)
class Plateaus:
    """The pieces of the positive numbers on which formulas stay the same.

    Attributes:
        grain: all jumps are multiples of 1/grain.
        steps: the atoms that jump, in the ratio k.
        needs: conditions in k itself.
    """

    grain: int
    steps: tuple[Atom, ...]
    needs: tuple[AtLeast, ...] = ()

    @classmethod
    def of(cls, formulas: Iterable[Num], needs: Iterable[Need] = (), ends: Iterable[Number] = ()) -> Plateaus | None:
        """Return the pieces for formulas and conditions in the ratio k; None where something changes all along.

        Args:
            formulas: with values put in for everything but k.
            needs: the same.
            ends: numbers at which a piece must end besides.
        """
        needs = tuple(needs)
        try:
            steps = {step for formula in formulas for step in _steps(formula)}
            sides = [side for need in needs for side in _sides(need)]
            steps |= {step for side in sides for step in _steps(side, linear=True)}
            spacings = [s for step in steps for s in _spacings(step)]
            spacings += [s for side in sides for s in _crossings(side, 1)]
        except Flowing:
            return None
        below = [Fraction(x).denominator for x in (*spacings, *ends)]
        return cls(lcm(*below), tuple(sorted(steps)), tuple(need for need in needs if isinstance(need, AtLeast)))

    @property
    def step(self) -> Fraction:
        """The distance from one cell to the next."""
        return Fraction(1, 2 * self.grain)

    def cell(self, x: Number) -> int:
        """Return the number of the cell that x lies in."""
        i, rest = divmod(Fraction(x) * self.grain, 1)
        return 2 * i + (1 if rest else 0)

    def interval(self, first: int, last: int) -> Interval:
        """Return the numbers in all cells from one to another."""
        low, high = Fraction(first // 2, self.grain), Fraction(-(-last // 2), self.grain)
        return Interval(exact(low), exact(high), first % 2 == 0, last % 2 == 0)

    def around(self, cell: int, low: int, high: int | None) -> Interval | None:
        """Return all numbers, of the cells from ``low`` to ``high``, that give what a cell gives.

        None where a step that goes up and down leaves this open.
        """
        if not all(map(_monotone, self.steps)) or not all(rises(need.a) for need in self.needs):
            return None
        here = {K: cell * self.step}
        tests: list[Callable[[Env], bool]] = [need.holds for need in self.needs]
        tests += [_stays(step, step.value(here)) for step in self.steps]
        first: int | None = low
        last = high
        for test in tests:
            first, last = (self._reach(test, cell, end) for end in (first, last))
        return None if first is None or last is None else self.interval(first, last)

    def _reach(self, test: Callable[[Env], bool], cell: int, end: int | None) -> int | None:
        """Return the farthest cell towards an end where a test still holds; an end that is None may stay None."""
        inside, outside = cell, end
        if outside is None:
            width = 1
            while test({K: (cell + width) * self.step}):
                width *= 2
                if width > _FARTHEST:
                    return None
            outside = cell + width
        elif test({K: outside * self.step}):
            return outside
        while abs(outside - inside) > 1:
            middle = (inside + outside) // 2
            inside, outside = (middle, outside) if test({K: middle * self.step}) else (inside, middle)
        return inside


def _stays(step: Atom, value: Number) -> Callable[[Env], bool]:
    return lambda env: step.value(env) == value


def _steps(formula: Num, *, linear: bool = False) -> Iterator[Atom]:
    """Yield every atom with k in it, those inside others first.

    Args:
        formula: in k and nothing else.
        linear: whether k itself may stand outside of them, times a number.

    Raises:
        Flowing: it stands there otherwise.
    """
    for monomial in terms_of(formula):
        for atom, exponent in monomial:
            if isinstance(atom, Symbol):
                if not linear or len(monomial) > 1 or exponent != 1:
                    raise Flowing
                continue
            if isinstance(atom, Max):  # it stays where all of its options do
                yield from (step for option in atom.options for step in _steps(option))
                continue
            yield from _steps(inner(atom), linear=True)
            if not isinstance(atom, Gcd):  # it stays where all inside of it does
                yield atom


def inner(atom: Atom) -> Num:
    """Return what an atom rounds.

    Raises:
        Flowing: it does not round.
    """
    match atom:
        case Extent():
            return atom.base + atom.offset
        case Rounded() | Gcd():
            return atom.inner
    raise Flowing


def _spacings(step: Atom) -> list[Fraction]:
    """Return numbers of which every place where a step can jump is a sum of multiples."""
    match step:
        case Extent():
            return _crossings(step.base + step.offset, step.divisor)
        case Rounded():
            ninths = (Fraction(10 * n, 9) for n in (step.divisor, step.least))
            return [s for n in (Fraction(step.divisor, 2), *ninths) for s in _crossings(step.inner, n)]
    return []


def _crossings(side: Num, n: Number) -> list[Fraction]:
    """Return the same for the places where a x + b + (whole numbers) comes to a multiple of n."""
    terms = dict(terms_of(side))
    slope = terms.pop(_K, 0)
    return [Fraction(c) / slope for c in (n, *terms.values())] if slope else []


_K: Monomial = ((Symbol.of(K, "ratio"), 1),)


def _sides(need: Need) -> list[Num]:
    """Return what must not cross zero for a condition to change.

    Raises:
        Flowing: it can change otherwise.
    """
    match need:
        case AtLeast():
            return [need.a - need.least]
        case Equal():
            return [need.a - need.b]
    for side in (need.n, need.a):
        if any(isinstance(atom, Symbol) for atom in atoms_of(side)):
            raise Flowing
    return [need.n, need.a]


def _monotone(step: Atom) -> bool:
    """Tell whether a step never turns back, what is inside of it being fixed otherwise."""
    return step.rising() or (isinstance(step, Extent) and rises(-step.base))
