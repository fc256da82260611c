"""What an optimum is over: the grammar, values and declarations, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from symcost.algebra.atoms import Number
from symcost.algebra.needs import Divides
from symcost.algebra.poly import symbol
from symcost.errors import UsageError
from symcost.optimum.over import Over, Values, read_over
from symcost.optimum.values import Lattice, values_of
from symcost.spec.symbols import Symbol

SIZE, EIGHTS, RATIO = Symbol(), Symbol(multiple_of=8, min=10, max=50), Symbol(kind="ratio")


def test_pieces_of_a_text() -> None:
    assert read_over("C") == {"C": None}
    assert read_over("C=16:256:8, H, r=1,2,4, L1=1:8") == {"C": "16:256:8", "H": None, "r": "1,2,4", "L1": "1:8"}
    assert read_over(["C=8:64", "L1 , L2"]) == {"C": "8:64", "L1": None, "L2": None}
    assert read_over({"C": [1, 2], "H": None}) == {"C": [1, 2], "H": None}


@pytest.mark.parametrize(
    ("declared", "asked", "values"),
    [
        (SIZE, "3:9:2", [3, 5, 7, 9]),
        (SIZE, "4,2,9", [2, 4, 9]),
        (SIZE, range(2, 8, 3), [2, 5]),
        (SIZE, [7, "3"], [3, 7]),
        (EIGHTS, None, [16, 24, 32, 40, 48]),
        (EIGHTS, "20:", [24, 32, 40, 48]),
        (EIGHTS, ":30", [16, 24]),
        (EIGHTS, "::16", [16, 32, 48]),
        (RATIO, "1/4:1:1/4", [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1]),
        (RATIO, "1:1.02", [1, Fraction(101, 100), Fraction(102, 100)]),
        (RATIO, ":0.03", [Fraction(1, 100), Fraction(2, 100), Fraction(3, 100)]),
    ],
)
def test_values(declared: Symbol, asked: Values, values: list[Number]) -> None:
    assert list(values_of("x", declared, asked, [])) == values


def test_a_condition_gives_a_ratio_its_step() -> None:
    found = values_of("x", RATIO, ":1", [Divides(1, 4 * symbol("k", "ratio"))])
    assert list(found) == [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1]


def test_values_without_end() -> None:
    found = values_of("x", SIZE, "5::10", [])
    assert isinstance(found, Lattice) and found.size is None
    assert [found[i] for i in range(3)] == [10, 20, 30]
    assert list(found.ended(45)) == [10, 20, 30, 40]
    assert found.ended(45)[-1] == 40 and found.ended(45)[1:3] == [20, 30]


@pytest.mark.parametrize(
    ("over", "line"),
    [
        ("", "over '': write NAME, NAME=LOW:HIGH:STEP or NAME=VALUE,VALUE"),
        ([], "over names no unknown; give some, such as over 'C, H=32:512:32'"),
        ("C, 5", "over 'C, 5': '5' is not the name of an unknown"),
        ("C=", "over 'C=': write NAME, NAME=LOW:HIGH:STEP or NAME=VALUE,VALUE"),
        ("C, C=1:4", "over: C comes twice"),
    ],
)
def test_what_is_not_of_the_grammar(over: Over, line: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_over(over)
    assert str(refused.value) == line


@pytest.mark.parametrize(
    ("declared", "asked", "line"),
    [
        (EIGHTS, "3:9:2", "the grid is not one: x = 3 is below the least value, 10"),
        (EIGHTS, [16, 20], "the grid is not one: x = 20 breaks the declared condition that 8 divides x"),
        (SIZE, "::0", "x: the step of a range is above 0, got 0"),
        (SIZE, ":9:2:2", "x: a range is LOW:HIGH or LOW:HIGH:STEP, got ':9:2:2'"),
        (SIZE, "9:3", "x: the range 9:3 is empty"),
        (SIZE, ":many", "x: takes a number: unknown name 'many'"),
        (SIZE, "::1/2", "x is a whole number, and goes in whole steps, not in steps of 1/2"),
        (EIGHTS, "49:", "x: no multiple of 8 from 49 to 50 is allowed"),
    ],
)
def test_values_that_are_refused(declared: Symbol, asked: Values, line: str) -> None:
    with pytest.raises(UsageError) as refused:
        values_of("x", declared, asked, [])
    assert str(refused.value) == line


def test_a_lattice_is_a_sequence() -> None:
    found: Sequence[Number] = Lattice(Fraction(1, 2), Fraction(1, 2), 4)
    assert list(found) == [Fraction(1, 2), 1, Fraction(3, 2), 2]
    assert isinstance(found[1], int)
