"""Leave out conditions that follow from others, so that people read the few that say it all."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, repeat
from math import gcd, lcm

from symcost.algebra.atoms import Atom, Box, Number, Part, Symbol
from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Divides, Need, whole
from symcost.algebra.poly import NotExact, Num, atoms_of, constant, terms_of
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
    """Return a condition on a size's divisor together with one on the same size: 8 and 12 divide it iff 24 does.

    So for sizes that differ by a number, by the Chinese remainder theorem: 32 divides H and 6 divides H + 2 iff 96
    divides H + 64. And q a and r a are whole iff g a is, where g is the greatest number that q and r are whole
    multiples of: it is a sum of multiples of both.
    """
    for other in kept:
        match need, other:
            case Divides(int(n), a), Divides(int(m), b):
                need = _remainder(n, a, m, b) or _multiple(n, a, m, b) or need
    return need


def _remainder(n: int, a: Num, m: int, b: Num) -> Divides | None:
    """Return what says that n divides a and m divides b, where these differ by a number; None where nothing does."""
    shift = constant(b - a)
    common = gcd(n, m)
    if not isinstance(shift, int) or shift % common:
        return None
    rounds = -shift // common * pow(n // common, -1, m // common)
    period = lcm(n, m)
    return Divides(period, a - n * rounds % period)


def _multiple(n: int, a: Num, m: int, b: Num) -> Divides | None:
    """Return what says that a/n and b/m are whole, where b is a multiple of a; None where it is not."""
    try:
        ratio = constant(div(b, a))
    except (NotExact, ZeroDivisionError):
        return None
    if ratio is None:
        return None
    q, r = Fraction(1, n), Fraction(ratio) / m
    below = lcm(q.denominator, r.denominator)
    return whole(a * Fraction(gcd(int(q * below), int(r * below)), below))


def contradiction(needs: Iterable[Need]) -> tuple[Divides, Divides] | None:
    """Return two conditions on remainders that no value meets both, such as ``H is even`` and ``H is odd``."""
    for one, other in combinations(needs, 2):
        match one, other:
            case Divides(int(n), a), Divides(int(m), b):
                shift = constant(b - a)
                if isinstance(shift, int) and shift % gcd(n, m):
                    return one, other
    return None


def _implies(strong: Need, weak: Need, box: Box) -> bool:
    """Tell whether one condition is seen to follow from another; it may follow unseen."""
    match strong, weak:
        case AtLeast(a, m), AtLeast(b, n):
            return _at_least(b - a, n - m, box)
        case Divides(int(m), a), Divides(int(n), b) if m % n == 0 and _same_rest(a, b, n):
            return True
        case Divides(m, a), Divides(n, b):
            return _whole_ratio(b, n, a, m)
        case Divides(int(m), a), AtLeast(b, n) if _is_positive(a, box) and _at_least_so_much(a, m, b, n, box):
            return True
        case Divides(m, a), AtLeast(b, n):
            size, least = _without_shift(b, n)
            return least <= 1 and all(_is_positive(x, box) for x in (a, size)) and _whole_ratio(size, 1, a, m)
    return strong == weak


def _without_shift(a: Num, least: int) -> tuple[Num, Number]:
    """Return the condition with the plain number in a on the other side: H - 1 >= 0 as H >= 1."""
    shift = terms_of(a).get((), 0)
    return a - shift, least - shift


def _at_least(gap: Num, least: int, box: Box) -> bool:
    low = lower_bound(gap, box)
    return low is not None and low >= least


def _same_rest(a: Num, b: Num, n: int) -> bool:
    """Tell whether a and b, or a and -b, are seen to leave the same rest when n divides them."""
    return integral((b - a) * Fraction(1, n)) or integral((b + a) * Fraction(1, n))


def _at_least_so_much(a: Num, m: int, b: Num, n: int, box: Box) -> bool:
    """Tell whether b is seen to be at least n where a is a positive multiple of m, hence at least m."""
    if _at_least(b - a, n - m, box):
        return True
    try:
        times = constant(div(b, a))
    except NotExact:
        return False
    return times is not None and times * m >= n


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
