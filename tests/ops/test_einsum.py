"""Einsum against loops that multiply and add one by one, from left to right."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.ops.op import Refused
from tests.ops.counting import at

SIZES = dict(zip("abcde", (2, 3, 4, 5, 2), strict=True))
Table = dict[tuple[int, ...], float]


def places(letters: str) -> itertools.product[tuple[int, ...]]:
    return itertools.product(*(range(SIZES[x]) for x in letters))


def summed(letters: str, table: Table, wanted: str, tally: Counter[str]) -> tuple[str, Table]:
    """Add up over the letters that nothing wants."""
    rest = "".join(x for x in letters if x in wanted)
    out: Table = {}
    for place in places(letters):
        key = tuple(i for i, x in zip(place, letters, strict=True) if x in rest)
        tally["add"] += key in out
        out[key] = out.get(key, 0) + table[place]
    return rest, out


def loops(terms: list[str], result: str, tables: list[Table], tally: Counter[str]) -> Table:
    """Join from left to right; what both have and nothing later wants is summed on the way."""
    letters, table = terms[0], tables[0]
    for i in range(1, len(terms) + 1):
        later = "".join(terms[i:]) + result
        letters, table = summed(letters, table, later, tally)
        if i == len(terms):
            break
        after = "".join(terms[i + 1 :]) + result
        other, beside = summed(terms[i], tables[i], after + letters, tally)
        every = letters + "".join(x for x in other if x not in letters)
        rest = "".join(x for x in every if x in after)
        out: Table = {}
        for place in places(every):
            at_ = dict(zip(every, place, strict=True))
            left, right, key = (tuple(at_[x] for x in names) for names in (letters, other, rest))
            tally["mac" if rest != every else "mul"] += 1
            out[key] = out.get(key, 0) + table[left] * beside[right]
        letters, table = rest, out
    return {tuple(dict(zip(letters, key, strict=True))[x] for x in result): value for key, value in table.items()}


TERMS = st.integers(1, 3).flatmap(lambda n: st.sampled_from(["".join(p) for p in itertools.permutations(SIZES, n)]))


@st.composite
def equations(draw: st.DrawFn) -> tuple[list[str], str]:
    terms = draw(st.lists(TERMS, min_size=1, max_size=3))
    result = draw(st.lists(st.sampled_from(sorted(set("".join(terms)))), unique=True))
    return terms, "".join(result)


@settings(max_examples=150, deadline=None)
@given(equations())
def test_work_is_that_of_loops(equation: tuple[list[str], str]) -> None:
    terms, result = equation
    chance, tally = np.random.default_rng(1), Counter[str]()
    arrays = [chance.normal(size=tuple(SIZES[x] for x in term)) for term in terms]
    tables = [{place: float(array[place]) for place in places(term)} for term, array in zip(terms, arrays, strict=True)]
    written = f"{','.join(terms)}->{result}"
    found = loops(terms, result, tables, tally)
    theirs = np.einsum(written, *arrays)
    assert all(np.isclose(theirs[place], value) for place, value in found.items())
    facts = at("einsum", *(array.shape for array in arrays), equation=written)
    assert facts.outs == (theirs.shape,)
    assert {kind: n for kind, n in facts.work.items() if n} == {kind: n for kind, n in tally.items() if n}


@settings(max_examples=60, deadline=None)
@given(equations())
def test_way_back_is_twice_the_products(equation: tuple[list[str], str]) -> None:
    terms, result = equation
    facts = at("einsum", *(tuple(SIZES[x] for x in term) for term in terms), equation=f"{','.join(terms)}->{result}")
    for kind in ("mac", "mul"):
        assert facts.grad_input.get(kind, 0) == 2 * facts.work.get(kind, 0)
    assert facts.view == (not facts.work)


def test_a_stretched_side_adds_up_its_gradient() -> None:
    facts = at("einsum", (2, 3, 4), (4,), equation="bte,e->bte")
    assert facts.grad_input == {"mul": 2 * 24, "add": 24 - 4}


@pytest.mark.parametrize(
    ("equation", "ins", "message"),
    [
        ("ij,jk", ((2, 3),), "equation ij,jk has 2 operands, got 1 inputs"),
        ("i...->i", ((2, 3),), "equation is i...->i; it has letters, commas and one ->, and names every axis"),
        ("ij->k", ((2, 3),), "equation ij->k has k in its result, but not once and in an operand"),
        ("ij->ii", ((2, 3),), "equation ij->ii has i in its result, but not once and in an operand"),
        ("ijk->i", ((2, 3),), "operand ijk has 3 axes, got (2, 3)"),
        ("ij,jk->ik", ((2, 3), (4, 5)), "j is 3 and 4; a letter is one size"),
    ],
)
def test_refusals(equation: str, ins: tuple[tuple[int, ...], ...], message: str) -> None:
    with pytest.raises(Refused) as error:
        at("einsum", *ins, equation=equation)
    assert str(error.value) == message
