"""How ops are cut over workers: what all of them do together is what one alone does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest

from symcost.algebra.division import div
from symcost.algebra.poly import Num, evaluate, total
from symcost.ops.case import Case
from symcost.ops.dims import resized
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.op import Op, Refused
from symcost.ops.shard import Cuts, Shard, axis_name, outer
from tests.ops.apply import all_cases, apply, bound, make, shape, symbols

WORKERS = 2


class Cutting(NamedTuple):
    """A way to cut an op with numbers for sizes, and what its law says of a worker."""

    op: Op
    ins: tuple[Shape, ...]
    axes: tuple[int | None, ...]
    facts: Facts
    answer: Shard
    local_op: Op
    local_ins: tuple[Shape, ...]
    local: Facts


def cuttings(tag: str, case: Case, size: int = 12) -> Iterator[Cutting]:
    """Yield all ways in which a case can be cut for two workers, its symbols all of one size."""
    at = dict.fromkeys(symbols(tag, case), size)
    op = make(tag, case.fields)
    ins = tuple(shape(text, at) for text in case.ins)
    try:
        facts = apply(op, ins, at)
    except Refused:
        return
    op = bound(op, at)
    for axes in product(*((None, *even(one)) for one in ins)):
        answer = _asked(op, Cuts(ins, facts.outs, axes, WORKERS))
        if answer is None:
            continue
        read = tuple(None if place in answer.around else axis for place, axis in enumerate(axes))
        parts = tuple(part(one, axis) for one, axis in zip(ins, read, strict=True))
        outs = tuple(part(one, axis) for one, axis in zip(facts.outs, answer.outs, strict=True))
        if any(evaluate(size, {}) != int(evaluate(size, {})) for one in (*parts, *outs) for size in one):
            continue
        if any(evaluate(size, {}) % WORKERS for size in answer.evenly):
            continue
        local_op = op.model_copy(update=dict(answer.fields))
        yield Cutting(op, ins, read, facts, answer, local_op, parts, local_op.facts(parts))


def _asked(op: Op, cuts: Cuts) -> Shard | None:
    try:
        return op.shard(cuts)
    except Refused:
        return None


def even(whole: Shape) -> list[int]:
    return [axis for axis, size in enumerate(whole) if evaluate(size, {}) % WORKERS == 0]


def part(whole: Shape, axis: int | None) -> Shape:
    return whole if axis is None else resized(whole, axis, div(whole[axis], WORKERS))


FOUND = [one for tag, case in all_cases() for one in cuttings(tag, case)]
every_cutting = pytest.mark.parametrize("cutting", FOUND, ids=lambda one: f"{one.op.tag}-{one.ins}-{one.axes}")


@every_cutting
def test_workers_have_parts_of_what_one_has(cutting: Cutting) -> None:
    outs = tuple(part(out, axis) for out, axis in zip(cutting.facts.outs, cutting.answer.outs, strict=True))
    assert cutting.local.outs == outs


DONE_BY_ALL = {"continuous_position_bias": "the hidden layer that makes its table is not cut, only the one after it"}


@every_cutting
def test_workers_contract_as_much_as_one_does(cutting: Cutting) -> None:
    if cutting.op.tag in DONE_BY_ALL:
        pytest.skip(DONE_BY_ALL[cutting.op.tag])
    for work, mine in ((cutting.facts.work, cutting.local.work), (cutting.facts.grad_input, cutting.local.grad_input)):
        assert mine.get("mac", 0) * WORKERS == work.get("mac", 0)


@every_cutting
def test_weights_are_cut_evenly_or_not_at_all(cutting: Cutting) -> None:
    for name, whole in cutting.facts.weights.items():
        mine = numel(cutting.local.weights[name])
        assert mine == numel(whole) or any(mine * WORKERS == numel(whole) + n for n in (0, *padding(whole)))


def padding(whole: Shape) -> list[Num]:
    """Return what the last row of a table adds where there is no such row: two workers have a row more than one."""
    return [numel(whole[1:])]


def test_layers_are_cut_by_columns_and_rows() -> None:
    """Shoeybi et al. 2019, section 3: the first matrix of a layer by columns, the second by rows."""
    linear = make("linear", {"out": 8})
    by_columns = linear.shard(Cuts(((2, 4),), ((2, 8),), (None,), 2))
    by_rows = linear.shard(Cuts(((2, 4),), ((2, 8),), (1,), 2))
    assert (by_columns, by_rows) == (Shard((1,), {"out_features": 4}), Shard((None,), summed=True))
    assert linear.shard(Cuts(((2, 4),), ((2, 8),), (0,), 2)) == Shard((0,))


def test_every_kind_of_op_is_cut_somewhere() -> None:
    cut = {one.op.tag for one in FOUND}
    assert cut >= {
        "linear", "embedding", "conv2d", "conv_transpose2d", "scaled_dot_product_attention", "matmul", "softmax",
        "gelu", "layer_norm", "rms_norm", "batch_norm", "group_norm", "dropout", "add", "mul", "reshape", "flatten",
        "transpose", "permute", "chunk", "split", "concat", "rotary_embedding", "kv_cache", "max_pool2d", "glu",
    }  # fmt: skip


def test_axes_have_names() -> None:
    assert [axis_name("B C ...", (1, 2, 3, 4), axis) for axis in range(4)] == [
        ("B", 0), ("C", 0), ("...", 0), ("...", 1)
    ]  # fmt: skip
    assert [axis_name("... T q", (1, 2, 3, 4), axis) for axis in range(4)] == [
        ("...", 0), ("...", 1), ("T", 0), ("q", 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "axis", "after", "found"),
    [
        ((2, 7, 12), 2, (2, 7, 4, 3), 2), ((2, 7, 4, 3), 2, (2, 7, 12), 2), ((2, 7, 4, 3), 3, (2, 7, 12), None),
        ((2, 7, 12), 1, (14, 12), None), ((2, 7, 12), 0, (14, 12), 0),
    ],
)  # fmt: skip
def test_axes_of_reshaped_tensors(before: Shape, axis: int, after: Shape, found: int | None) -> None:
    assert outer(before, axis, after) == found


def test_elementwise_work_is_shared_too() -> None:
    """Of ops whose parts are cut all through: no element is worked on twice."""
    for one in (one for one in FOUND if one.op.tag in ("gelu", "softmax")):
        mine, whole = (total((n, 1) for n in facts.work.values()) for facts in (one.local, one.facts))
        assert mine * WORKERS == whole
