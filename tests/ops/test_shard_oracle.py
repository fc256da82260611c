"""Ops on parts of their tensors against PyTorch: two workers with half of everything make what one makes.

Every way in which an op says that it can be cut is tried: the layer of torch on all of the inputs, then one for each
worker on its parts, with its part of the same weights.
"""

from __future__ import annotations

from typing import Any

import pytest

from symcost.algebra.poly import evaluate
from symcost.ops.facts import Shape
from tests.ops.test_shard import FOUND, WORKERS, Cutting

torch = pytest.importorskip("torch")
oracle = pytest.importorskip("tests.ops.test_torch_oracle")
pytestmark = pytest.mark.oracle

ELSEWHERE = {
    "embedding": "rows of other workers are 0, which torch's layer does not do",
    "dispatch": "routing is by numbers",
    "combine": "routing is by numbers",
}
PIECES = ("chunk", "split", "glu")
"""Ops that cut an axis themselves; a worker's part is a part of each piece."""
PLACES = ("rotary_embedding", "position_embedding")
"""Ops that do for a token what its place says; a worker's tokens have other places than the first ones."""
LIMIT = 400_000


def whole_numbers(shape: Shape) -> tuple[int, ...]:
    return tuple(int(evaluate(size, {})) for size in shape)


def elements(cutting: Cutting) -> int:
    found = 0
    for shape in (*cutting.ins, *cutting.facts.outs):
        product = 1
        for size in whole_numbers(shape):
            product *= size
        found = max(found, product)
    return found


def pieces(cutting: Cutting) -> list[int]:
    """Return the sizes into which an op cuts the axis that workers share."""
    if cutting.op.tag == "glu":
        return [int(evaluate(cutting.facts.outs[0][cutting.axes[0] or 0], {}))] * 2
    return [whole_numbers(out)[cutting.axes[0] or 0] for out in cutting.facts.outs]


def own(tensor: Any, axis: int | None, worker: int) -> Any:
    return tensor if axis is None else tensor.chunk(WORKERS, axis)[worker]


def part_of_input(cutting: Cutting, tensor: Any, axis: int | None, worker: int) -> Any:
    dim = cutting.op.fields().get("dim", 1)
    if axis is None or cutting.op.tag not in PIECES or axis != dim % tensor.dim():
        return own(tensor, axis, worker)
    return torch.cat([own(piece, axis, worker) for piece in tensor.split(pieces(cutting), axis)], axis)


def in_order(cutting: Cutting, each: list[Any], axis: int) -> list[Any]:
    """Return what workers make in the order of the whole; of each input of a concatenation they make a part."""
    if cutting.op.tag != "concat" or axis != cutting.op.fields()["dim"] % each[0].dim():
        return each
    sizes = [whole_numbers(shape)[axis] for shape in cutting.local_ins]
    split = [part.split(sizes, axis) for part in each]
    return [part[place] for place in range(len(sizes)) for part in split]


def load(run: Any, whole: Any, worker: int) -> None:
    """Give a worker's layer its part of the weights: all of one, or its part along the axis where it is smaller."""
    if not isinstance(run, torch.nn.Module):
        return
    state = dict(whole.state_dict())
    for name, mine in run.state_dict().items():
        theirs = state[name]
        cut = [axis for axis, pair in enumerate(zip(mine.shape, theirs.shape, strict=True)) if pair[0] != pair[1]]
        assert len(cut) <= 1
        mine.copy_(own(theirs, cut[0] if cut else None, worker))


def silent(run: Any) -> None:
    """Take away what is added once and not by each worker."""
    for name, weight in run.named_parameters() if isinstance(run, torch.nn.Module) else ():
        if name.endswith("bias"):
            torch.nn.init.zeros_(weight)


def made(run: Any, ins: list[Any]) -> tuple[Any, ...]:
    if isinstance(run, torch.nn.Module):
        run.eval()
    found = run(*ins)
    return tuple(found) if isinstance(found, (tuple, list)) else (found,)


@pytest.mark.parametrize("cutting", FOUND, ids=lambda one: f"{one.op.tag}-{one.ins}-{one.axes}")
def test_workers_make_what_one_makes(cutting: Cutting) -> None:
    tag = cutting.op.tag
    if tag in ELSEWHERE:
        pytest.skip(ELSEWHERE[tag])
    if elements(cutting) > LIMIT or not all(whole_numbers(out) for out in cutting.facts.outs):
        pytest.skip("large")
    if tag in PLACES and cutting.axes[0] == len(cutting.ins[0]) - 2:
        pytest.skip("the table of a worker begins at its own tokens")
    if cutting.op.fields().get("dropout_p"):
        pytest.skip("what is dropped is random")
    if cutting.answer.around and cutting.op.fields()["is_causal"]:
        pytest.skip("a mask that looks at the place of all queries")
    torch.manual_seed(0)
    with torch.no_grad():
        whole_run = oracle.BUILD[tag](cutting.op, [whole_numbers(shape) for shape in cutting.ins])
        ins = [torch.rand(whole_numbers(shape)) for shape in cutting.ins]
        if cutting.answer.summed:
            silent(whole_run)
        whole = made(whole_run, ins)
        parts = []
        for worker in range(WORKERS):
            run = oracle.BUILD[tag](cutting.local_op, [whole_numbers(shape) for shape in cutting.local_ins])
            load(run, whole_run, worker)
            mine = [part_of_input(cutting, x, axis, worker) for x, axis in zip(ins, cutting.axes, strict=True)]
            parts.append(made(run, mine))
    for place, axis in enumerate(cutting.answer.outs):
        each = [part[place] for part in parts]
        joined = sum(each[1:], each[0]) if axis is None else torch.cat(in_order(cutting, each, axis), axis)
        assert torch.allclose(joined, whole[place], rtol=1e-4, atol=1e-5), (cutting.op, place)
