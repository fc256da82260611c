"""How the parts of two networks are laid side by side, and what a difference is put down to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.poly import Num, total
from symcost.comparison.causes import Cause, causes, plain
from symcost.comparison.rows import Part, pairs
from tests.solver.fake import C


def parts(**amounts: Num) -> list[Part]:
    """Return nodes from names with ``__`` for dots; the op is the last name without its number."""
    paths = [tuple(name.split("__")) for name in amounts]
    return [
        Part(path, path[-1].rstrip("_0123456789"), amount) for path, amount in zip(paths, amounts.values(), strict=True)
    ]


def first(part: Part) -> str:
    return part.path[0]


def test_rows_are_matched_by_name_in_the_order_of_the_first() -> None:
    left = parts(stem__conv=1, a__conv=2, a__relu=3, b__conv=4, head__linear=5)
    right = parts(stem__conv=1, new__conv=7, a__conv=9, head__linear=5, end__relu=6)
    rows = pairs(left, right, first)
    assert [(row.name, row.amounts) for row in rows] == [
        ("stem", (1, 1)),
        ("new", (None, 7)),
        ("a", (5, 9)),
        ("b", (4, None)),
        ("head", (5, 5)),
        ("end", (None, 6)),
    ]
    assert [row.difference for row in rows] == [0, 7, 4, -4, 0, 6]


def test_what_is_the_same_under_another_name_is_one_row() -> None:
    left = parts(body__conv=C, body__relu=3, tail__linear=4)
    right = parts(trunk__conv=C, trunk__relu=3, tail_2__linear=5)
    assert [row.name for row in pairs(left, right, first)] == ["body = trunk", "tail_2", "tail"]


def test_a_difference_is_put_down_to_the_outermost_block_that_is_new() -> None:
    left = parts(stage__block__conv=5, stage_2__block__conv=5, linear=3)
    right = parts(
        stage__block__conv=5,
        stage__block__se__branch_2__conv=2,
        stage__block__se__mul=1,
        stage_2__block__conv=4,
        stage_2__block__se__mul=1,
        stage_2__repeat__block__conv=9,
        linear=3,
    )
    assert causes(left, right) == [
        Cause("stage.block.conv", None, -1, 4),
        Cause("stage.block.se", 1, 4, 3),
        Cause("stage.repeat.block", 1, 9, 1),
    ]
    assert causes(right, left)[1] == Cause("stage.block.se", 0, -4, 3)
    assert causes(left, left) == []


def test_names_without_the_numbers_of_the_blocks_around() -> None:
    assert plain(["stage_2", "repeat", "block_3", "unit_2", "conv2d_2"], 2) == "stage.block.unit_2.conv2d_2"
    assert plain(["stage_2", "block_12"]) == "stage.block"
    assert plain(["conv2d_3"], 2) == "conv2d_3"


NAMES = st.lists(st.sampled_from(["a", "b", "b_2", "repeat", "c", "c_3"]), min_size=1, max_size=4)
SIDE = st.lists(st.tuples(NAMES, st.integers(0, 5)), max_size=8)


@given(SIDE, SIDE)
def test_rows_and_causes_always_add_up(left: list[tuple[list[str], int]], right: list[tuple[list[str], int]]) -> None:
    sides = [
        [Part((*path, str(i)), path[-1], amount) for i, (path, amount) in enumerate(side)] for side in (left, right)
    ]
    difference = total((part.amount, 1) for part in sides[1]) - total((part.amount, 1) for part in sides[0])
    for key in (first, lambda part: part.op, lambda part: part.name):
        rows = pairs(sides[0], sides[1], key)
        assert total((row.difference, 1) for row in rows) == difference
        for i in (0, 1):
            assert total((row.amounts[i] or 0, 1) for row in rows) == total((part.amount, 1) for part in sides[i])
    assert total((cause.difference, 1) for cause in causes(*sides)) == difference
