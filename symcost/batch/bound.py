"""How large any number on the way to a result can become, so that machine integers are used only where they hold it.

Partial sums and partial products of a formula are bounded by the sum of |c| * prod max(1, |factor|)**e over its terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm, prod

from symcost.algebra.atoms import Atom, Box
from symcost.algebra.extent import Extent
from symcost.algebra.poly import Poly
from symcost.algebra.rounding import Gcd, Rounded
from symcost.batch.program import Factor, Inverse, Largest, Part, Program, scaled

INT64 = 2**63


def fits(program: Program) -> bool:
    """Tell whether no number in a run of the program, at any point of its box, passes a 64-bit integer.

    The symbols' own values count too, whether or not a formula has them: all are put into arrays.
    """
    sizes = _Sizes(program.box)
    sums = [sizes.sum(formula.terms) for formula in program.formulas]
    given = [max(abs(low), abs(high)) for low, high in program.box.values()]
    return all(size is not None and size < INT64 for size in (*given, *sums, *sizes.values.values(), *sizes.passed))


def over_one(inner: Poly) -> tuple[Poly, int] | None:
    """Return integer terms and a denominator that give a formula of whole products, or None for any other."""
    below = lcm(*(Fraction(c).denominator for c in inner.terms.values()))
    whole = scaled(inner, below)
    return None if whole is None else (whole, below)


class _Sizes:
    """Bounds at work.

    Attributes:
        box: ranges of the symbols.
        values: bounds of factors.
        passed: bounds of numbers on the way to them.
    """

    def __init__(self, box: Box) -> None:
        self.box = box
        self.values: dict[Factor, int | None] = {}
        self.passed: list[int | None] = []

    def sum(self, terms: Mapping[Part, int]) -> int | None:
        """Return a bound of a sum, its partial sums and their products."""
        total = 0
        for part, c in terms.items():
            sizes = [self.factor(factor) for factor, _ in part]
            if None in sizes:
                return None
            pairs = zip(sizes, part, strict=True)
            total += abs(c) * prod(max(1, size) ** exponent for size, (_, exponent) in pairs if size is not None)
        return total

    def factor(self, factor: Factor) -> int | None:
        """Return a bound of a factor."""
        if factor not in self.values:
            self.values[factor] = self._size(factor)
        return self.values[factor]

    def _size(self, factor: Factor) -> int | None:
        match factor:
            case Inverse():
                self.passed.append(self.factor(factor.atom))
                return factor.multiple
            case Largest():
                sizes = [self.sum(option.terms) for option in factor.options]  # type: ignore[arg-type]
                known = [size for size in sizes if size is not None]
                return max(known) if len(known) == len(sizes) else None
        return self._atom(factor)

    def _atom(self, atom: Atom) -> int | None:
        low, high = atom.range(self.box)
        if low is None or high is None or not atom.integral:
            return None
        self._pass(atom)
        return max(abs(int(low)), abs(int(high)))

    def _pass(self, atom: Atom) -> None:
        """Note how large the numbers become on the way to an atom; one without rule here is evaluated by itself."""
        match atom:
            case Extent():
                self.passed.append(self._numerator(atom.base, 1, abs(int(atom.offset)) + atom.divisor))
            case Rounded():
                below = lcm(*(Fraction(c).denominator for c in atom.inner.terms.values()))
                self.passed.append(self._numerator(atom.inner, 40 * below * atom.divisor, atom.divisor + atom.least))
            case Gcd():
                self.passed.append(self._numerator(atom.inner, 1, atom.n))

    def _numerator(self, inner: Poly, times: int, more: int) -> int | None:
        found = over_one(inner)
        if found is None:
            return 0  # such an atom is evaluated by itself
        size = self.sum(found[0].terms)  # type: ignore[arg-type]  # its numbers are whole
        return None if size is None else times * (size + more)
