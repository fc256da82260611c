"""Totals, break-downs and bindings."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import pytest
import sympy

import symcost
from symcost.algebra.poly import evaluate, total
from symcost.architecture import load
from symcost.cost import Cost
from symcost.errors import SpecError, UsageError
from symcost.graph.assumptions import narrow_box
from symcost.metrics.convention import conventions
from symcost.metrics.metric import metric, metrics
from symcost.metrics.rows import Row
from symcost.metrics.totals import Totals
from tests.graph.nets import BN, RELU, branches, call, conv, cost, op, repeat, residual

BLOCKS = {
    "unit": {"args": {"c": None, "k": 3}, "body": [conv("c", "k"), BN, RELU]},
    "stage": {
        "args": {"c": None},
        "body": [call("unit", c="c"), residual(call("unit", c="c"), call("unit", c="c", k=1))],
    },
}
SYMBOLS = {"B": 1, "C": 8, "H": 32, "W": 32, "n": 3, "k": 4}
NET = (
    call("unit", c="C", NAME="stem"),
    call("stage", c="2*C"),
    repeat("n", call("unit", c="2*C", WEIGHTS="w")),
    repeat("n", branches([], [conv("k", 3)])),
    op("max_pool2d", kernel=2),
    call("unit", c="2*C", k=1, WEIGHTS="v"),
    op("conv2d", out="C_now", kernel=3, only="training"),
    op("conv2d", out="C_now", kernel=3, only="training"),
    call("unit", c="2*C", k=1, WEIGHTS="u"),
    op("sigmoid"),
)


def net(prices: str = "symcost") -> Cost:
    return cost(*NET, symbols=SYMBOLS, blocks=BLOCKS, prices=prices)


@pytest.mark.parametrize("prices", sorted(name for name, known in conventions().items() if not known.closed))
def test_rows_add_up(prices: str) -> None:
    found = net(prices)
    # times ask for a device, and those of a repetition whose rounds grow have no closed sum
    parted = {name: m for name, m in metrics().items() if not m.of_network and "hardware" not in m.under}
    asked = (name for name, m in parted.items() if found.convention.training is not None or not m.trained)
    names, box = tuple(asked), narrow_box(found.graph)
    for rows in (found.by_node(names), found.by_op(names), *(found.by_block(depth, names) for depth in (1, 2, 9))):
        for name in names:
            assert metric(name).together((row.values[name] for row in rows), box) == found.poly(name), name
        assert total((row.count, 1) for row in rows) == total((node.count, 1) for node in found.graph.nodes)


def test_rows() -> None:
    found = net()
    blocks = [row.name for row in found.by_block()]
    assert blocks == [
        "stem",
        "stage",
        "repeat",
        "repeat_2",
        "max_pool2d",
        "unit",
        "conv2d",
        "conv2d_2",
        "unit_2",
        "sigmoid",
    ]
    assert [row.name for row in found.by_block(2)][:5] == [
        "stem.conv2d",
        "stem.batch_norm",
        "stem.relu",
        "stage.unit",
        "stage.unit_2",
    ]
    ops = {row.name: row for row in found.by_op(["params"])}
    assert list(ops) == ["conv2d", "batch_norm", "relu", "add", "concat", "max_pool2d", "sigmoid"]
    assert str(ops["batch_norm"].count) == "n + 6"
    assert ops["relu"] == Row("relu", "relu", ops["batch_norm"].count, {"params": 0})
    first = found.by_node(["params"])[0]
    assert (first.name, first.op, first.count, str(first.values["params"])) == ("stem.conv2d", "conv2d", 1, "9*C**2")
    assert found.by_layer() == found.by_node()
    assert found.rows("op") == found.by_op()
    with pytest.raises(UsageError, match="there is no break-down by 'stage'; there are block, node and op"):
        found.rows("stage")


def test_rows_are_sympy_where_asked() -> None:
    found = load("gpt2").cost()
    assert sympy.expand(sum(row.sympy("params") for row in found.by_op(["params"])) - found.params) == 0


def test_what_is_of_the_network_as_a_whole_is_a_row_of_its_own() -> None:
    found = cost(conv("C", 3), RELU)
    *rows, last = found.rows("node", names=["optimizer_state", "params"])
    state = 2 * found.poly("params")
    assert last == Row("network", "", 1, {"params": 0, "optimizer_state": state})
    assert [row.name for row in rows] == [node.name for node in found.graph.nodes]
    assert all(row.values["optimizer_state"] == 0 for row in rows)
    assert found.rows("op", names=["optimizer_state"]) == [Row("network", "", 1, {"optimizer_state": state})]


def test_what_runs_in_training_only_has_parameters_but_does_no_work() -> None:
    head = op("conv2d", out="C", kernel=3, padding=1, only="training")
    found = cost(head, head, conv("C", 3))
    assert str(found.poly("params")) == "27*C**2 + 2*C"
    assert str(found.poly("macs")) == "9*B*C**2*H*W"


def test_what_evaluation_skips_leaves_its_sizes_alone() -> None:
    side = [conv(3, only="training", name="side"), op("relu", reads="side", only="training")]
    found = cost(conv("C"), *side, conv("C"))
    assert str(found.poly("macs")) == "2*B*C**2*H*W"
    assert [str(size) for size in found.graph.outputs[0].shape] == ["B", "C", "H", "W"]


def test_totals() -> None:
    found = net()
    totals = found.at(H=16, n=2)
    assert totals.bindings == {"B": 1, "C": 8, "H": 16, "W": 32, "n": 2, "k": 4}
    assert totals.macs == evaluate(found.poly("macs"), totals.bindings)
    assert totals.as_dict() == {name: getattr(totals, name) for name in found.metrics}
    assert all(type(value) is int for value in totals.as_dict().values())
    with pytest.raises(AttributeError, match="there is no metric 'mac'; did you mean 'macs'"):
        _ = totals.mac
    assert copy.copy(totals) == totals == pickle.loads(pickle.dumps(totals))  # noqa: S301
    assert isinstance(totals, Totals)


def test_metrics_are_sympy_attributes() -> None:
    found = net()
    assert isinstance(found.macs, sympy.Expr)
    assert found.macs == found.sympy("macs")
    assert found.units("macs") == "MACs"
    with pytest.raises(AttributeError, match="Cost has no metric 'mac'; it has params, "):
        _ = found.mac
    with pytest.raises(UsageError, match="there is no metric 'mac'; did you mean 'macs'"):
        found.poly("mac")
    assert not hasattr(found, "_missing")


DECLARED = {
    "B": 1,
    "C": {"default": 8, "multiple_of": 4, "max": 64},
    "H": {"min": 5},
    "W": {"default": 32},
    "w": {"kind": "ratio", "default": 1},
}


def bindings(**values: object) -> dict[str, object]:
    found = cost(conv("make_divisible(16*w, 8)"), op("conv2d", out=4, kernel=9), symbols=DECLARED)
    return dict(found.bindings(values))  # type: ignore[arg-type]


def test_defaults_fill_what_is_not_given() -> None:
    assert bindings(H=9) == {"B": 1, "C": 8, "H": 9, "W": 32, "w": 1}
    assert bindings(H="9", w="3/4")["w"] == Fraction(3, 4)
    assert type(bindings(H=9, w=Fraction(4, 2))["w"]) is int


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "net: H has no default; give it a value"),
        ({"H": 9, "D": 1}, "net: there is no free symbol 'D'; free are B, C, H, W, w"),
        ({"H": 9, "h": 1}, "net: there is no free symbol 'h'; did you mean 'H'?; free are B, C, H, W, w"),
        ({"H": 4}, "net: H = 4 is below the least value, 5"),
        ({"H": 9, "C": 68}, "net: C = 68 is above the greatest value, 64"),
        ({"H": 9, "C": 6}, "net: C = 6 breaks the declared condition that 4 divides C"),
        ({"H": 9, "B": 0}, "net: B = 0 is not a positive size"),
        ({"H": 9, "B": "1/2"}, "net: B = 1/2 is not a whole number, and the kind is dimension"),
        ({"H": 9, "B": True}, "net: B = True is not a number, and the kind is dimension"),
        ({"H": 9, "w": 0}, "net: w = 0 is not positive"),
        ({"H": 9, "w": 0.5}, "w: takes exact numbers; write 0.5 as text or as a fraction"),
        ({"H": 9, "B": [1]}, "B takes a number, got [1]"),
        ({"H": 8}, "net: H = 8 is refused at node 'conv2d_2': needs H >= 9"),
        ({"B": 0, "H": 9, "C": 0}, "net: B = 0 is not a positive size\nnet: C = 0 is not a positive size"),
    ],
    ids=str,
)  # fmt: skip
def test_values_that_do_not_belong(values: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        bindings(**values)
    assert str(caught.value) == message


def test_symbols_are_those_of_the_formulas() -> None:
    family = load("mobilenet_v1").cost()
    assert {family.symbol("alpha"), family.symbol("C")} <= family.params.free_symbols
    with pytest.raises(UsageError, match="there is no free symbol 'alhpa'; did you mean 'alpha'"):
        family.symbol("alhpa")


def test_totals_have_every_metric() -> None:
    """Those that summaries do not list too."""
    found = net().at(H=16, n=2)
    assert "train_flops" not in found.values
    assert found.train_flops == evaluate(net().poly("train_flops"), found.bindings)


def test_rows_of_a_sum_are_its_parts() -> None:
    found = load("lenet5").under(precision="mixed_bf16").cost()
    rows = {row.name: row.values["train_bytes"] for row in found.rows("block", 1, ["train_bytes"])}
    assert set(rows) == {part for part in metric("train_bytes").parts if found.poly(part) != 0}
    assert total((value, 1) for value in rows.values()) == found.poly("train_bytes")


def test_one_name_is_one_metric() -> None:
    cost = symcost.load("lenet5").cost()
    assert cost.table(names="macs") == cost.table(names=["macs"])
    assert [row[0] for row in cost.formulas("macs").rows] == ["macs"]
    assert cost.by_op("macs") == cost.by_op(["macs"])


def test_blocks_have_a_depth_of_one_or_more() -> None:
    with pytest.raises(UsageError, match="blocks are told apart down to a depth of 1 or more, got -1"):
        symcost.report("lenet5", depth=-1)


def test_what_is_neither_a_network_nor_a_cost() -> None:
    told = r"this takes a network or its cost, such as symcost.load\('resnet50'\), and got "
    with pytest.raises(UsageError, match=f"{told}the text 'unet'"):
        symcost.growth("unet", "flops", "H")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=f"{told}an object of type Graph"):
        symcost.report(symcost.load("lenet5").cost().graph)  # type: ignore[arg-type]
