"""Grids read from text, within what the symbols are declared to take."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcost.errors import UsageError
from symcost.solver.grid import Over, axes, axis_names
from symcost.spec.symbols import Symbol

SYMBOLS = {
    "C": Symbol(multiple_of=8),
    "H": Symbol(min=32, max=512),
    "B": Symbol(),
    "alpha": Symbol(kind="ratio"),
    "v1": Symbol(kind="flag"),
    "L": Symbol(kind="constant", min=1),
}


@pytest.mark.parametrize(
    ("over", "values"),
    [
        ("C=16:64:16", [16, 32, 48, 64]),
        ("C=10:64", [16, 24, 32, 40, 48, 56, 64]),
        ("B=1:4", [1, 2, 3, 4]),
        ("B=1:8:3", [1, 4, 7]),
        (" B = 3 : 3 ", [3]),
        ("B=4,1,2**3", [4, 1, 8]),
        ("alpha=1/4:1:1/4", [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1]),
        ("alpha=0.5:2:0.75", [Fraction(1, 2), Fraction(5, 4), 2]),
        ("v1=true,false", [True, False]),
        ("L=1:3", [1, 2, 3]),
        ({"C": range(8, 33, 8)}, [8, 16, 24, 32]),
        ({"alpha": ["1/2", Fraction(2, 3), 1]}, [Fraction(1, 2), Fraction(2, 3), 1]),
        ({"v1": [False]}, [False]),
        ({"B": "1:3"}, [1, 2, 3]),
    ],
)
def test_values(over: Over, values: list[object]) -> None:
    (axis,) = axes(over, SYMBOLS)
    assert list(axis.values) == values
    assert [type(v) for v in axis.values] == [type(v) for v in values]


def test_several() -> None:
    found = axes(["C=8:16", "B=1,2"], SYMBOLS)
    assert [(axis.name, list(axis.values)) for axis in found] == [("C", [8, 16]), ("B", [1, 2])]
    assert axis_names(["C=8:16", "B=1,2"]) == ("C", "B")
    assert axis_names({"C": "8:16"}) == ("C",)
    assert axes("C=8:16,B=1,2, alpha = 1/2", SYMBOLS) == axes(["C=8:16", "B=1,2", "alpha=1/2"], SYMBOLS)
    assert [str(axis) for axis in axes(["C=8:800", "B=1,2"], SYMBOLS)] == ["C = 8, 16, ..., 800", "B = 1, 2"]


def test_a_long_range_takes_no_room() -> None:
    (axis,) = axes("B=1:9999999", SYMBOLS)
    assert isinstance(axis.values, range)


@pytest.mark.parametrize(
    ("over", "line"),
    [
        ("C", "an axis is given as NAME=LOW:HIGH:STEP or NAME=VALUE,VALUE, got 'C'"),
        ("C=", "an axis is given as NAME=LOW:HIGH:STEP or NAME=VALUE,VALUE, got 'C='"),
        ("c=8:16", "there is no free symbol 'c'; did you mean 'C'?; free are C, H, B, alpha, v1, L"),
        (["B=1:2", "B=3"], "B is given twice as an axis of the grid"),
        ("B=5:3", "B: the range 5:3 is empty"),
        ("C=9:15", "C: the range 9:15 is empty"),
        ("B=1:9:0", "B: the step of a range is above 0, got 0"),
        ("B=1:2:3:4", "B: a range is LOW:HIGH or LOW:HIGH:STEP, got '1:2:3:4'"),
        ("B=1:99999999", "B has 99,999,999 values in the grid; more than 10,000,000 are not tried"),
        ("B=1:1e30", f"B has {10**30:,} values in the grid; more than 10,000,000 are not tried"),
        ("alpha=1/4:99999999:1/4", "alpha has 399,999,996 values in the grid; more than 10,000,000 are not tried"),
        ({"B": range(1, 1)}, "B has no value from the grid that is asked for"),
        ("alpha=1/4:1", "alpha is a ratio: give a step, as in alpha=1/4:1:1/8"),
        ("C=16:64:4", "the grid is not one: C = 20 breaks the declared condition that 8 divides C"),
        ("C=12:64:8", "the grid is not one: C = 12 breaks the declared condition that 8 divides C"),
        ("H=16:64", "the grid is not one: H = 16 is below the least value, 32"),
        ("H=32:1024:32", "the grid is not one: H = 1024 is above the greatest value, 512"),
        ("B=1,3/2", "the grid is not one: B = 3/2 is not a whole number, and the kind is dimension"),
        ("B=0:3", "the grid is not one: B = 0 is not a positive size"),
        ("alpha=0:1:1/2", "the grid is not one: alpha = 0 is not positive"),
        ("v1=1", "the grid is not one: v1 = 1 is not true or false"),
        ("B=true", "the grid is not one: B = true is not a number, and the kind is dimension"),
        ("B=1,2,1", "B = 1 is in the grid twice"),
        ({"B": [1.5]}, "B: takes exact numbers; write 1.5 as text or as a fraction"),
    ],
)
def test_refusals(over: Over, line: str) -> None:
    with pytest.raises(UsageError) as refused:
        axes(over, SYMBOLS)
    assert str(refused.value) == line
