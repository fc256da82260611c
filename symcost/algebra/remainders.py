"""Bounds of expressions that know how floors of one size hang together.

ceil(H/2) is never more than 2 ceil(H/4), which interval arithmetic on the two as strangers does not see. By the
composition of ``symcost.algebra.extent`` a coarser floor is the floor of a finer one::

    e' = floor((e + k)/m),  hence  e = m e' - k + r  with a remainder 0 <= r < m

for e = floor((x + c)/s), e' = floor((x + c')/(m s)) and c' = c + k s. So all floors of a size can be written in the
coarsest one and in remainders, which are numbers between known bounds; the size itself is the floor with s = 1.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import count

from symcost.algebra.atoms import Atom, Box, Number, Symbol, lift
from symcost.algebra.extent import Extent
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, atoms_of, constant, terms_of, total
from symcost.algebra.ranges import EXPANDED_TERMS, bounds, expanded_terms, lower_bound, shift_to_least

_REMAINDER = "remainder"


def never_negative(x: Num, box: Box) -> bool:
    """Tell whether x is proved to be at least 0 when each symbol stays in its range; it may be so unseen."""
    number = constant(x)
    if number is not None:
        return number >= 0
    if expanded_terms(x) > EXPANDED_TERMS:
        low = bounds(x, box)[0]
        return low is not None and low >= 0
    low = lower_bound(x, box)
    if low is not None and low >= 0:
        return True
    low = least_by_remainders(x, box)
    return low is not None and low >= 0


def least_by_remainders(x: Num, box: Box) -> Number | None:
    """Return a lower bound of x found by writing finer floors in coarser ones; None where that tells nothing."""
    images, tops = _in_coarser(atoms_of(x))
    if not images:
        return None
    try:
        rewritten = total((_image(monomial, images), c) for monomial, c in terms_of(x).items())
    except NotExact:
        return None
    shifted = shift_to_least(rewritten, {**box, **{name: (0, top) for name, top in tops.items()}})
    return None if shifted is None else _least(shifted, tops)


def _least(x: Poly, tops: dict[str, int]) -> Number | None:
    """Return a lower bound of a polynomial in what starts at 0: remainders are at most their tops, the rest grows."""
    bounded: dict[Monomial, Number] = {}
    for monomial, c in x.terms.items():
        rest, scale = monomial, Fraction(1)
        own = [(atom, e) for atom, e in monomial if atom.key[1] in tops]
        if own and c > 0:
            continue
        for atom, exponent in own:
            scale *= tops[atom.key[1]] ** exponent
        rest = tuple(pair for pair in monomial if pair not in own)
        bounded[rest] = bounded.get(rest, 0) + c * scale
    falls = any(c < 0 for monomial, c in bounded.items() if monomial)
    return None if falls else bounded.get((), 0)


def _in_coarser(atoms: set[Atom]) -> tuple[dict[Atom, Num], dict[str, int]]:
    """Return finer floors in terms of coarser ones of the same size, and the greatest values of the remainders."""
    images: dict[Atom, Num] = {}
    tops: dict[str, int] = {}
    numbers = count(1)
    for base in {atom.base for atom in atoms if isinstance(atom, Extent) and not atom.up}:
        chain = sorted(_chain(base, atoms), key=lambda part: -part[1])
        for place, (atom, s, c) in enumerate(chain):
            for above, wide, far in reversed(chain[:place]):
                m, k = Fraction(wide, s), Fraction(far - c, s)
                if m.denominator == 1 and m > 1 and k.denominator == 1:
                    name = f"{_REMAINDER} {next(numbers)}"
                    tops[name] = int(m) - 1
                    rest = lift(Symbol.of(name, "index"))
                    images[atom] = images.get(above, lift(above)) * int(m) - int(k) + rest
                    break
    return images, tops


def _chain(base: Poly, atoms: set[Atom]) -> list[tuple[Atom, int, int]]:
    """Return the floors floor((base + c)/s) among some atoms, and the base where it is one, each with s and c."""
    found: list[tuple[Atom, int, int]] = []
    for atom in atoms:
        if isinstance(atom, Extent) and atom.base == base and not atom.up and isinstance(atom.offset, int):
            found.append((atom, atom.divisor, atom.offset))
        elif isinstance(atom, Symbol) and atom.kind != "ratio" and base == lift(atom):
            found.append((atom, 1, 0))
    return found


def _image(monomial: Monomial, images: dict[Atom, Num]) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        result = result * images.get(atom, lift(atom)) ** exponent
    return result
