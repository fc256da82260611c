"""What bounds kernels, beside values put in one by one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.graph.build import build
from symcost.kernels import Roofline, roofline
from symcost.kernels.bounds import joined
from symcost.metrics.convention import convention
from tests.graph.nets import RELU, Step, op, repeat, spec

ROWS: dict[str, Any] = {"symbols": {"b": 1, "k": 8192, "n": 3}, "inputs": {"x": ["b", "k"]}}
LINEAR = op("linear", out="k", bias=False)


def under(*steps: Step, by: str = "torch", **settings: object) -> Roofline:
    setup = symcost.Setup(**{"device": "h100", "precision": "bf16", **settings})
    return roofline(Cost(setup.on(build(spec(*steps, **ROWS), {})), convention(by), "net", setup))


def test_one_product_computes_longer_from_the_critical_batch_on() -> None:
    (region,) = under(LINEAR).regions("b")
    assert region.computing == ((319, None),) and str(region) == "linear: bound by computing for b >= 319"
    (region,) = under(LINEAR, peak=295 * 10**12, memory_bandwidth=10**12).regions("b")
    assert region.computing == ((318, None),)


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "mobilenet_v2"])
def test_regions_are_those_of_every_batch(name: str) -> None:
    found = roofline(symcost.load(name).under(device="l4", precision="bf16"))
    sizes = range(1, 40, 3)
    for region in found.regions("B", between=(1, 40)):
        kernel = next(k for k in found.kernels if k.name == region.kernels[0])
        for size in sizes:
            env = {**found.at, "B": size}
            work, moved = (Fraction(evaluate(x, env)) for x in (kernel.work, kernel.moved))
            inside = any(a <= size and (b is None or size <= b) for a, b in region.computing)
            assert inside == (work / 121_000_000_000_000 >= moved / 300_000_000_000)


def test_kernels_add_up_to_the_pass() -> None:
    for fused in (False, True):
        net = symcost.load("llama3_8b").under(device="h100", precision="bf16", fused=fused)
        cost = net.cost(decode=True)
        found = roofline(cost, {"B": 8})
        env = cost.bindings({"B": 8})
        assert found.seconds == evaluate(cost.poly("forward_s"), env)
        work, moved = (evaluate(cost.poly(metric), env) for metric in ("flops", "traffic_bytes"))
        assert found.intensity == Fraction(work) / Fraction(moved)


def test_kernels_that_are_alike_are_one_region() -> None:
    alike = under(LINEAR, LINEAR, repeat("n", LINEAR)).regions("b")
    assert [region.kernels for region in alike] == [("linear", "linear_2"), ("repeat.linear",)]
    assert [region.computing for region in alike] == [((319, None),)] * 2


def test_it_is_told_in_a_table() -> None:
    found = under(LINEAR, RELU, by="symcost")
    assert [(row[0], row[4]) for row in found.table().rows] == [("linear", "moving"), ("relu", "moving")]
    assert str(found).splitlines()[0] == "net on h100; ridge at 295.3 FLOPs/byte"
    told = found.to_json()
    relu = told["kernels"][1]
    assert relu.pop("seconds") == str(Fraction(4 * 8192, 3350 * 10**9))
    assert relu == {"nodes": ["relu"], "work": "b*k", "bytes": "4*b*k", "bound": "moving"}


def test_a_kernel_without_work_is_never_bound_by_it() -> None:
    found = under(op("concat", reads=["x", "x"]))
    assert str(found.regions("b")[0]) == "concat: never bound by computing"


def test_ranges_that_follow_one_another_are_one() -> None:
    assert joined(((3, 3), (4, 9), (12, None))) == [(3, 9), (12, None)]


def test_rounds_in_which_the_longer_changes_have_no_closed_sum() -> None:
    with pytest.raises(NoAnswer) as caught:
        roofline(symcost.load("densenet").under(device="h100", precision="bf16"))
    assert str(caught.value).endswith(
        "has no closed sum: what is longer changes from round to round; fix the number of rounds in the network"
    )
    assert roofline(symcost.load("densenet121").under(device="h100", precision="bf16")).seconds > 0


def test_it_needs_a_device() -> None:
    with pytest.raises(UsageError, match=r"say device=\.\.\."):
        roofline(symcost.load("gpt2"))


def test_the_picture_has_a_roof_and_regions_and_says_its_units() -> None:
    pytest.importorskip("matplotlib")
    from tests.picture.looks import drawn, own

    found = roofline(symcost.load("resnet50").under(device="h100", precision="bf16", fused=True), {"B": 32})
    ax = drawn(found.draw)
    assert ax.get_xlabel() == "arithmetic intensity [FLOPs/byte]" and ax.get_ylabel() == "rate [FLOP/s]"
    assert ax.get_title(loc="left").startswith("resnet50 on h100, fused = True at B")
    (roof,) = ax.get_lines()
    points: Any = roof.get_xydata()
    corners = [tuple(map(float, point)) for point in points]
    assert corners[1] == pytest.approx((295.34, 989.4e12), rel=1e-4) and corners[2][1] == 989.4e12
    legend = ax.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["24 kernels bound by moving", "8 kernels bound by computing"]
    assert len(ax.texts) == 4 and all("% of the time" in text.get_text() for text in ax.texts[1:])
    own(found.draw)


def test_kernels_of_one_name_are_told_apart() -> None:
    from symcost.kernels.picture import _short

    names = ["up.conv.conv2d", "down.up.conv.conv2d", "down.conv_2.conv2d", "relu"]
    assert [_short(name, names) for name in names] == [
        "up.conv.conv2d",
        "down.up.conv.conv2d",
        "conv_2.conv2d",
        "relu",
    ]
