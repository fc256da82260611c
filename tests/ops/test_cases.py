"""Every op against the cases beside it, and against the laws that all ops obey."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.poly import Num, evaluate, total
from symcost.graph.parts import with_sizes
from symcost.ops.case import Case
from symcost.ops.facts import KINDS, Facts, Shape, numel
from symcost.ops.op import Op, Refused
from symcost.ops.work import plus
from tests.ops.apply import all_cases, apply, make, named, shape, shapes, stated, symbols, value

CASES = list(all_cases())
WORKS = ("work", "grad_input", "grad_weight", "shared", "again")
SECTIONS = ["Shapes", "Weights", "MACs", "Elementwise", "Backward", "Source"]

every_case = pytest.mark.parametrize(("tag", "case"), CASES, ids=named(CASES))
SYMBOLIC = [case for case in CASES if symbols(*case)]
every_symbolic_case = pytest.mark.parametrize(("tag", "case"), SYMBOLIC, ids=named(SYMBOLIC))
every_op = pytest.mark.parametrize("tag", sorted(Op.known))


def facts_of(tag: str, case: Case) -> Facts:
    env = symbols(tag, case)
    return apply(make(tag, case.fields), tuple(shape(text, env) for text in case.ins), env)


def elements(tensors: dict[str, Shape]) -> Num:
    return total((numel(tensor), 1) for tensor in tensors.values())


@every_case
def test_case(tag: str, case: Case) -> None:
    facts, env = facts_of(tag, case), symbols(tag, case)
    assert facts.outs == shapes(case.out, env)
    assert elements(dict(facts.weights)) == value(case.params, env)
    assert elements(dict(facts.buffers)) == value(case.buffers, env)
    assert facts.work.get("mac", 0) == value(case.macs, env)
    assert {kind: facts.work.get(kind, 0) for kind in case.work} == {
        kind: value(count, env) for kind, count in case.work.items()
    }


@every_case
def test_work_has_known_kinds(tag: str, case: Case) -> None:
    facts = facts_of(tag, case)
    assert {*facts.work, *facts.grad_input, *facts.grad_weight, *facts.shared, *facts.again} <= KINDS.keys()


CHOOSING = {"token_merging"}
"""Ops whose products only choose, which has no gradient."""


@every_case
def test_backward_fits_forward(tag: str, case: Case) -> None:
    facts = facts_of(tag, case)
    assert facts.weights or not facts.grad_weight
    if "mac" in facts.work and tag not in CHOOSING:
        assert "mac" in facts.grad_input or "mac" in facts.grad_weight
    for kept in facts.keeps:
        made = kept.what not in ("input", "output")
        assert bool(kept.shape) == made
        assert made or kept.index < len(case.ins if kept.what == "input" else facts.outs)


@every_case
def test_round_trip(tag: str, case: Case) -> None:
    op = make(tag, case.fields)
    again = type(op).model_validate(op.model_dump())
    assert again == op
    assert type(op).model_validate_json(op.model_dump_json()) == op
    assert again.tag == tag


@every_symbolic_case
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_symbols_and_numbers_agree(tag: str, case: Case, data: st.DataObject) -> None:
    """Facts in symbols, then numbers put in, are the facts there; what is refused there fails a condition."""
    env = symbols(tag, case)
    at = {name: data.draw(st.integers(1, 64), label=name) for name in env}  # 2**64 is the largest power
    op = make(tag, case.fields)
    facts, needs = stated(op, tuple(shape(text, env) for text in case.ins), env)
    allowed = all(need.holds(at) for need in needs)
    try:
        numeric = apply(op, tuple(shape(text, at) for text in case.ins), at)
    except Refused:
        assert not allowed
        return
    assert allowed
    assert stripped(with_sizes(facts, at)) == stripped(numeric)
    assert all(isinstance(amount, int) and amount >= 0 for amount in numeric.amounts())
    pairs = {"mac": numeric.masked}
    for part, whole in ((pairs, numeric.work), (numeric.again, numeric.work), (numeric.shared, numeric.grad_weight)):
        assert all(evaluate(whole.get(kind, 0) - amount, {}) >= 0 for kind, amount in part.items())


def stripped(facts: Facts) -> Facts:
    """Return facts without conditions, and without kinds of work of which there is none."""
    return replace(
        facts,
        needs=(),
        work=plus(facts.work),
        grad_input=plus(facts.grad_input),
        grad_weight=plus(facts.grad_weight),
        shared=plus(facts.shared),
        again=plus(facts.again),
    )


@every_case
def test_frozen_weights_are_buffers_and_nothing_else_is_otherwise(tag: str, case: Case) -> None:
    """What the gradients of weights shared with those of the inputs is still done for the inputs."""
    facts = facts_of(tag, case)
    frozen = facts.frozen()
    assert frozen.buffers == {**facts.weights, **facts.buffers}
    assert len(frozen.buffers) == len(facts.weights) + len(facts.buffers)
    assert frozen.grad_input == plus(facts.grad_input, facts.shared)
    assert frozen == replace(
        facts, weights={}, buffers=frozen.buffers, grad_input=frozen.grad_input, grad_weight={}, shared={}
    )


MORE_OR_LESS = {
    "bilinear": "one product serves the gradients of the weight and of an input",
    "continuous_position_bias": "offsets take no gradient",
    "one_hot_position_bias": "zeros and ones take no gradient",
    "rnn": "nothing asks for the gradient of the state before the first step",
    "lstm": "as rnn",
    "gru": "as rnn",
    "token_merging": "which tokens are alike is a choice, and has no gradient",
}
"""Ops whose backward pass is not twice the contractions of their forward pass, and why."""


def test_backward_is_twice_forward() -> None:
    """A product has two sides, and the gradient of each takes what the product takes."""
    every = [(tag, facts_of(tag, case)) for tag, case in CASES]
    others = {tag for tag, facts in every if contracted_back(facts) != 2 * facts.work.get("mac", 0)}
    assert others == MORE_OR_LESS.keys()


def contracted_back(facts: Facts) -> Num:
    return facts.grad_input.get("mac", 0) + facts.grad_weight.get("mac", 0)


def test_every_amount_of_facts_is_found() -> None:
    """Those that closed sums are asked for: of every field that holds sizes or work."""
    sizes = {"outs": ((2, 3),), "weights": {"a": (5,)}, "buffers": {"b": (7,)}, "cached": ((11,), (13,))}
    works = {name: {"mac": 17 + i, "add": 29 + i} for i, name in enumerate(WORKS)}
    others = {"contracted": 41, "taps": 43, "masked": 47, "between": 53}
    facts = Facts(**{**sizes, **works, **others}, read={"a": 59})  # type: ignore[arg-type]
    rest = {"read", "keeps", "keeps_over", "stops", "view", "copies", "inplace", "needs"}
    assert {each.name for each in fields(Facts)} == {*sizes, *works, *others, *rest}
    assert {*facts.amounts()} == {5, 6, 7, 11, 13, *range(17, 22), *range(29, 34), 41, 43, 47, 53, 59}


@every_op
def test_has_a_case(tag: str) -> None:
    assert any(tag == tagged for tagged, _ in CASES)


@every_op
def test_is_documented(tag: str) -> None:
    text = inspect.getdoc(Op.known[tag]) or ""
    assert re.match(r"[A-Z][a-z]+ [^\n]*\.\n\n", text), "one imperative line first"
    assert re.findall(r"^([A-Z]\w*): +\S", text, re.MULTILINE) == SECTIONS


@every_op
def test_has_a_schema(tag: str) -> None:
    schema = Op.known[tag].model_json_schema()
    assert tag in str(schema["properties"]["op"])


def test_cases_name_ops() -> None:
    assert {tag for tag, _ in CASES} <= Op.known.keys()
