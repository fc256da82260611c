"""Conditions on sizes, compiled to be tested on many designs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcost.algebra.atoms import lift
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.batch import Machine, Program, compiled

Lane = Any
"""A number, or an array of numbers."""


@dataclass(frozen=True)
class Condition:
    """A condition and the formulas that tell.

    Attributes:
        phrase: the condition in words.
        formulas: one, or two of which the first is to divide the second.
        kind: which condition it is on them: ``zero``, ``nonnegative`` or ``divides``.
    """

    phrase: str
    formulas: tuple[Num, ...]
    kind: str

    @classmethod
    def of(cls, phrase: str, need: Need) -> Condition:
        """Return the condition in these words."""
        match need:
            case Equal():
                return cls(phrase, (need.a - need.b,), "zero")
            case AtLeast():
                return cls(phrase, (need.a - need.least,), "nonnegative")
            case Divides():
                return cls(phrase, (need.n, need.a), "divides")


@dataclass(frozen=True)
class Conditions:
    """Conditions, and the program that tells whether they hold.

    Attributes:
        all: the conditions.
        program: their formulas, compiled.
    """

    all: tuple[Condition, ...]
    program: Program

    @classmethod
    def of(cls, found: Iterable[Condition], values: Mapping[str, Sequence[int]], goals: Program) -> Conditions:
        """Compile conditions, and those under which the goals divide by nothing that is 0."""
        kept = list(found)
        kept += not_zero([lift(atom) for atom in goals.divisors])
        return cls(tuple(kept), compiled([formula for c in kept for formula in c.formulas], values))

    def tested(self, machine: Machine, env: Mapping[str, Lane]) -> list[tuple[str, Lane]]:
        """Return every condition's words and where it holds, in the shape of the symbols it speaks of."""
        results = list(zip(machine.run(env), (f.factor for f in self.program.formulas), strict=True))
        answers = []
        for condition in self.all:
            some, results = results[: len(condition.formulas)], results[len(condition.formulas) :]
            answers.append((condition.phrase, _KINDS[condition.kind](some)))
        return answers


def not_zero(formulas: Iterable[Num]) -> list[Condition]:
    """Return the conditions that formulas which are divided by are not 0."""
    return [Condition(f"{x} is not 0", (x,), "nonzero") for x in formulas if constant(x) is None]


Results = Sequence[tuple[Lane, Any]]
"""Integers and the positive factor that makes them the values of a formula."""


def _divides(results: Results) -> Lane:
    """Tell where the first value is not 0 and divides the second: n r divides a s iff n x divides a y, y/x = s/r."""
    (n, r), (a, s) = results
    ratio = Fraction(s) / r
    x, y = ratio.denominator, ratio.numerator
    n, a = _without_end(n, x), _without_end(a, y)
    return (n != 0) & ((a * y) % (n * x + (n == 0)) == 0)


def _without_end(x: Lane, factor: int) -> Lane:
    """Return numbers that can be multiplied by a factor: an array of Python's own integers, unless it is 1."""
    return x if factor == 1 or isinstance(x, int) else x.astype(object)


_KINDS: dict[str, Callable[[Results], Lane]] = {
    "zero": lambda results: results[0][0] == 0,
    "nonzero": lambda results: results[0][0] != 0,
    "nonnegative": lambda results: results[0][0] >= 0,
    "divides": _divides,
}
