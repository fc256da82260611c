"""How far a slider for a symbol goes, and by what steps: few enough to move by hand, and allowed by the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import NamedTuple

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import Divides, Need, put
from symcost.algebra.poly import constant
from symcost.algebra.poly import symbol as poly_symbol
from symcost.solver.domain import ratio_step
from symcost.solver.track import K
from symcost.spec.symbols import Symbol

FAR = (8, 4, 2, 1)
"""A slider goes to so many times the value it starts at, to fewer where the network does not allow that."""
NEAR = 16
"""A slider of a small size goes at least so far."""
LOOKED_AT = 512
"""So many values are tried for an end that the network allows."""


class Slider(NamedTuple):
    """The values of a slider: from ``low`` by steps of ``notch`` up to ``high``."""

    low: Number
    high: Number
    notch: Number


def slider(name: str, declared: Symbol, needs: Iterable[Need], at: Mapping[str, Number]) -> Slider:
    """Return a range around a value within what is declared, whose ends meet the conditions at the other values.

    Args:
        name: of the symbol.
        declared: what is known of it.
        needs: conditions of the network.
        at: the value of every symbol.
    """
    here = at[name]
    asked = [need for need in needs if name in need.symbols]
    notch = _notch(name, declared, asked, at)
    near = 0 if declared.kind == "ratio" else NEAR
    ends = [max(here * far, near if far == FAR[0] else 0) for far in FAR]
    last = [int((end if declared.max is None else min(end, declared.max)) // notch) for end in ends]
    first = max(int(-(-declared.least // notch)), 1 if declared.kind == "ratio" else 0)
    places = chain(*(range(end, max(end - LOOKED_AT, 0), -1) for end in last))
    low = _admitted(name, notch, range(first, first + LOOKED_AT), asked, at)
    high = _admitted(name, notch, places, asked, at)
    return Slider(min(low, here), max(high, here), notch)


def _notch(name: str, declared: Symbol, needs: Iterable[Need], at: Mapping[str, Number]) -> Number:
    """Return the distance of two values: what is declared or asked to divide a size, where the value is such a one."""
    others = {other: value for other, value in at.items() if other != name}
    along = [put(need, {**others, name: poly_symbol(K, declared.kind)}) for need in needs]
    if declared.kind == "ratio":
        step = ratio_step(declared, None, along)
        return step if (Fraction(at[name]) / step).denominator == 1 else Fraction(1, Fraction(at[name]).denominator)
    size = poly_symbol(K, declared.kind)
    found = (constant(need.n) for need in along if isinstance(need, Divides) and need.a == size)
    notch = lcm(declared.step, *(n for n in found if isinstance(n, int)))
    return notch if at[name] % notch == 0 else declared.step


def _admitted(
    name: str, notch: Number, places: Iterable[int], needs: Iterable[Need], at: Mapping[str, Number]
) -> Number:
    """Return the first value at which conditions hold; the one at hand where there is none."""
    values = (exact(notch * k) for k in places)
    held = (x for x in values if all(need.holds({**at, name: x}) for need in needs))
    return next(held, at[name])
