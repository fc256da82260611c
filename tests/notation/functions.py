"""Functions with points at which they have exact, whole values: what generated programs are run on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import NamedTuple

from symcost import load
from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil, ceil_div, floor, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, substitute, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.catalog import files
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.notation.function import Argument, Function

Point = Mapping[str, Number]


class Case(NamedTuple):
    """A function, and points at which it is to be run."""

    name: str
    function: Function
    points: tuple[Point, ...]


A, B, G = symbol("A"), symbol("B"), symbol("G")
R = symbol("r", "ratio")
FORMULAS: dict[str, Num] = {
    "constant": 7,
    "none": A - A,
    "huge": 10**30 * A,
    "floors": A * ceil_div(B, 32) ** 2 - 3 * floor_div(A + 7, 8) + 5,
    "falling": floor_div(A - 5 * B, 3) + 100 * B,
    "nested": floor_div(A * ceil_div(B, 4) + 1, 6),
    "fractions": A * (A + 1) * Fraction(1, 2) + B**3 * Fraction(1, 3) - B * Fraction(1, 3),
    "ratios": ceil(A * R) + floor(B * R + Fraction(1, 2)),
    "rounded": make_divisible(A * R, 8) + make_divisible(B * Fraction(3, 4), 8, 16) * A,
    "gcds": gcd(A + B, 12) * B,
    "groups": substitute(18 * A * B * symbol("q"), {"q": G}) * G**-1,
    "powers": 3 * A * raised(2, ceil_div(B, 4)) + raised(Fraction(9, 2), G) * raised(2, G) - raised(3, ceil_div(A, 9)),
    "largest": 5 * maximum([A**2 + 3 * B, 7 * A * ceil_div(B, 2), 40 * B + 9], {}) - A,
    "thirds": floor(A * maximum([A * Fraction(1, 3), B * Fraction(1, 2)], {}) + Fraction(1, 2)),
    "least": 7 * A * B - 2 * A * maximum([-1, -B + 1], {}) * maximum([-3, -G], {}) ** 2,
    "halves": A * maximum([A * (A + 1) * Fraction(1, 2), 6 * B, B * (B + 1) * Fraction(1, 2)], {}),
    "int": A + 1,
}
"""By name; the last is called as no function can be in C."""

METRICS = ("params", "macs", "flops", "elementwise", "activations", "peak_activations")


@cache
def cases() -> tuple[Case, ...]:
    """Return functions of every kind, and some metrics of all shipped networks, with points."""
    return (*_made_up(), *_shipped())


def _made_up() -> Iterator[Case]:
    chance = random.Random(7)  # noqa: S311
    arguments = {"A": Argument(), "B": Argument(default=3), "G": Argument(), "r": Argument("ratio", Fraction(3, 4))}
    for name, value in FORMULAS.items():
        function = Function(name, value, arguments, ("a */ note\\", "on two\nlines"))
        yield Case(name, function, tuple(_point(chance) for _ in range(20)))


def _shipped() -> Iterator[Case]:
    for path in files():
        chance = random.Random(path.stem)  # noqa: S311
        cost = load(path.stem).cost()
        points = tuple(_admitted(cost, chance))
        arguments = {key: Argument(s.kind, s.default) for key, s in cost.symbols.items()}
        for metric in METRICS:
            yield Case(f"{path.stem}-{metric}", Function(metric, cost.poly(metric), arguments), points)


def expected(function: Function, point: Point) -> int:
    """Return the exact value, which is whole at these points."""
    value = evaluate(function.value, point)
    assert isinstance(value, int)
    return value


def _point(chance: random.Random) -> Point:
    ratio = Fraction(chance.randint(1, 9), chance.randint(1, 9))
    return {"A": chance.randint(1, 99), "B": chance.randint(1, 99), "G": chance.randint(1, 9), "r": ratio}


def _admitted(cost: Cost, chance: random.Random) -> Iterator[Point]:
    """Give the defaults, random sizes that the network takes, and more images than 64 bits can count the work of."""
    defaults = cost.bindings()
    yield defaults
    found = (point for step in (1, 16) * 20 if (point := _near(cost, defaults, step, chance)))
    yield from islice(found, 4)
    yield {**defaults, "B": 10**12 + chance.randint(1, 10**6)}


def _near(cost: Cost, defaults: Point, step: int, chance: random.Random) -> Point | None:
    try:
        return cost.bindings({name: _size(value, step, chance) for name, value in defaults.items()})
    except SpecError:
        return None


def _size(value: Number, step: int, chance: random.Random) -> Number:
    if isinstance(value, int) and value >= step:
        return step * chance.randint(-(-value // (2 * step)), 2 * value // step)
    return value * chance.randint(1, 3)
