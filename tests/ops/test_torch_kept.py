"""What autograd keeps where few gradients are asked for, and where an activation works in place."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.algebra.poly import evaluate
from symcost.ops.case import Case
from symcost.ops.facts import WEIGHTS, Facts, Kept, numel

torch = pytest.importorskip("torch")

from tests.ops.apply import all_cases, named  # noqa: E402
from tests.ops.settings import Run, Sizes  # noqa: E402
from tests.ops.test_torch_oracle import BUILD, BYTES, kept_otherwise, layer, points, sample, tensors  # noqa: E402

pytestmark = pytest.mark.oracle
CASES = list(all_cases())


def saved(run: Run, xs: list[Any]) -> int:
    """Return the bytes of distinct storages that autograd keeps, parameters and buffers excepted."""
    owned = {tensor.untyped_storage().data_ptr() for part in tensors(run) for tensor in part}
    kept: dict[int, int] = {}

    def pack(tensor: Any) -> Any:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        run(*xs)
    return sum(size for place, size in kept.items() if place not in owned)


def expected(facts: Facts, ins: Sizes, keeps: tuple[Kept, ...], to: int) -> int:
    """Return the bytes that the op says are kept where one gradient is asked for."""
    places = {"input": ins, "output": facts.outs}
    flows = not facts.stops or to == WEIGHTS
    read = (one for one in keeps if flows and (not one.to or to in one.to))
    sizes = ((one, places[one.what][one.index] if one.what in places else one.shape) for one in read)
    return sum(BYTES[one.dtype] * int(evaluate(numel(shape), {})) for one, shape in sizes)


def gradients(facts: Facts, ins: Sizes, tag: str) -> list[int]:
    inputs = [] if tag == "embedding" else [*range(len(ins))]
    return [*inputs, *([WEIGHTS] if facts.weights else [])]


@pytest.mark.parametrize(("tag", "case"), CASES, ids=named(CASES))
def test_one_gradient_keeps_what_it_reads(tag: str, case: Case) -> None:
    for op, ins, facts in points(tag, case, 1):
        if reason := kept_otherwise(op):
            pytest.skip(reason)
        found, said = {}, {}
        for to in gradients(facts, ins, tag):
            run = BUILD[tag](op, ins)
            for parameter in tensors(run)[0]:
                parameter.requires_grad_(to == WEIGHTS)
            xs = [sample(tag, size) for size in ins]
            for place, x in enumerate(xs):
                x.requires_grad_(place == to)
            found[to] = saved(run, xs)
            said[to] = expected(facts, ins, facts.keeps, to)
        assert said == found, (said, found, op.tag, ins, [(k.what, k.index) for k in facts.keeps])


INPLACE = [(tag, case) for tag, case in CASES if points(tag, case, 1)[0][2].inplace]


@pytest.mark.parametrize(("tag", "case"), INPLACE, ids=named(INPLACE))
def test_in_place_the_output_stands_for_the_input_or_a_copy_is_made(tag: str, case: Case) -> None:
    """Where the output is not enough torch copies the input first, so that as much is kept as without."""
    ((op, ins, facts),) = points(tag, case, 1)
    run = layer(op, inplace=True)
    found = saved(run, [sample(tag, size) + 1 for size in ins])
    assert found == expected(facts, ins, facts.keeps_over or facts.keeps, 0)
