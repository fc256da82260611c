"""How far a slider for a symbol goes, and by what steps: few enough to move by hand, and allowed by the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import Divides, Need, put
from symcost.algebra.poly import constant
from symcost.algebra.poly import symbol as poly_symbol
from symcost.solver.domain import ratio_step
from symcost.solver.track import K
from symcost.spec.symbols import Symbol

FAR = 8
"""A slider goes to so many times the value it starts at."""
NEAR = 16
"""A slider of a small size goes at least so far."""
LOOKED_AT = 512


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
    far = Fraction(max(here * FAR, NEAR if declared.kind != "ratio" else 0))
    high = min(far, Fraction(declared.max)) if declared.max is not None else far
    first, last = -(-declared.least // notch), int(high // notch)
    first = max(int(first), 1 if declared.kind == "ratio" else int(first))
    low_place = _admitted(name, notch, range(first, min(first + LOOKED_AT, last + 1)), asked, at)
    high_place = _admitted(name, notch, range(last, max(last - LOOKED_AT, first - 1), -1), asked, at)
    return Slider(min(exact(low_place * notch), here), max(exact(high_place * notch), here), notch)


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


def _admitted(name: str, notch: Number, places: range, needs: Iterable[Need], at: Mapping[str, Number]) -> int:
    """Return the first place at which conditions hold; the very first where none of these is one."""
    held = (k for k in places if all(need.holds({**at, name: exact(notch * k)}) for need in needs))
    return next(held, places.start)
