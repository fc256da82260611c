"""Signs of expressions, by proofs that know how floors and roundings of one size hang together.

ceil(H/2) is never more than 2 ceil(H/4), which interval arithmetic on the two as strangers does not see. By the
composition of ``symcost.algebra.extent`` a coarser floor is the floor of a finer one::

    e' = floor((e + k)/m),  hence  e = m e' - k + r  with a remainder 0 <= r < m

for e = floor((x + c)/s), e' = floor((x + c')/(m s)) and c' = c + k s. So all floors of a size can be written in the
coarsest one and in remainders, which are numbers between known bounds; the size itself is the floor with s = 1.

Roundings of multiples of one width by one rule, r(a v) and r(b v) with a <= b, hang together too: r(b v) is not less
than r(a v), and as r(w) is at least 9/10 w and d, and at most w + d::

    r(b v) <= b v + d <= 10/9 b/a r(a v) + r(a v)

so r(b v) is r(a v) and a remainder between 0 and 10/9 b/a r(a v).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from symcost.algebra.atoms import Atom, Box, Number, Symbol, exact, lift
from symcost.algebra.extent import Extent
from symcost.algebra.poly import (
    Monomial,
    NotExact,
    Num,
    Poly,
    atoms_of,
    constant,
    evaluate,
    symbols_of,
    terms_of,
    total,
)
from symcost.algebra.power import TooLarge
from symcost.algebra.ranges import EXPANDED_TERMS, bounds, expanded_terms, lower_bound, shift_to_least
from symcost.algebra.rounding import Rounded

_MOST_POWER = 8
_FAR = 4096
"""How far from its least value a symbol is tried."""


class Written(dict[Atom, Num]):
    """Atoms in terms of others and of remainders.

    Attributes:
        tops: what each remainder is at most, by its name.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tops: dict[str, Num] = {}

    def put(self, atom: Atom, scale: Number, other: Atom, shift: Number, top: Num) -> None:
        """Write an atom as another one times a scale plus a shift and a remainder from 0 to its top."""
        name = f"remainder {len(self.tops) + 1}"
        self.tops[name] = top
        self[atom] = self.get(other, lift(other)) * scale + shift + lift(Symbol.of(name, "index"))


def never_negative(x: Num, box: Box) -> bool:
    """Tell whether x is proved to be at least 0 when each symbol stays in its range; it may be so unseen."""
    number = constant(x)
    if number is not None:
        return number >= 0
    x = _without_content(x, box)
    if any(_negative_at(x, point) for point in _points(x, box)):
        return False
    if expanded_terms(x) > EXPANDED_TERMS:
        low = bounds(x, box)[0]
        return low is not None and low >= 0
    low = lower_bound(x, box)
    if low is not None and low >= 0:
        return True
    low = least_by_remainders(x, box)
    return low is not None and low >= 0


def _without_content(x: Num, box: Box) -> Num:
    """Return x without the symbols that divide every term, none of which is negative."""
    common = [dict(monomial) for monomial in terms_of(x)]
    lowest = {a: min(powers.get(a, 0) for powers in common) for a in common[0] if _counts(a, box)}
    factor = tuple(sorted((atom, -exponent) for atom, exponent in lowest.items() if exponent > 0))
    return x * Poly({factor: 1}) if factor else x


def _counts(atom: Atom, box: Box) -> bool:
    low = atom.range(box)[0]
    return isinstance(atom, Symbol) and low is not None and low >= 0


def _negative_at(x: Num, point: Mapping[str, Number]) -> bool:
    """Tell whether x is below 0 at a point; where it has no value, as 1/s at s = 0, nothing is seen."""
    try:
        return evaluate(x, point) < 0
    except (TooLarge, ZeroDivisionError):
        return False


def _points(x: Num, box: Box) -> Iterator[Mapping[str, Number]]:
    """Yield values at which a sign shows at once: all symbols least, all far up, and one unlike the others."""
    ends = {name: _ends(name, x, box) for name in sorted(symbols_of(x))}
    least = {name: low for name, (low, _) in ends.items()}
    most = {name: high for name, (_, high) in ends.items()}
    yield least
    yield most
    if len(ends) > 1:
        for name in ends:
            yield {**least, name: most[name]}
            yield {**most, name: least[name]}


def _ends(name: str, x: Num, box: Box) -> tuple[Number, Number]:
    low, high = box.get(name, (1, None))
    far = low + _FAR if high is None else min(high, low + _FAR)
    positive = Fraction(1, _FAR) if low <= 0 and _divided_by(name, x) else low
    return exact(max(low, positive)), exact(max(far, positive))


def _divided_by(name: str, x: Num) -> bool:
    return any(exponent < 0 and name in atom.names for monomial in terms_of(x) for atom, exponent in monomial)


def least_by_remainders(x: Num, box: Box) -> Number | None:
    """Return a lower bound of x found by writing atoms in others and remainders; None where that tells nothing."""
    written = _written(frozenset(atoms_of(x)))
    if not written or any(exponent > _MOST_POWER for monomial in terms_of(x) for _, exponent in monomial):
        return None
    try:
        rewritten = total((_image(monomial, written), c) for monomial, c in terms_of(x).items())
    except NotExact:
        return None
    shifted = shift_to_least(rewritten, {**box, **dict.fromkeys(written.tops, (0, None))})
    tops = {name: shift_to_least(top, box) for name, top in written.tops.items()}
    if shifted is None:
        return None
    terms = terms_of(_without_remainders(shifted, {name: top for name, top in tops.items() if top is not None}))
    return None if any(c < 0 for monomial, c in terms.items() if monomial) else terms.get((), 0)


def _without_remainders(x: Num, tops: Mapping[str, Num]) -> Num:
    """Return something that x, in what starts at 0, is at least: remainders 0 where added, at their tops where not."""
    parts: list[tuple[Num, Num]] = []
    for monomial, c in terms_of(x).items():
        own = [(atom, e) for atom, e in monomial if isinstance(atom, Symbol) and atom.name in tops]
        if own and c > 0:
            continue
        part: Num = Poly({tuple(pair for pair in monomial if pair not in own): 1})
        for atom, exponent in own:
            part = part * tops[atom.name] ** exponent
        parts.append((part, c))
    return total(parts)


@lru_cache(maxsize=1 << 12)
def _written(atoms: frozenset[Atom]) -> Written:
    """Return finer floors in coarser ones of the same size, and wider roundings in narrower ones of the same width."""
    found = Written()
    floors = [atom for atom in atoms if isinstance(atom, Extent) and not atom.up and isinstance(atom.offset, int)]
    for base in sorted({atom.base for atom in floors}, key=str):
        chain: list[tuple[Atom, int, int]] = [(a, a.divisor, int(a.offset)) for a in floors if a.base == base]
        chain += [(atom, 1, 0) for atom in atoms if isinstance(atom, Symbol) and _is_size(atom) and base == lift(atom)]
        _write_floors(sorted(chain, key=lambda part: -part[1]), found)
    widths = [atom for atom in atoms if isinstance(atom, Rounded) and _is_width(atom.inner)]
    for rule in sorted({(str(monomial), a.divisor, a.least) for a in widths for monomial in a.inner.terms}):
        alike = [a for a in widths if (str(next(iter(a.inner.terms))), a.divisor, a.least) == rule]
        if rule[2] == rule[1]:
            _write_roundings(sorted(alike, key=_scale), found)
    return found


def _is_width(x: Poly) -> bool:
    """Tell whether x is a product that is never negative."""
    return len(x.terms) == 1 and all(
        c > 0 and all(isinstance(atom, Symbol) and exponent > 0 for atom, exponent in monomial)
        for monomial, c in x.terms.items()
    )


def _is_size(atom: Symbol) -> bool:
    return atom.kind != "ratio"


def _write_floors(chain: list[tuple[Atom, int, int]], found: Written) -> None:
    for place, (atom, s, c) in enumerate(chain):
        for above, wide, far in reversed(chain[:place]):
            m, k = Fraction(wide, s), Fraction(far - c, s)
            if m.denominator == 1 and m > 1 and k.denominator == 1:
                found.put(atom, int(m), above, -int(k), int(m) - 1)
                break


def _write_roundings(chain: list[Rounded], found: Written) -> None:
    for atom in chain[1:]:
        ratio = Fraction(_scale(atom)) / _scale(chain[0])
        found.put(atom, 1, chain[0], 0, lift(chain[0]) * (ratio * Fraction(10, 9)))


def _scale(atom: Rounded) -> Number:
    return next(iter(atom.inner.terms.values()))


def _image(monomial: Monomial, images: Mapping[Atom, Num]) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        result = result * images.get(atom, lift(atom)) ** exponent
    return result
