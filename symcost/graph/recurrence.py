"""How sizes change from round to round: V -> a V + b(i), found by a walk with unknown sizes and solved in closed form.

With W(0) = V and W(i + 1) = a W(i) + b(i) a size before round i is W(i) = a**i V + the sum of a**(i - 1 - j) b(j) over
j < i. Where a = 0 it is b(i - 1), if that is V for i = 0. A size that is halved in every round, rounding down, is
V/2**i if 2**n divides V.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from symcost.algebra.atoms import Symbol, exact
from symcost.algebra.extent import Extent
from symcost.algebra.poly import Num, atoms_of, substitute, symbol, symbols_of, terms_of
from symcost.algebra.power import raised
from symcost.algebra.steps import settles
from symcost.algebra.sums import sum_over


class NotClosed(Exception):
    """The rounds have no closed form; the message says why."""


class Unlike(NotClosed):
    """The first round is unlike the others."""


class Course(NamedTuple):
    """A size from round to round.

    Attributes:
        here: before round i; in ``unit`` where it is divided in every round.
        after: what it must be after that round.
        unit: a symbol and what it stands for, where ``here`` is a multiple of it.
        below: what must divide the size before the first round, to the power of the count; 1 for nothing.
    """

    here: Num
    after: Num
    unit: tuple[str, Num] | None = None
    below: int = 1

    @property
    def size(self) -> Num:
        """The size before round i, its unit put in."""
        return self.here if self.unit is None else substitute(self.here, dict((self.unit,)))


def courses(first: Mapping[str, Num], after: Mapping[str, Num], index: str) -> dict[str, Course]:
    """Return the course of every size.

    Args:
        first: sizes before the first round, by the name of the symbol that stands for each in a walk.
        after: the same after one round, in these symbols and the index.
        index: of the loop.

    Raises:
        NotClosed: a size does not change as this module says, or several depend on one another.
        Unlike: the first round is unlike the others.
    """
    found: dict[str, Course] = {}
    waiting = dict(first)
    while waiting:
        ready = [name for name in waiting if not symbols_of(after[name]) & waiting.keys() - {name}]
        if not ready:
            raise NotClosed("sizes depend on one another from round to round")
        for name in ready:
            known = {other: course.size for other, course in found.items()}
            found[name] = _course(name, waiting.pop(name), substitute(after[name], known), index)
    return found


def _course(name: str, first: Num, after: Num, index: str) -> Course:
    steps = _linear(after, name)
    if steps is None:
        return _divided(name, first, after, index)
    here = _solved(first, *steps, index)
    return Course(here, substitute(here, {index: symbol(index, "index") + 1}))


def _linear(x: Num, name: str) -> tuple[Fraction, Num] | None:
    """Return a and b where x is a v + b with a number a, for the symbol v of this name."""
    slope = Fraction(terms_of(x).get(((Symbol.of(name), 1),), 0))
    rest = x - slope * symbol(name)
    return None if name in symbols_of(rest) else (slope, rest)


def _solved(first: Num, a: Fraction, b: Num, index: str) -> Num:
    """Return W(i) with W(0) = first and W(i + 1) = a W(i) + b(i)."""
    here = symbol(index, "index")
    if not a:
        return _shifted(first, b, index)
    if settles(b, index):
        raise NotClosed("sizes grow by a rounding that is another rule in the first rounds")
    scale, back = raised(exact(a), here), raised(exact(1 / a), here)
    return first * scale + sum_over(b * back, index, here) * scale * (1 / a)


def _shifted(first: Num, after: Num, index: str) -> Num:
    """Return what sizes are before a round that are the same after it whatever they were."""
    here = substitute(after, {index: symbol(index, "index") - 1})
    if substitute(after, {index: -1}) - first != 0:
        raise Unlike
    return here


def _divided(name: str, first: Num, after: Num, index: str) -> Course:
    """Return the course of a size that every round multiplies by p/q, rounding, as if q divided it evenly."""
    q = lcm(*(atom.divisor for atom in atoms_of(after) if isinstance(atom, Extent) and name in atom.names))
    even = _linear(substitute(after, {name: symbol(name) * q}), name)
    if even is None or even[1] != 0 or even[0] <= 0:
        size = substitute(after, {name: symbol("V")})
        raise NotClosed(f"a round makes {size} of a size V, which is not a*V + b with a number a")
    ratio = even[0] / q
    q = ratio.denominator
    unit = first * raised(exact(ratio), symbol(index, "index")) * Fraction(1, q)
    return Course(symbol(name) * q, symbol(name) * ratio.numerator, (name, unit), q)
