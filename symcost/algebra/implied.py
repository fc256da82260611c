"""Leave out conditions that follow from others, so that people read the few that say it all."""

from __future__ import annotations

from collections.abc import Iterable

from symcost.algebra.atoms import Box
from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Divides, Need
from symcost.algebra.poly import NotExact, Num, terms_of
from symcost.algebra.ranges import lower_bound


def essential(needs: Iterable[Need], box: Box) -> list[Need]:
    """Return the conditions that no other of them implies; of those that imply each other, the first."""
    kept: list[Need] = []
    for need in needs:
        if any(_implies(other, need, box) for other in kept):
            continue
        kept = [other for other in kept if not _implies(need, other, box)] + [need]
    return kept


def _implies(strong: Need, weak: Need, box: Box) -> bool:
    """Tell whether one condition is seen to follow from another; it may follow unseen."""
    match strong, weak:
        case AtLeast(a, m), AtLeast(b, n):
            return _at_least(b - a, n - m, box)
        case Divides(m, a), Divides(n, b):
            return _whole_ratio(b, n, a, m)
        case Divides(m, a), AtLeast(b, 1):
            return _is_positive(a) and _is_positive(b) and _whole_ratio(b, 1, a, m)
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


def _is_positive(x: Num) -> bool:
    """Tell whether x is positive by its form: a sum of products of sizes without a minus."""
    terms = terms_of(x)
    return bool(terms) and all(c > 0 for c in terms.values()) and all(atom.rank <= 1 for m in terms for atom, _ in m)
