"""Where linear sums of floors of one symbol are zero.

Such a sum shifts by a constant when the symbol grows by the period. If the constant is zero, one period decides; if
not, the sum is zero at most once along each residue class.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Box, Number, Part, Symbol, exact
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, atoms_of, constant, evaluate, symbols_of, terms_of
from symcost.algebra.power import Power
from symcost.algebra.residues import listed, phrase_residues
from symcost.algebra.rounding import Gcd, Rounded

LONGEST_PERIOD = 1 << 16
MOST_VALUES = 1 << 10


def zeros(*gaps: Num) -> str | None:
    """Return when all of some differences are zero: ``always``, ``never``, or a phrase such as ``H is even``.

    Returns:
        None when this is not known.
    """
    if any(constant(gap) not in (0, None) for gap in gaps):
        return "never"
    open_gaps = [gap for gap in gaps if constant(gap) is None]
    if not open_gaps:
        return "always"
    cycle = _cycle(open_gaps)
    if cycle is None:
        return None
    if not any(map(cycle.drift, open_gaps)):
        return cycle.phrase([v for v in cycle.values() if all(cycle.at(gap, v) == 0 for gap in open_gaps)])
    return cycle.single_zeros(open_gaps[0]) if len(open_gaps) == 1 else None


def lowest(x: Num, box: Box) -> Number | None:
    """Return the least value of a linear sum of floors of one symbol that does not fall from period to period.

    Returns:
        None for anything else.
    """
    cycle = _cycle([x]) if constant(x) is None else None
    if cycle is None or len(cycle.values()) > MOST_VALUES:
        return None
    drift, first = cycle.drift(x), box.get(cycle.name, (cycle.first, None))[0]
    if drift < 0 or (drift > 0 and first < cycle.first):
        return None
    return min(cycle.at(x, value) for value in cycle.values())


def letters(x: Num) -> frozenset[Atom]:
    """Return the symbols and parts of symbols in x, those inside floors and roundings too."""
    found: frozenset[Atom] = frozenset()
    for atom in atoms_of(x):
        match atom:
            case Extent():
                found |= letters(atom.base)
            case Rounded() | Gcd():
                found |= letters(atom.inner)
            case Power():
                found |= letters(atom.exponent)
            case Max():
                found = found.union(*map(letters, atom.options))
            case _:
                found |= {atom}
    return found


class _Cycle(NamedTuple):
    """One period of a symbol.

    Attributes:
        name: of the symbol.
        step: what divides every value of it.
        first: the least value of it.
    """

    name: str
    period: int
    step: int
    first: int

    def values(self) -> range:
        """Return the values that the symbol takes in one period."""
        return range(self.first, self.first + self.period, self.step)

    def drift(self, gap: Num) -> Number:
        """Return by how much a sum shifts in one period."""
        return self.at(gap, self.first + self.period) - self.at(gap, self.first)

    def at(self, gap: Num, value: int) -> Number:
        """Return what a sum is at one value."""
        return evaluate(gap, {self.name: value})

    def phrase(self, found: list[int]) -> str:
        """Return in words which values of one period these are."""
        if len(found) == len(self.values()):
            return "always"
        return phrase_residues(self.name, [v % self.period for v in found], self.period)

    def single_zeros(self, gap: Num) -> str:
        """Return in words where a sum that drifts is zero."""
        drift = self.drift(gap)
        rounds = {v: exact(-Fraction(self.at(gap, v)) / drift) for v in self.values()}
        values = sorted(v + k * self.period for v, k in rounds.items() if isinstance(k, int) and k >= 0)
        return f"{self.name} is {listed(values)}" if values else "never"


def _cycle(gaps: Sequence[Num]) -> _Cycle | None:
    """Return a period that these sums have in common; None where they are not linear, or of several symbols."""
    names = frozenset().union(*map(symbols_of, gaps))
    periods = [_period(gap) for gap in gaps]
    if len(names) != 1 or None in periods:
        return None
    period = lcm(*(p for p in periods if p is not None))
    found = frozenset().union(*map(letters, gaps))
    step = lcm(*(letter.divisor for letter in found if isinstance(letter, Part)))
    counts = any(isinstance(letter, Symbol) and letter.kind == "index" for letter in found)
    return _Cycle(min(names), period, step, 0 if counts else step) if period <= LONGEST_PERIOD else None


def _period(gap: Num) -> int | None:
    periods = [_period_of(monomial) for monomial in terms_of(gap) if monomial]
    return None if None in periods else lcm(*(p for p in periods if p is not None))


def _period_of(monomial: Monomial) -> int | None:
    """Return a shift of the symbol under which one term changes by a constant; None if it is not linear."""
    (atom, exponent), *more = monomial
    if more or exponent != 1 or not atom.integral:
        return None
    match atom:
        case Symbol():
            return 1
        case Part():
            return atom.divisor
        case Extent():
            inner = _period(atom.base)
            return None if inner is None else inner * atom.divisor
    return None
