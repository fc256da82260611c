"""Whole networks, against their published totals and closed forms."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcost.algebra.extent import ceil_div
from symcost.algebra.poly import Num, symbol
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.graph.build import build
from symcost.metrics.convention import convention
from symcost.spec.models import Spec
from tests.graph.nets import BN, RELU, SIZES, branches, call, conv, cost, graph, op, repeat, residual, spec, when

B, C, H, W, K = map(symbol, "BCHWK")

RESNET = spec(
    call("unit", c="C", k=7, s=2),
    RELU,
    op("max_pool2d", kernel=3, stride=2, padding=1),
    call("stage", c="C", n=3),
    call("stage", c="2*C", n=4, s=2),
    call("stage", c="4*C", n=6, s=2),
    call("stage", c="8*C", n=3, s=2),
    op("global_avg_pool"),
    op("linear", out_features="K"),
    symbols={"B": 1, "H": 224, "W": 224, "C": 64, "K": 1000},
    inputs={"image": ["B", 3, "H", "W"]},
    blocks={
        "unit": {"args": {"c": None, "k": 1, "s": 1}, "body": [conv("c", "k", stride="s"), BN]},
        "bottleneck": {
            "args": {"c": None, "s": 1, "project": False},
            "body": [
                residual(
                    call("unit", c="c"), RELU, call("unit", c="c", k=3, s="s"), RELU, call("unit", c="4*c"),
                    shortcut=(when("project", call("unit", c="4*c", s="s")),),
                ),
                RELU,
            ],
        },
        "stage": {
            "args": {"c": None, "n": None, "s": 1},
            "body": [call("bottleneck", c="c", s="s", project=True), repeat("n - 1", call("bottleneck", c="c"))],
        },
    },
)  # fmt: skip


def image(s: int) -> Num:
    return ceil_div(H, s) * ceil_div(W, s)


def test_resnet50_closed_form() -> None:
    found = Cost(build(RESNET), convention("torch"))
    assert found.poly("flops") == (
        7040 * B * C**2 * image(32)
        + 3648 * B * C**2 * image(16)
        + 640 * B * C**2 * image(8)
        + 120 * B * C**2 * image(4)
        + 294 * B * C * image(2)
        + 64 * B * C * K
    )
    assert found.poly("params") == 5724 * C**2 + 32 * C * K + 977 * C + K
    totals = found.at()
    assert (totals.params, totals.macs, totals.flops) == (25_557_032, 4_089_184_256, 8_178_368_512)
    assert found.at(C=44).macs == 1_958_573_056
    assert found.at(C=45).macs == 2_046_692_160
    assert not found.graph.needs


def test_a_multiple_leaves_no_floor() -> None:
    symbols = {
        "B": 1,
        "H": {"default": 224, "multiple_of": 32},
        "W": {"default": 224, "multiple_of": 32},
        "C": 64,
        "K": 9,
    }
    free = RESNET.model_dump(by_alias=True) | {"symbols": symbols}
    found = Cost(build(Spec.model_validate(free)), convention("torch"))
    m = H * W * Fraction(1, 32**2)
    assert found.poly("flops") == 39552 * B * C**2 * m + 75264 * B * C * m + 64 * B * C * K


DENSENET = spec(
    conv("F", 7, stride=2), BN, RELU, op("max_pool2d", kernel=3, stride=2, padding=1),
    call("dense", n="L1"), call("transition"), call("dense", n="L2"), call("transition"), call("dense", n="L3"),
    call("transition"), call("dense", n="L4"), BN, RELU, op("global_avg_pool"), op("linear", out_features="K"),
    symbols={"B": 1, "H": 224, "W": 224, "k": 32, "F": 64, "L1": 6, "L2": 12, "L3": 24, "L4": 16, "K": 1000},
    inputs={"image": ["B", 3, "H", "W"]},
    blocks={
        "layer": {"body": [branches([], [BN, RELU, conv("4*k"), BN, RELU, conv("k", 3)])]},
        "dense": {"args": {"n": None}, "body": [repeat("n", call("layer"))]},
        "transition": {"body": [BN, RELU, conv("C_now/2"), op("avg_pool2d", kernel=2)]},
    },
)  # fmt: skip


@pytest.mark.parametrize("fixed", [{}, {"L1": 6, "L2": 12}, {"k": 32, "F": 64, "L1": 6, "L2": 12, "L3": 24, "L4": 16}])
def test_densenet_of_symbolic_depth(fixed: dict[str, int]) -> None:
    found = Cost(build(DENSENET, fixed), convention("torch"))
    totals = found.at()
    assert (totals.params, totals.macs) == (7_978_856, 2_834_161_664)
    assert len(found.graph.nodes) == 48


def test_densenet_grows_in_depth() -> None:
    assert Cost(build(DENSENET), convention("torch")).at(L3=48, L4=32).params == 20_013_928


U = {
    "blocks": {
        "double": {"args": {"c": None}, "body": [conv("c", 3), RELU, conv("c", 3), RELU]},
        "level": {
            "args": {"c": None, "d": None},
            "body": [
                call("double", c="c", NAME="skip"),
                when(
                    "d > 0",
                    op("max_pool2d", kernel=2),
                    call("level", c="2*c", d="d - 1"),
                    op("conv_transpose2d", out="c", kernel=2, stride=2, name="up"),
                    op("concat", reads=["skip", "up"]),
                    call("double", c="c"),
                ),
            ],
        },
    }
}


def test_u_net_needs_a_multiple() -> None:
    with pytest.raises(SpecError) as caught:
        graph(call("level", c="C", d=4), **U)
    assert [problem.message for problem in caught.value.problems] == [
        f"node 'level.level.level.level.concat' and 3 more join sizes that are equal iff 16 divides {axis}; "
        f"if so, declare symbols: {axis}: {{multiple_of: 16}}"
        for axis in "HW"
    ]


def test_u_net_with_a_multiple() -> None:
    side = {"default": 256, "multiple_of": 16}
    symbols = {"B": 1, "H": side, "W": side, "C": 64}
    found = cost(
        call("level", c="C", d=4), conv(2), symbols=symbols, inputs={"x": ["B", 1, "H", "W"]}, prices="torch", **U
    )
    assert found.poly("macs") == 179 * B * C**2 * H * W + 11 * B * C * H * W
    assert found.at().params == 31_024_768
    with pytest.raises(SpecError, match=r"^net: H = 100 breaks the declared condition that 16 divides H$"):
        found.at(H=100)


def test_inputs_are_positive_whole_sizes() -> None:
    half = graph(RELU, inputs={"x": ["B", "H/2", "W - 3"]})
    assert half.conditions == ("2 divides H", "W >= 4")
    for size, said in (("C - 20", "-4"), ("C/3", "16/3")):
        with pytest.raises(SpecError, match=rf"^inputs\.x: input x has size {said}; sizes are positive integers$"):
            build(spec(RELU, inputs={"x": ["B", size]}), {"C": 16})
    with pytest.raises(SpecError, match=r"^inputs\.x: input x: a size would be -4\*H \+ 3, and must be at least 1$"):
        graph(RELU, inputs={"x": ["B", "3 - 4*H"]})


def test_fixed_symbols_are_checked() -> None:
    for fixed, message in (
        ({"c": 3}, "there is no symbol 'c'; did you mean 'C'?"),
        ({"C": 0}, "symbols.C: C = 0 is not a positive size"),
        ({"C": Fraction(1, 2)}, "symbols.C: C = 1/2 is not a whole number, and the kind is dimension"),
    ):
        with pytest.raises(SpecError) as caught:
            build(spec(RELU), fixed)
        assert str(caught.value) == message


def test_ranges_in_constants() -> None:
    depth = {"kind": "constant", "default": 3}
    symbols = {**SIZES, "depth": depth, "n": {"default": 4, "min": "depth + 1", "max": "2**depth"}}
    step = repeat("n", RELU)
    found = cost(step, symbols=symbols)
    assert (found.symbols["n"].min, found.symbols["n"].max) == (4, 8)
    for n, reason in ((3, "below the least value, 4"), (9, "above the greatest value, 8")):
        with pytest.raises(SpecError, match=f"n = {n} is {reason}$"):
            found.at(n=n)
    for end, reason in (("depth - 3", "'depth - 3' is 0, not a whole number"), ("deep", "unknown name 'deep'")):
        with pytest.raises(SpecError, match=f"n: max: {reason}"):
            graph(step, symbols={**symbols, "n": {"default": 4, "max": end}})
    with pytest.raises(ValueError, match="min and max of a constant are plain numbers, got 'depth'"):
        graph(step, symbols={**symbols, "m": {"kind": "constant", "default": 4, "max": "depth"}})
    again = spec(step, symbols=symbols).model_dump(mode="json", by_alias=True)
    assert again["symbols"]["n"]["max"] == "2**depth"
