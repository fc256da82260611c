"""Numbers that count what is done with them: the oracle of preparations."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable


class Tally:
    """Counts work by kind, and numbers written to a new place."""

    def __init__(self, seed: int) -> None:
        self.work: Counter[str] = Counter()
        self.moves = 0
        self._dice = random.Random(seed)  # noqa: S311 - data of a test

    def number(self, value: float) -> Counted:
        return Counted(value, self)

    def table(self, rows: int, columns: int) -> list[list[Counted]]:
        """Return a table of random numbers."""
        return [[self.number(self._dice.gauss(0, 1)) for _ in range(columns)] for _ in range(rows)]

    def draw(self) -> Counted:
        """Draw a number from [0, 1)."""
        self.work["random"] += 1
        return self.number(self._dice.random())

    def pick(self, below: int) -> int:
        """Draw a whole number."""
        self.work["random"] += 1
        return self._dice.randrange(below)

    def dot(self, x: list[Counted], y: list[Counted]) -> Counted:
        """Contract two vectors: a MAC for each pair."""
        self.work["mac"] += len(x)
        return self.number(sum(a.value * b.value for a, b in zip(x, y, strict=True)))

    def write(self, numbers: int) -> None:
        self.moves += numbers


class Counted:
    """A number whose arithmetic is counted."""

    def __init__(self, value: float, tally: Tally) -> None:
        self.value, self.tally = value, tally

    def _do(self, kind: str, other: Counted | float, how: Callable[[float, float], float]) -> Counted:
        self.tally.work[kind] += 1
        return Counted(how(self.value, other.value if isinstance(other, Counted) else other), self.tally)

    def __add__(self, other: Counted | float) -> Counted:
        return self._do("add", other, lambda a, b: a + b)

    def __sub__(self, other: Counted | float) -> Counted:
        return self._do("add", other, lambda a, b: a - b)

    def __rsub__(self, other: float) -> Counted:
        return self._do("add", other, lambda a, b: b - a)

    def __mul__(self, other: Counted | float) -> Counted:
        return self._do("mul", other, lambda a, b: a * b)

    def __truediv__(self, other: Counted | float) -> Counted:
        return self._do("div", other, lambda a, b: a / b if b else 0.0)

    def __lt__(self, other: Counted | float) -> bool:
        self.tally.work["compare"] += 1
        return self.value < (other.value if isinstance(other, Counted) else other)

    def __gt__(self, other: Counted | float) -> bool:
        self.tally.work["compare"] += 1
        return self.value > (other.value if isinstance(other, Counted) else other)

    def __eq__(self, other: object) -> bool:
        raise NotImplementedError("equality is not counted")

    __hash__ = None  # type: ignore[assignment]

    def sqrt(self) -> Counted:
        self.tally.work["sqrt"] += 1
        return Counted(math.sqrt(max(self.value, 0.0)), self.tally)

    def clamp(self) -> Counted:
        """Return it within 0 and 1, for two comparisons."""
        self.tally.work["compare"] += 2
        return Counted(min(max(self.value, 0.0), 1.0), self.tally)


def total(numbers: list[Counted]) -> Counted:
    """Add up, with one addition fewer than there are numbers."""
    first, *rest = numbers
    for number in rest:
        first = first + number
    return first
