"""What a step keeps for its backward pass, on nets small enough to say by hand; random nets are unrolled elsewhere.

Networks that libraries publish are compared with what torch keeps in ``tests/specs/test_saved_truth.py``.
"""

from __future__ import annotations

import pytest

from symcost.algebra.poly import Num, evaluate, symbol, total
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.graph import Graph
from symcost.graph.build import build
from symcost.graph.kept import Storage
from symcost.metrics.convention import convention
from tests.graph.nets import Step, call, op, repeat, residual, spec

B, C, n = map(symbol, "BCn")
SYMBOLS = {"B": 2, "C": 4, "n": {"default": 3, "min": 1}, "m": {"default": 2, "min": 0}}
LINEAR = op("linear", out="C", bias=False)
WIDE = op("linear", out="3*C", bias=False)
X = B * C
"""Elements of the input, and of what each such layer makes."""


def net(*steps: Step, **fixed: int) -> Graph:
    return build(spec(*steps, symbols=SYMBOLS, inputs={"x": ["B", "C"]}), fixed)


def storages(*steps: Step, **fixed: int) -> dict[str, Num]:
    """Return elements over all rounds of each storage, by the node in whose row it stands and what it is."""
    found = net(*steps, **fixed).kept
    return {f"{s.row.name} {s.what}": s.total for s in found}


def elements(*steps: Step, **fixed: int) -> Num:
    return total((s.total, 1) for s in net(*steps, **fixed).kept)


# --- one after the other ------------------------------------------------------------------------------------


def test_a_layer_keeps_its_input_for_its_weights() -> None:
    assert storages(LINEAR) == {"linear input": X}
    assert storages(LINEAR, LINEAR) == {"linear input": X, "linear output": X}


def test_a_frozen_layer_keeps_nothing() -> None:
    frozen = {**LINEAR, "frozen": True}
    assert storages(frozen) == {}
    assert storages(frozen, LINEAR) == {"linear output": X}
    assert storages(LINEAR, frozen) == {"linear input": X}


def test_nothing_is_kept_where_no_gradient_goes_through() -> None:
    assert storages(op("sigmoid"), LINEAR) == {"sigmoid output": X}
    assert storages(LINEAR, op("detach"), op("sigmoid")) == {"linear input": X}


def test_what_stops_gradients_keeps_what_its_own_weights_need() -> None:
    table = op("relative_attention_bias", num_buckets=8, num_heads=2)
    assert storages(op("reshape", shape=[1, "B", "C"]), table) == {"relative_attention_bias rows": B * B}


def test_one_storage_counts_once_however_many_read_it() -> None:
    twice = (LINEAR, op("relu", name="act"), LINEAR, {**LINEAR, "from": "act"})
    assert storages(*twice) == {"linear input": X, "act output": X}


def test_a_view_is_the_memory_that_it_looks_at() -> None:
    assert storages(WIDE, op("reshape", shape=["3*B", "C"]), LINEAR) == {"linear input": X, "linear output": 3 * X}


def test_dropout_makes_a_tensor_of_its_own_in_training() -> None:
    found = storages(LINEAR, op("relu"), op("dropout"), LINEAR)
    assert found == {"linear input": X, "relu output": X, "dropout mask": X, "dropout output": X}
    assert "dropout output" not in storages(LINEAR, op("relu"), op("dropout", p=0), LINEAR)


def test_a_product_keeps_a_factor_for_the_gradient_of_the_other() -> None:
    layer, mask = {**LINEAR, "name": "layer"}, op("sigmoid", reads="x", name="mask")
    assert storages(layer, mask, op("mul", reads=["layer", "mask"])) == {"layer input": X, "mask output": X}


# --- written over the input ---------------------------------------------------------------------------------


def test_an_activation_that_writes_over_its_input_finds_its_gradient_in_the_output() -> None:
    assert storages(LINEAR, op("leaky_relu"), LINEAR) == {"linear input": X, "leaky_relu output": X}


def test_it_does_not_where_something_else_reads_that() -> None:
    found = storages(LINEAR, residual(op("leaky_relu"), LINEAR))
    assert found == {"linear input": X, "linear output": X, "leaky_relu output": X}


def test_one_that_cannot_keeps_the_input() -> None:
    assert storages(LINEAR, op("silu"), LINEAR) == {"linear input": X, "linear output": X, "silu output": X}


# --- rounds -------------------------------------------------------------------------------------------------


def test_what_a_round_hands_on_is_kept_by_the_next() -> None:
    found = storages(repeat("n", LINEAR))
    assert found == {"repeat.linear input": X, "repeat.linear output": X * (n - 1)}
    assert storages(repeat("n", LINEAR), LINEAR) == {"repeat.linear input": X, "repeat.linear output": X * n}


def test_what_stands_before_may_be_read_after_where_there_may_be_no_round() -> None:
    found = elements(LINEAR, repeat("m", op("relu"), LINEAR), LINEAR)
    assert [evaluate(found, {"B": 1, "C": 1, "m": rounds}) for rounds in range(4)] == [2, 3, 4, 5]
    found = elements(repeat("m", LINEAR))
    assert [evaluate(found, {"B": 1, "C": 1, "m": rounds}) for rounds in range(4)] == [0, 1, 2, 3]


def test_a_tensor_from_outside_counts_once_for_all_rounds() -> None:
    gate = op("mul", reads=["here", "gate"])
    found = storages(op("linear", out="C", name="gate"), LINEAR, repeat("n", gate, LINEAR))
    assert found["gate output"] == X


def test_the_first_round_keeps_nothing_where_no_gradient_reaches_it() -> None:
    found = storages(repeat("n", op("sigmoid"), op("tanh"), LINEAR))
    assert found == {
        "repeat.sigmoid output": X * (n - 1),
        "repeat.tanh output": X * n,
    }


def test_sizes_that_grow_add_up() -> None:
    grow = op("linear", out="C_now + C", bias=False)
    found = elements(repeat("n", grow))
    assert [evaluate(found, {"B": 1, "C": 1, "n": rounds}) for rounds in (1, 2, 3, 4)] == [1, 3, 6, 10]


def test_plain_rounds_are_gone_through_where_there_is_no_form() -> None:
    """What is kept: the input, what the first of two layers makes, and what each of three activations makes."""
    inner = repeat("2 - i", LINEAR)
    assert elements(repeat(3, inner, op("relu"), index="i")) == 5 * X
    with pytest.raises(NoAnswer, match="no closed sum"):
        elements(repeat("n", repeat("n - 1 - i", op("relu"), LINEAR), op("silu"), index="i"))


FIBONACCI: Step = {
    "inputs": ["new", "old"],
    "outputs": ["sum", "new"],
    "body": [{"op": "linear", "out": "C", "bias": False, "from": "old"}, op("add", reads=["here", "new"], name="sum")],
}


def fibonacci(count: int | str) -> Graph:
    """Return a net whose rounds read what the last two have made."""
    steps = (op("relu", name="one"), {**repeat(count, call("next")), "from": ["one", "one"]})
    return build(spec(*steps, blocks={"next": FIBONACCI}, symbols=SYMBOLS, inputs={"x": ["B", "C"]}), {})


def test_what_rounds_hand_on_and_on_has_no_form() -> None:
    said = (
        "what is kept has no form for n rounds: a round hands on what the one before made; fix the count with a number"
    )
    with pytest.raises(NoAnswer, match=f"^{said}$"):
        len(fibonacci("n").kept)
    assert total((s.total, 1) for s in fibonacci(4).kept) == 3 * X


def test_rounds_that_may_be_none_keep_what_is_outside_in_no_form() -> None:
    gate = op("mul", reads=["here", "gate"])
    with pytest.raises(NoAnswer) as told:
        elements(op("linear", out="C", name="gate"), repeat("n", repeat("n - 1 - i", gate), LINEAR, index="i"))
    assert str(told.value) == (
        "what is kept has no form for -i + n - 1 rounds: there may be none in some rounds around them; fix the count "
        "with a number"
    )


# --- who keeps what -----------------------------------------------------------------------------------------


def test_a_storage_says_who_keeps_it() -> None:
    found = {s.row.name: s for s in net(LINEAR, op("sigmoid"), LINEAR).kept}
    storage = found["sigmoid"]
    assert isinstance(storage, Storage)
    assert [node.name for node in storage.keepers] == ["sigmoid", "linear_2"]
    assert (storage.node, storage.elements, storage.dtype) == (storage.row, X, "float")
    assert storage.total_by(()) == 0


def test_of_some_keepers_only_what_they_keep_counts() -> None:
    graph = net(repeat("n", LINEAR), op("sigmoid"), LINEAR)
    (storage,) = (s for s in graph.kept if s.row.name == "repeat.linear" and s.what == "output")
    assert storage.total == X * (n - 1)
    assert storage.total_by([graph.node("sigmoid")]) == 0


def test_rows_add_up_to_the_total() -> None:
    steps = (LINEAR, op("relu"), op("dropout"), repeat("n", residual(LINEAR, op("gelu"), LINEAR)))
    cost = Cost(net(*steps), convention("symcost"))
    rows = (row.values["saved_bytes"] for row in cost.by_node(["saved_bytes"]))
    assert total((row, 1) for row in rows) == cost.poly("saved_bytes") == 4 * (elements(*steps) - X) + X
