"""Every op against the cases beside it, and against the laws that all ops obey."""

from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.poly import Num, evaluate, total
from symcost.ops.case import Case
from symcost.ops.facts import KINDS, Facts, Shape, Work, numel
from symcost.ops.op import Op, Refused
from tests.ops.apply import all_cases, apply, make, named, shape, shapes, stated, symbols, value

CASES = list(all_cases())
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
    assert {*facts.work, *facts.grad_input, *facts.grad_weight} <= KINDS.keys()


@every_case
def test_backward_fits_forward(tag: str, case: Case) -> None:
    facts = facts_of(tag, case)
    assert facts.weights or not facts.grad_weight
    if "mac" in facts.work:
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
    assert [tuple(evaluate(size, at) for size in out) for out in facts.outs] == list(numeric.outs)
    for ours, theirs in (
        (facts.work, numeric.work),
        (facts.grad_input, numeric.grad_input),
        (facts.grad_weight, numeric.grad_weight),
        (facts.again, numeric.again),
    ):
        assert at_point(ours, at) == at_point(theirs, at)
    assert evaluate(facts.taps, at) == numeric.taps
    assert evaluate(facts.masked, at) == numeric.masked
    assert [tuple(evaluate(size, at) for size in held) for held in facts.cached] == list(numeric.cached)
    works = (numeric.work, numeric.grad_input, numeric.grad_weight)
    assert all(evaluate(count, {}) >= 0 for work in works for count in work.values())


def at_point(work: Work, at: dict[str, int]) -> dict[str, Num]:
    values = {kind: evaluate(count, at) for kind, count in work.items()}
    return {kind: count for kind, count in values.items() if count}


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
