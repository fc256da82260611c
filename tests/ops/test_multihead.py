"""torch's attention module against its parts, and against what torch counts of it."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.algebra.poly import Num
from symcost.ops.facts import Facts, numel
from symcost.ops.op import Refused
from symcost.ops.work import plus
from tests.ops.composed import Part, attention
from tests.ops.counting import at
from tests.ops.test_layers_truth import BY_LAYER, told

ROWS = BY_LAYER["MultiheadAttention"]


def of(row: dict[str, Any]) -> tuple[Facts, Num]:
    """Return the facts of a row's layer, and the MACs of gradients that torch did not make.

    The query asked for a gradient, keys and values did not.
    """
    said, query = row["config"], tuple(row["input"])
    keys, values = ((query[0], said["S"], said[key] or said["embed_dim"]) for key in ("kdim", "vdim"))
    fields = {key: said[key] for key in ("num_heads", "bias", "batch_first")}
    unasked = sum(numel(ins) * said["embed_dim"] for ins in (keys, values))
    return at("multihead_attention", query, keys, values, **fields), unasked


def test_rows_of_torch() -> None:
    for row in ROWS:
        facts, unasked = of(row)
        ours = told(Part(facts))
        ours["flops_train_fixed_with_input_grad"] -= 2 * unasked
        assert ours == {key: row[key] for key in ours}, row


@pytest.mark.parametrize("bias", [False, True])
def test_it_is_its_parts(bias: bool) -> None:
    """Work forward and back; what the parts make for their inputs is made for the weights but at the first three."""
    query, keys, values = (2, 5, 8), (2, 7, 6), (2, 7, 4)
    facts = at("multihead_attention", query, keys, values, num_heads=2, bias=bias, batch_first=True)
    parts = [part.facts for part in attention(query, keys, values, 2, bias=bias)]
    first, inner = parts[:3], parts[3:]
    mean = {"add": (2 - 1) * 2 * 5 * 7, "div": 2 * 5 * 7}
    assert facts.work == plus(*(part.work for part in parts), mean)
    assert facts.grad_input == plus(*(part.grad_input for part in first))
    assert facts.shared == plus(*(part.grad_input for part in inner))
    assert facts.grad_weight == plus(facts.shared, *(part.grad_weight for part in parts))
    assert facts.frozen().grad_input == plus(*(part.grad_input for part in parts))


def test_one_input_is_all_three() -> None:
    one = at("multihead_attention", (5, 2, 8), num_heads=2)
    three = at("multihead_attention", *((5, 2, 8),) * 3, num_heads=2)
    assert (one.work, one.grad_input, one.grad_weight) == (three.work, three.grad_input, three.grad_weight)
    assert one.weights == three.weights


def test_without_shares_it_is_fused() -> None:
    fused = at("multihead_attention", (5, 2, 8), num_heads=2, need_weights=False)
    assert len(fused.outs) == 1
    assert fused.again["mac"] == 2 * 5 * 5 * 8
    assert not at("multihead_attention", (5, 2, 8), num_heads=2).again


@pytest.mark.parametrize(
    ("ins", "message"),
    [
        (((5, 2, 9),), "num_heads is 2, which does not divide the width 9"),
        (((5, 2, 8), (7, 2, 8)), "takes 3 inputs, got 2"),
    ],
)
def test_refusals(ins: tuple[tuple[int, ...], ...], message: str) -> None:
    with pytest.raises(Refused) as error:
        at("multihead_attention", *ins, num_heads=2)
    assert str(error.value) == message
