"""How far a formula is from another one, at most: the extreme relative deviations over whole sizes, exact.

The sizes are cut into cells. In a cell the formula q with floors lies in its envelope, so that p/q <= t, for t >= 0, is
proved where t times the lower polynomial, less p, is not negative, measured from the cell's corner. A cell that is not
proved is cut where its coarsest floor steps, until it is a single point. So no point is beyond the best one found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Env, Number, Range, Symbol, exact
from symcost.algebra.division import div
from symcost.algebra.envelope import envelope
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, evaluate, terms_of, total
from symcost.algebra.power import Power
from symcost.algebra.ranges import bounds, shift_to_least
from symcost.algebra.rounding import Gcd, Rounded
from symcost.errors import NoAnswer

MOST_CELLS = 1000
"""Cells looked at before a bound with some room is proved instead."""
_FAR = 10**6
"""How many times its start an endless range is followed, for a deviation that may be approached only."""
_ROOM = Fraction(1, 10**5)
_MOST_ROOM = 10
"""Room beyond which no bound is asked for: an error of 1,000 % says nothing, and some have no bound at all."""

Cell = dict[str, tuple[int, int | None]]
"""Ranges of whole letters; None is no end."""


class Extreme(NamedTuple):
    """The greatest or the least deviation.

    Attributes:
        value: the deviation (p - q)/q.
        at: where it is taken.
        bound: what no deviation is beyond, by proof: the value itself, or a number further out where it is not known
            whether another one is beyond the value.
    """

    value: Number
    at: Mapping[str, Number]
    bound: Number

    @property
    def attained(self) -> bool:
        """Whether the bound is the value."""
        return self.value == self.bound


def deviations(
    p: Num, q: Num, cell: Cell, allowed: Callable[[Env], bool], cells: int | None = None
) -> tuple[Extreme, Extreme] | None:
    """Return the least and the greatest deviation of p from q, relative to q.

    Args:
        p: a polynomial.
        q: a formula that is positive.
        cell: ranges of all letters, which are whole.
        allowed: which values count.
        cells: how many cells to look at before a bound with some room is proved instead; ``MOST_CELLS`` by default.

    Returns:
        None where no values that count were found.

    Raises:
        NoAnswer: no bound is proved.
    """
    found = [_Search(p, q, sign, allowed, cells or MOST_CELLS).run(cell) for sign in (-1, 1)]
    least, greatest = found
    return None if least is None or greatest is None else (least, greatest)


@dataclass
class _Search:
    """The search on one side: the greatest deviation for sign 1, the least for sign -1."""

    p: Num
    q: Num
    sign: int
    allowed: Callable[[Env], bool]
    cells: int
    ratio: Fraction | None = None
    at: dict[str, int] = field(default_factory=dict)

    def run(self, cell: Cell) -> Extreme | None:
        """Return the extreme in a cell, None where no values in it were found to count."""
        grids = {name: _grids_of(name, self.q) for name in cell}
        far = {name: _FAR * max(low, 1) for name, (low, _) in cell.items()}
        room, left = Fraction(0), self._prove([cell], grids, far, Fraction(0), self.cells)
        while left and self.ratio is not None:
            room = room * 10 or _ROOM
            if room > _MOST_ROOM:
                raise NoAnswer("no bound of the error is proved for these sizes; give narrower ranges")
            left = self._prove([cell], grids, far, room, self.cells // 4)
        if self.ratio is None:
            return None
        value = exact(self.ratio - 1)
        return Extreme(value, self.at, exact(value + self.sign * room))

    def _prove(self, cells: list[Cell], grids: Grids, far: Mapping[str, int], room: Fraction, most: int) -> list[Cell]:
        """Return the cells that are not proved: those too far out, and those left when the most cells are looked at."""
        left: list[Cell] = []
        for _ in range(most):
            if not cells:
                break
            cell = cells.pop()
            if any(high is None and low > far[name] for name, (low, high) in cell.items()):
                left += [] if self._holds(cell, room) else [cell]
                continue
            self._look({name: low for name, (low, _) in cell.items()})
            self._look({name: low if high is None else high for name, (low, high) in cell.items()})
            cells += [] if self._holds(cell, room) else _halves(cell, grids)
        return left + cells

    def _look(self, env: dict[str, int]) -> None:
        """Take note of the deviation at a point, if it is the best one."""
        base = evaluate(self.q, env) if self.allowed(env) else 0
        if base:
            ratio = Fraction(evaluate(self.p, env)) / base
            if self.ratio is None or (ratio - self.ratio) * self.sign > 0:
                self.ratio, self.at = ratio, env

    def _holds(self, cell: Cell, room: Fraction) -> bool:
        """Tell whether no deviation in a cell is seen to be beyond the best one by more than the room."""
        if all(low == high for low, high in cell.values()):
            return True
        if self.ratio is None:
            return False
        below, above, needs = envelope(self.q, cell)
        edge = self.ratio + self.sign * room
        side = below if (edge >= 0) == (self.sign > 0) else above
        gap = (side * edge - self.p) * self.sign
        return all(_at_least(need.a, need.least, cell) for need in needs) and _at_least(gap, 0, cell)


class _Grid(NamedTuple):
    """Where a floor steps: at multiples of ``divisor``, less ``offset``."""

    divisor: int
    offset: int


Grids = Mapping[str, list[_Grid]]


def _at_least(x: Num, least: Number, cell: Cell) -> bool:
    """Tell whether a formula is seen to be at least a number in a cell, measured from the cell's corner.

    A largest of several is one of them, so what holds with each of them in its place holds. Where the formula rises
    with it, one of them in its place is enough.
    """
    largest = next((atom for atom in atoms_of(x) if isinstance(atom, Max)), None)
    if largest is not None:
        held = (_at_least(_put(x, largest, option), least, cell) for option in largest.options)
        return any(held) if _rises_with(x, largest) else all(held)
    shifted = shift_to_least(x, cell)
    low = bounds(x, cell)[0] if shifted is None else _corner(shifted, cell)
    return low is not None and low >= least


def _put(x: Num, largest: Max, option: Num) -> Num:
    """Return x with an option of one of its atoms in the atom's place."""
    parts: list[tuple[Num, Num]] = []
    for monomial, c in terms_of(x).items():
        powers = dict(monomial)
        exponent = powers.pop(largest, 0)
        parts.append(
            (Poly({tuple(powers.items()): c}), option**exponent if exponent > 0 else div(1, option**-exponent))
        )
    return total(parts)


def _rises_with(x: Num, atom: Atom) -> bool:
    """Tell whether x is a product with an atom, and other things; no letter is negative."""
    with_it = [(dict(monomial)[atom], c) for monomial, c in terms_of(x).items() if atom in dict(monomial)]
    return all(exponent == 1 and c > 0 for exponent, c in with_it)


def _corner(shifted: Poly, cell: Cell) -> Number | None:
    """Return a lower bound of a polynomial in atoms measured from their least values.

    Atoms with an end are put at it where a minus stands, and at 0 elsewhere; in those without one nothing may fall.
    """
    widths = {atom: _width(atom.range(cell)) for atom in atoms_of(shifted)}
    bounded: dict[Monomial, Number] = {}
    for monomial, c in shifted.terms.items():
        ended = [(widths[atom], exponent) for atom, exponent in monomial if widths[atom] is not None]
        if ended and c > 0:
            continue
        scale = prod(width**exponent for width, exponent in ended if width is not None)
        endless = tuple(pair for pair in monomial if widths[pair[0]] is None)
        bounded[endless] = bounded.get(endless, 0) + c * scale
    falls = any(c < 0 for monomial, c in bounded.items() if monomial)
    return None if falls else bounded.get((), 0)


def _width(ends: Range) -> Number | None:
    low, high = ends
    return None if low is None or high is None else high - low


def _grids_of(name: str, x: Num) -> list[_Grid]:
    """Return where the floors of one letter step, the coarsest first."""
    return sorted(set(_grids(name, x)), reverse=True)


def _grids(name: str, x: Num) -> Iterator[_Grid]:
    for atom in atoms_of(x):
        match atom:
            case Extent():
                if atom.base == Poly({((Symbol.of(name), 1),): 1}):
                    yield _Grid(atom.divisor, int(atom.offset))
                yield from _grids(name, atom.base)
            case Rounded() | Gcd():
                yield from _grids(name, atom.inner)
            case Max():
                for option in atom.options:
                    yield from _grids(name, option)
            case Power():
                yield from _grids(name, atom.exponent)


def _halves(cell: Cell, grids: Grids) -> list[Cell]:
    """Cut a cell in the letter that leaves most open, where its coarsest floor steps; the lower part comes last."""
    name = max(cell, key=lambda name: _open(cell[name], grids[name]))
    low, high = cell[name]
    cut = _cut(low, high, grids[name])
    return [{**cell, name: (cut, high)}, {**cell, name: (low, cut - 1)}]


def _open(ends: tuple[int, int | None], grids: list[_Grid]) -> Fraction:
    low, high = ends
    step = grids[0].divisor if grids else 1
    wide = step if high is None else min(step, high - low)
    return Fraction(wide, max(low, 1))


def _cut(low: int, high: int | None, grids: list[_Grid]) -> int:
    """Return where the upper part begins: at a step near the middle, or near twice the start of an endless range."""
    middle = 2 * low + 1 if high is None else (low + high + 1) // 2
    for grid in grids:
        step = (middle + grid.offset) // grid.divisor * grid.divisor - grid.offset
        for place in (step, step + grid.divisor):
            if low < place and (high is None or place <= high):
                return place
    return middle
