"""Leave out conditions that follow from others, so that people read the few that say it all."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from math import lcm

from symcost.algebra.atoms import Atom, Box, Part, Symbol
from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Divides, Need
from symcost.algebra.poly import NotExact, Num, atoms_of, terms_of
from symcost.algebra.power import Power
from symcost.algebra.ranges import lower_bound


def essential(needs: Iterable[Need], box: Box) -> dict[Need, Need]:
    """Return the conditions that no other of them implies, simplified, each with the one it comes from.

    Of those that imply each other, the first is kept.
    """
    kept: dict[Need, Need] = {}
    for need in needs:
        simple = _with_others(need.simplified(box), kept)
        if any(_implies(other, simple, box) for other in kept):
            continue
        kept = {other: origin for other, origin in kept.items() if not _implies(simple, other, box)} | {simple: need}
    return kept


def _with_others(need: Need, kept: Iterable[Need]) -> Need:
    """Return a condition on a size's divisor together with one on the same size: 8 and 12 divide it iff 24 does."""
    for other in kept:
        match need, other:
            case Divides(int(n), a), Divides(int(m), b) if a == b:
                return Divides(lcm(n, m), a)
    return need


def _implies(strong: Need, weak: Need, box: Box) -> bool:
    """Tell whether one condition is seen to follow from another; it may follow unseen."""
    match strong, weak:
        case AtLeast(a, m), AtLeast(b, n):
            return _at_least(b - a, n - m, box)
        case Divides(m, a), Divides(n, b):
            return _whole_ratio(b, n, a, m)
        case Divides(int(m), a), AtLeast(b, n) if _is_positive(a, box) and _at_least(b - a, n - m, box):
            return True  # a positive multiple of m is at least m
        case Divides(m, a), AtLeast(b, 1):
            return _is_positive(a, box) and _is_positive(b, box) and _whole_ratio(b, 1, a, m)
    return strong == weak


def _at_least(gap: Num, least: int, box: Box) -> bool:
    low = lower_bound(gap, box)
    return low is not None and low >= least


def _whole_ratio(b: Num, n: Num, a: Num, m: Num) -> bool:
    """Tell whether b/n is a whole multiple of a/m, so that it is whole when a/m is."""
    try:
        return integral(div(div(b, n) * m, a))
    except (NotExact, ZeroDivisionError):
        return False


def _is_positive(x: Num, box: Box) -> bool:
    """Tell whether x is positive by its form: a sum of products of sizes without a minus, none of which may be 0."""
    terms = terms_of(x)
    return bool(terms) and all(c > 0 for c in terms.values()) and all(map(_never_zero, atoms_of(x), repeat(box)))


def _never_zero(atom: Atom, box: Box) -> bool:
    if isinstance(atom, Symbol) and atom.kind == "ratio":
        return True
    low = atom.range(box)[0]
    return isinstance(atom, (Symbol, Part, Power)) and low is not None and low > 0
