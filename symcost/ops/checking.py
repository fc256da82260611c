"""Check an op against cases: what it states in symbols, and that numbers give the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, total
from symcost.errors import Problem, SpecError, UsageError
from symcost.ops.apply import apply, shape, shapes, stated, symbols, value
from symcost.ops.case import Case
from symcost.ops.facts import WEIGHTS, Facts, Shape, numel
from symcost.ops.op import Op, Refused, shown

_SIZES = ((6, 8, 12, 16, 24, 32, 48, 64), (64, 48, 32, 24, 16, 12, 8, 6), (16, 16, 16, 16, 16, 16, 16, 16))
"""Numbers that stand for the symbols of a case, in turn: most things divide them."""


def check_cases(op: type[Op], cases: Sequence[Case]) -> None:
    """Check that an op states what each case says, and facts that hang together.

    That is: shapes, elements of weights and buffers and work are those of the case; kinds of work are known; what
    contracts has a gradient, and what has none no weights; numbers in place of symbols give the same facts.

        >>> check_cases(Tlu, [Case({}, ("B C H W",), "B C H W", params="C", work={"compare": "B*C*H*W"})])

    Raises:
        SpecError: something is otherwise; one line for each thing, with the number of its case.
    """
    if not cases:
        raise SpecError(f"{op.__name__} has no case to be checked against")
    found = [
        Problem(f"{case.op or op.tags()[0]}, case {number}: {message}")
        for number, case in enumerate(cases, 1)
        for message in _complaints(op, case)
    ]
    if found:
        raise SpecError(*found)


def _complaints(op: type[Op], case: Case) -> Iterator[str]:
    made = op.model_validate({"op": case.op or op.tags()[0], **case.fields})
    env = symbols(made, case)
    ins = tuple(shape(text, env) for text in case.ins)
    try:
        made.bind(env)[0].facts(ins)
        facts, needs = stated(made, ins, env)
    except (Refused, UsageError) as refusal:
        yield str(refusal)
        return
    yield from _otherwise(facts, case, env)
    yield from _loose(facts, case)
    for sizes in _SIZES if env else ():
        at = dict(zip(env, sizes * len(env), strict=False))
        if all(need.holds(at) for need in needs):
            yield from _at(made, case, facts, at)


def _otherwise(facts: Facts, case: Case, env: Mapping[str, Num]) -> Iterator[str]:
    """Find what a case says otherwise."""
    if facts.outs != (outs := shapes(case.out, env)):
        yield f"gives {_listed(facts.outs)}, and the case says {_listed(outs)}"
    said: list[tuple[str, Num, int | str]] = [
        ("params", _elements(facts.weights), case.params),
        ("buffers", _elements(facts.buffers), case.buffers),
        ("macs", facts.work.get("mac", 0), case.macs),
    ]
    said += [(f"work of kind '{kind}'", facts.work.get(kind, 0), amount) for kind, amount in case.work.items()]
    for what, stated_amount, text in said:
        if stated_amount != (amount := value(text, env)):
            yield f"{what}: {stated_amount}, and the case says {amount}"


def _loose(facts: Facts, case: Case) -> Iterator[str]:
    """Find what does not hang together."""
    if "mac" in facts.work and "mac" not in facts.grad_input and "mac" not in facts.grad_weight and not facts.stops:
        yield "contracts, and states no gradient: neither grad_input nor grad_weight has 'mac'"
    if facts.grad_weight and not facts.weights:
        yield "states work for the gradient of weights, and has none"
    for kept in facts.keeps:
        count = {"input": len(case.ins), "output": len(facts.outs)}.get(kept.what)
        if count is not None and kept.index >= count:
            yield f"keeps {kept.what} {kept.index}, and has {count}, from 0"
        if any(each != WEIGHTS and each >= len(case.ins) for each in kept.to):
            yield f"keeps {kept.what} for an input that it does not have"


def _at(op: Op, case: Case, facts: Facts, at: Mapping[str, Number]) -> Iterator[str]:
    """Find what numbers give otherwise than symbols."""
    where = ", ".join(f"{name} = {size}" for name, size in at.items())
    try:
        numeric = apply(op, tuple(shape(text, at) for text in case.ins), at)
    except Refused as refusal:
        yield f"takes symbols and refuses numbers: {refusal}, at {where}"
        return
    pairs = zip(facts.amounts(), numeric.amounts(), strict=False)
    if any(evaluate(symbolic, at) != plain for symbolic, plain in pairs):
        yield f"is another function of numbers than of symbols: at {where}"
    elif any(not isinstance(plain, int) or plain < 0 for plain in numeric.amounts()):
        yield f"states an amount that is no whole number of things: at {where}"


def _elements(tensors: Mapping[str, Shape]) -> Num:
    return total((numel(tensor), 1) for tensor in tensors.values())


def _listed(outs: Sequence[Shape]) -> str:
    return ", ".join(map(shown, outs))
