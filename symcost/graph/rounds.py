"""What a condition in one round of a repetition comes to over all of them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from symcost.algebra.atoms import Box
from symcost.algebra.division import div
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, put, whole
from symcost.algebra.poly import NotExact, Num, constant, substitute, symbol, symbols_of, terms_of
from symcost.algebra.power import Power, raised
from symcost.algebra.ranges import rises
from symcost.algebra.steps import cycle
from symcost.algebra.sums import MOST_CLASSES, by_growth
from symcost.graph.model import Loop
from symcost.ops.op import Refused


def every_round(need: Need, loops: tuple[Loop, ...], box: Box) -> list[Need]:
    """Return conditions without loop indices that together say that it holds in every round.

    Raises:
        Refused: none are known that say just that.
    """
    result = [need]
    for loop in reversed(loops):
        result = [every for one in result for every in _without(one, loop, box)]
    return result


def _without(need: Need, loop: Loop, box: Box) -> list[Need]:
    """Return what a condition comes to over all rounds of one loop."""
    if isinstance(need, Equal) or loop.index not in need.symbols:
        return [need]
    found = _least(need, loop, box) if isinstance(need, AtLeast) else _whole(need, loop)
    if found is None:
        raise Refused(f"cannot show for every round that {need.phrase({})}")
    return found


def _least(need: AtLeast, loop: Loop, box: Box) -> list[Need] | None:
    """Ask it of the round where the size is least: the first where it never falls, the last where it never rises.

    A size a + b i whose b may have either sign is least in one of the two.
    """
    if _never_negative(need.a - need.least, loop.index, box):
        return []
    here = symbol(loop.index, "index")
    first, last = (put(need, {loop.index: round_}) for round_ in (0, loop.count - 1))
    step = substitute(need.a, {loop.index: here + 1}) - need.a
    if _never_negative(step, loop.index, box) or rises(need.a, box):
        return [first]
    if _never_negative(step * -1, loop.index, box):
        return [last]
    return None if loop.index in symbols_of(step) else [first, last]


def _never_negative(step: Num, index: str, box: Box) -> bool:
    """Tell whether a size is seen to be at least 0 in every round, along each class of what its floors repeat in."""
    if AtLeast(step, 0).decide(box):
        return True
    try:
        period = cycle(step, index)
    except NotExact:
        return False
    classes = (symbol(index, "index") * period + r for r in range(period))
    parts = (substitute(step, {index: rounds}) for rounds in classes)
    return 1 < period <= MOST_CLASSES and all(AtLeast(part, 0).decide(box) for part in parts)


def _whole(need: Divides, loop: Loop) -> list[Need] | None:
    """Ask it of as many rounds as settle it.

    A sum of terms i**p R**i with whole R obeys a recurrence with whole coefficients whose order is the number of pairs
    of such an R with 0 .. p: it is whole everywhere if it is in that many first rounds. Where every 1/R is whole, the
    same is so backwards from the last round. Differences of first values, where they are polynomials, say the same.
    """
    try:
        quotient = div(need.a, need.n)
        period = cycle(quotient, loop.index)
        if period > 1:
            return _in_classes(need, quotient, loop, period)
        growth = by_growth(quotient, loop.index)
    except NotExact:
        return None
    rounds = range(_order(growth))
    if all(ratio == 1 for _, ratio in growth) and loop.index not in symbols_of(need.n):
        return [Divides(need.n, difference) for difference in _differences(need.a, loop.index, rounds)]
    reduced = _without_numerator(quotient, list(growth), loop.index)
    if reduced is not None:
        return [put(whole(reduced), {loop.index: loop.count - 1})]
    if all(ratio.denominator == 1 for _, ratio in growth):
        return [put(need, {loop.index: i}) for i in rounds if _takes_place(i, loop)]
    if all(ratio.numerator == 1 for _, ratio in growth):
        return [put(need, {loop.index: loop.count - 1 - i}) for i in rounds if _takes_place(i, loop)]
    return None


def _in_classes(need: Divides, quotient: Num, loop: Loop, period: int) -> list[Need] | None:
    """Ask it of the rounds that settle it along each class of what floors repeat in."""
    if period > MOST_CLASSES:
        return None
    found: list[Need] = []
    for r in range(period):
        here = symbol(loop.index, "index") * period + r
        growth = by_growth(substitute(quotient, {loop.index: here}), loop.index)
        if any(ratio.denominator > 1 for _, ratio in growth):
            return None
        rounds = (period * q + r for q in range(_order(growth)))
        found += [put(need, {loop.index: i}) for i in rounds if _takes_place(i, loop)]
    return found


def _without_numerator(x: Num, growth: list[tuple[int, Fraction]], index: str) -> Num | None:
    """Return C/q**i for C (p/q)**i: it is whole iff the latter is, since p and q have no common factor."""
    if len(growth) != 1:
        return None
    ((power, ratio),) = growth
    below = lcm(*(Fraction(c).denominator for c in terms_of(x).values()))
    if power or 1 in ratio.as_integer_ratio() or gcd(ratio.numerator, below) > 1 or _has_quotients(x):
        return None
    return x * raised(Fraction(1, ratio.numerator), symbol(index, "index"))


def _has_quotients(x: Num) -> bool:
    return any(e < 0 and not isinstance(atom, Power) for monomial in terms_of(x) for atom, e in monomial)


def _order(growth: Iterable[tuple[int, Fraction]]) -> int:
    most: dict[Fraction, int] = {}
    for power, ratio in growth:
        most[ratio] = max(most.get(ratio, 0), power + 1)
    return sum(most.values())


def _differences(x: Num, index: str, orders: range) -> list[Num]:
    """Return the first values of x and of its differences: a polynomial is a sum of binomials times these."""
    values = [substitute(x, {index: i}) for i in orders]
    found = []
    while values:
        found.append(values[0])
        values = [b - a for a, b in pairwise(values)]
    return found


def _takes_place(i: int, loop: Loop) -> bool:
    rounds = constant(loop.count)
    return rounds is None or i < rounds
