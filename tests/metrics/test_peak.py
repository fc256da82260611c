"""Peak memory against plain buffers that come and go, round by round, and against torch's own allocations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.poly import atoms_of, constant, evaluate
from symcost.errors import NoAnswer, SpecError
from tests.specs.naive.terms import Misfit
from tests.specs.naive.walk import count

HEAD = """
symcost: 1
name: net
symbols: {symbols}
inputs: {inputs}
{rest}
"""


def spec(folder: Path, model: str, symbols: str = "{B: 2, C: 8, L: 3}", inputs: str = "{x: [B, C]}") -> Path:
    path = folder / "net.yaml"
    path.write_text(HEAD.format(symbols=symbols, inputs=inputs, rest=model))
    return path


def peak(path: Path, **fixed: Any) -> symcost.Cost:
    return symcost.load(path).cost(**fixed)


PLAIN = "model: [linear: C, relu, linear: 3*C, relu, linear: 5]"
SKIP = """
model:
  - {linear: C, name: start}
  - repeat: L
    do: [linear: 4*C, relu, linear: C]
  - {add: ~, from: [start, here]}
"""
MEMORY = """
model:
  - {linear: 6*C, name: memory}
  - linear: C
  - repeat: L
    do:
      - {concat: 1, from: [here, memory]}
      - linear: 2*C
      - linear: C
"""
GROWING = """
model:
  - linear: C
  - repeat: L
    do: [branches: [[], [linear: 2*C, linear: C]]]
  - linear: 3
"""
WIDE = """
model:
  - linear: 9*C
  - repeat: L
    do: [linear: "E_now - 1"]
  - linear: 3
"""
RELUS = """
model:
  - linear: C
  - repeat: L
    do: [relu, linear: 2*C, relu, {linear: C, name: a}, dropout, {add: ~, from: [a, here]}]
  - relu
"""
NESTED = """
model:
  - {linear: C, name: stem}
  - repeat: L
    do:
      - linear: 2*C
      - repeat: M
        do: [{linear: 2*C, name: inner}, {add: ~, from: [inner, here]}, relu]
      - {concat: 1, from: [here, stem]}
      - linear: C
"""
TRIANGLE = """
model:
  - linear: C
  - repeat: L
    index: i
    do:
      - repeat: i + 1
        do: [linear: C, relu]
      - linear: C
"""
SOME = """
model:
  - linear: C
  - repeat: L - 1
    do: [linear: 4*C, linear: C]
  - linear: 2*C
"""
TWO = """
model:
  - {branches: [[linear: C], [linear: C]], join: none, name: both}
  - repeat: L
    do:
      - {linear: 3*C, from: here}
"""
UNREAD = """
model:
  - {linear: 7*C, name: early}
  - linear: C
  - {linear: 2*C, name: late}
  - {chunk: 2, name: parts}
  - {add: ~, from: [parts.0, parts.1]}
outputs: [early]
"""
AGAIN = """
model:
  - {repeat: L, do: [linear: C], name: a}
  - repeat: M
    index: i
    do: [{concat: 1, from: [here, a]}, linear: "20*C*(i + 1)", linear: "20*C*(i + 1)", linear: C]
"""
VIEWED = """
model:
  - linear: 3*C
  - repeat: L
    do:
      - {dropout: ~, name: view}
      - linear: 2*C
      - {repeat: M, do: [dropout, linear: 4*C, linear: 2*C]}
      - linear: 3*C
      - {add: ~, from: [here, view]}
"""
NARROWER = """
model:
  - linear: 20
  - {repeat: L, index: i, do: [relu, linear: 20 - i]}
"""
NETS = {
    "plain": PLAIN, "skip": SKIP, "memory": MEMORY, "growing": GROWING, "wide": WIDE, "relus": RELUS, "nested": NESTED,
    "triangle": TRIANGLE, "some": SOME, "unread": UNREAD, "again": AGAIN, "viewed": VIEWED, "narrower": NARROWER,
}  # fmt: skip
SYMBOLS = "{B: 2, C: 8, L: 3, M: 2}"


@pytest.mark.parametrize("name", NETS)
def test_formula_is_what_buffers_come_to(name: str, tmp_path: Path) -> None:
    """For symbolic numbers of rounds, and again with the numbers put in before the walk."""
    path = spec(tmp_path, NETS[name].strip(), SYMBOLS)
    cost, seen = peak(path), 0
    for L in range(1, 7):
        for M in (1, 2, 3):
            for C in (2, 8, 13):
                at: dict[str, Any] = {"B": 3, "C": C, "L": L, "M": M}
                try:
                    expected = count(path, **at).peak_activations
                except Misfit:
                    with pytest.raises(SpecError):
                        cost.bindings(at)
                    continue
                assert evaluate(cost.poly("peak_activations"), at) == expected, at
                seen += 1
            fixed = peak(path, L=L, M=M).poly("peak_activations")
            assert evaluate(fixed, {"B": 3, "C": 13}) == expected, (L, M)
    assert seen > 20


def test_the_largest_row_is_the_total(tmp_path: Path) -> None:
    for path in (spec(tmp_path, SKIP.strip()), Path("specs/gpt2.yaml")):
        cost = symcost.load(path).cost()
        env = cost.bindings()
        whole = evaluate(cost.poly("peak_activations"), env)
        for by in ("node", "block", "op"):
            rows = cost.rows(by, names=["peak_activations"])
            assert max(evaluate(row.values["peak_activations"], env) for row in rows) == whole
            total = cost.table(by, names=["peak_activations"]).total
            assert total is not None
            assert total[-1] == whole


def test_in_place_and_views() -> None:
    """A relu writes over what nothing reads later; a residual's input is read later, so the relu after it does not."""
    assert str(symcost.load("vgg16_features").cost().poly("peak_activations")) == "2*B*C*H*W"


def test_resnet50() -> None:
    """94 nodes with 45 different live sets, of which 8 can be the largest, and on images of 33 and more only 2."""
    cost = symcost.load("resnet50").cost()
    rows = cost.by_node(["peak_activations"])
    assert (len(rows), len({row.values["peak_activations"] for row in rows})) == (94, 45)
    (atom,) = atoms_of(cost.poly("peak_activations"))
    assert isinstance(atom, Max)
    assert len(atom.options) == 8
    large = maximum(atom.options, {"H": (33, None), "W": (33, None)})
    assert str(large) == "max(12*B*C*ceil(H/4)*ceil(W/4), 32*B*C + B*K)"


TURN = """
model:
  - {branches: [[linear: C], [linear: C]], join: none, name: both}
  - {repeat: L, do: [turn], from: both}
blocks:
  turn:
    inputs: [a, b]
    body: [{linear: C, from: a, name: c}, {add: ~, from: [c, b], name: d}]
    outputs: [d, a]
"""
AROUND_NONE = """
model:
  - {linear: C, name: start}
  - {repeat: L - 1, do: [linear: C, linear: C]}
  - {add: ~, from: [start, here]}
"""
PAIR = """
blocks:
  pair:
    inputs: [a, b]
    body: [{linear: C, from: a, name: c}, {linear: C, from: b, name: d}]
    outputs: [c, d]
"""
PAIRS_IN_ROUNDS = """
model:
  - {branches: [[linear: C], [linear: C]], join: none}
  - {repeat: M, do: [{repeat: L, do: [pair]}, pair]}
""" + PAIR.lstrip()
PAIRS_OR_NONE = """
model:
  - {branches: [[linear: C], [linear: C]], join: none}
  - {repeat: L - 1, do: [pair]}
""" + PAIR.lstrip()
WAY_OUT = "; fix the count with a number"


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer) as error:
        peak(spec(tmp_path, TURN)).poly("peak_activations")
    assert str(error.value) == f"the peak has no form for L rounds: a round hands on what the one before made{WAY_OUT}"
    with pytest.raises(NoAnswer) as error:
        peak(spec(tmp_path, AROUND_NONE)).poly("peak_activations")
    reason = "where there are none, something else is held"
    assert str(error.value) == f"the peak has no form for L - 1 rounds: {reason}{WAY_OUT}"


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (PAIRS_IN_ROUNDS, "L rounds: rounds inside rounds hand on several tensors"),
        (PAIRS_OR_NONE, "L - 1 rounds: several tensors are handed on, and there may be no round"),
    ],
)
def test_two_rounds_do_not_tell_where_several_tensors_go(model: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(NoAnswer) as error:
        peak(spec(tmp_path, model, SYMBOLS)).poly("peak_activations")
    assert str(error.value) == f"the peak has no form for {reason}{WAY_OUT}"


FEWER = """
model:
  - linear: C
  - repeat: L
    index: i
    do: [{repeat: L - i, do: [linear: 2*C, linear: 5*C]}, linear: C]
"""


@pytest.mark.parametrize("model", [TURN, AROUND_NONE, FEWER, PAIRS_IN_ROUNDS, PAIRS_OR_NONE])
def test_rounds_in_plain_numbers_are_played_one_by_one(model: str, tmp_path: Path) -> None:
    path = spec(tmp_path, model, SYMBOLS)
    for L in range(1, 7):
        found = peak(path, L=L, M=2)
        assert len(found.graph.nodes) < 12
        for C in (1, 8, 30):
            expected = count(path, L=L, M=2, C=C).peak_activations
            assert evaluate(found.poly("peak_activations"), {"B": 2, "C": C}) == expected, L


def test_too_many_rounds_are_not_played_one_by_one(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer, match=r"^the peak has no form, and more than 5,000 nodes run one by one$"):
        peak(spec(tmp_path, TURN), L=2500).poly("peak_activations")


def test_weights_without_work(tmp_path: Path) -> None:
    """What only reads an input, or runs in training only, holds nothing."""
    nothing = spec(tmp_path, "model: [{linear: 4, only: training, name: aux}, identity]")
    assert constant(peak(nothing).poly("peak_activations")) == 0


SKIPPED = """
model:
  - {linear: C, name: stem}
  - {linear: 9*C, only: never, name: held}
  - repeat: L
    from: held
    only: never
    do: [{linear: 9*C}]
  - repeat: L
    do: [{linear: 9*C, only: training}]
  - linear: C
"""


@pytest.mark.parametrize("L", [{}, {"L": 1}, {"L": 2}])
def test_repetitions_that_evaluation_skips_hold_nothing(L: dict[str, int], tmp_path: Path) -> None:
    """One that does not run, after a step that does not either, and one that runs with nothing in it."""
    found = peak(spec(tmp_path, SKIPPED, SYMBOLS), **L).poly("peak_activations")
    assert evaluate(found, {"B": 2, "C": 8, "L": 3}) == 2 * (2 * 8)
