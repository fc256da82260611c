"""The values an unknown may take before anything is computed: whole multiples of a step, between two ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from symcost.algebra.atoms import Number, Symbol, exact
from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import NotExact, terms_of
from symcost.errors import UsageError, quoted
from symcost.solver.interval import Interval
from symcost.solver.plateau import Plateaus
from symcost.solver.track import K
from symcost.spec.symbols import Symbol as Declared
from symcost.spec.symbols import read_number

RATIO_STEP = Fraction(1, 100)
Range = tuple[Number | str | None, Number | str | None]


@dataclass(frozen=True)
class Domain:
    """The values step * k with a whole number k from ``low`` to ``high``.

    Attributes:
        step: distance of neighbouring values.
        low: least k.
        high: greatest k, None for no end.
        ends: least and greatest value asked for or declared, whether or not they are multiples of the step.
        points: all k there are, where a set of values is asked for.
        left_out: values of that set which are refused, and why.
        plateaus: pieces of the positive numbers of which k counts the cells, where it does.
        flowing: whether any fraction would do, and the step is only there to have one.
    """

    step: Number
    low: int
    high: int | None
    ends: tuple[Number, Number | None]
    points: tuple[int, ...] | None = None
    left_out: tuple[tuple[Number, str], ...] = ()
    plateaus: Plateaus | None = None
    flowing: bool = False

    @classmethod
    def of(cls, name: str, declared: Declared, step: Number, between: Range | None) -> Domain:
        """Return the values of a symbol that are multiples of a step, within what is declared and asked for.

        Raises:
            UsageError: the range asked for is not one of exact numbers, or is empty.
        """
        low, high = ends_of(name, declared, between)
        least = 1 if declared.kind == "ratio" and low <= 0 else int(-(-low // step))
        return cls(step, least, None if high is None else int(high // step), (low, high))

    @classmethod
    def of_points(cls, step: Number, values: Sequence[Number], left_out: Mapping[Number, str]) -> Domain:
        """Return a set of values, those left out of it apart."""
        points = tuple(int(x / Fraction(step)) for x in values if x not in left_out)
        low, high = (points[0], points[-1]) if points else (1, 0)
        return cls(step, low, high, (values[0], values[-1]), points, tuple(left_out.items()))

    def interval(self, k: int) -> Interval | None:
        """Return all values that give what cell k gives, where k counts cells."""
        return None if self.plateaus is None else self.plateaus.around(k, self.low, self.high)


def whole_step(name: str, declared: Declared, multiple_of: Number | str | None) -> int:
    """Return what divides every value of a dimension.

    Raises:
        UsageError: ``multiple_of`` is not a positive whole number.
    """
    factor = 1 if multiple_of is None else read_exact("multiple_of", multiple_of)
    if not isinstance(factor, int) or factor < 1:
        raise UsageError(f"multiple_of must be a positive whole number for {name}, got {factor}")
    return lcm(declared.step, factor)


def ratio_step(declared: Declared, step: Number | str | None, needs: Iterable[Need]) -> Number:
    """Return the step of a ratio.

    Where a condition such as ``32*alpha is whole`` leaves multiples of 1/32 only, these are all there is, and the step
    is 1/32. Otherwise it is the one asked for, or 1/100.

    Args:
        declared: the ratio.
        step: the one asked for.
        needs: conditions in the ratio alone, under the name k.

    Raises:
        UsageError: the step is not a positive number.
    """
    asked = None if step is None else read_exact("step", step)
    if asked is not None and asked <= 0:
        raise UsageError(f"step must be above 0, got {asked}")
    natural = natural_steps(needs)
    given = [asked] if asked is not None else [] if natural else [RATIO_STEP]
    return _common_multiple([*given, *natural, *([declared.step] if declared.step > 1 else [])])


def natural_steps(needs: Iterable[Need]) -> list[Number]:
    """Return the steps of which conditions leave a ratio k only multiples."""
    return [found for need in needs if (found := _multiples(need)) is not None]


def read_exact(what: str, value: Number | str) -> Number:
    """Return an exact number, also from text such as ``"3/4"``.

    Raises:
        UsageError: it is none.
    """
    try:
        number = read_number(value)
    except ValueError as error:
        raise UsageError(f"{what}: {error}") from None
    if isinstance(number, bool) or not isinstance(number, (int, Fraction)):
        raise UsageError(f"{what} takes a number, got {quoted(str(value))}")
    return number


def _multiples(need: Need) -> Number | None:
    """Return the number whose multiples are just what meets a condition such as ``32*x is whole``, or None."""
    if not isinstance(need, Divides):
        return None
    try:
        terms = dict(terms_of(div(need.a, need.n)))
    except NotExact:
        return None
    rest, slope = terms.pop((), 0), terms.pop(((Symbol.of(K, "ratio"), 1),), None)
    return None if terms or slope is None or not isinstance(rest, int) else 1 / abs(Fraction(slope))


def _common_multiple(numbers: Iterable[Number]) -> Number:
    fractions = [Fraction(n) for n in numbers]
    below = lcm(*(f.denominator for f in fractions))
    return exact(Fraction(lcm(*(int(f * below) for f in fractions)), below))


def ends_of(name: str, declared: Declared, between: Range | None) -> tuple[Number, Number | None]:
    """Return the least and greatest value, both declared and asked for."""
    low, high = (None if end is None else read_exact(f"between, for {name}", end) for end in between or (None, None))
    if low is not None and high is not None and low > high:
        raise UsageError(f"between is empty: {low} is above {high}")
    ends = [end for end in (high, declared.max) if end is not None]
    return max(declared.least, low if low is not None else declared.least), min(ends, default=None)
