"""What ops ask of sizes is proved, refused, or kept and checked when sizes are given."""

from __future__ import annotations

from pathlib import Path

import pytest

import symcost
from symcost.errors import SpecError
from tests.graph.nets import RELU, Step, branches, conv, cost, graph, op, repeat, residual


def wide(kernel: int, **fields: object) -> Step:
    return op("conv2d", out="C", kernel=kernel, **fields)


def test_what_holds_for_all_sizes_is_not_kept() -> None:
    assert graph(conv("C", 3, stride=2), conv("C", 7), op("max_pool2d", kernel=3, stride=2, padding=1)).needs == {}


def test_kernels_larger_than_the_image() -> None:
    found = cost(wide(7), op("max_pool2d", kernel=2), wide(7))
    assert found.graph.conditions == ("H >= 20", "W >= 20")
    assert {node for _, node in found.needs} == {"conv2d", "max_pool2d", "conv2d_2"}
    assert found.at(H=20, W=20).macs > 0
    with pytest.raises(SpecError) as caught:
        found.at(W=19)
    assert str(caught.value) == "net: W = 19 is refused at node 'conv2d_2': needs W >= 20"


def test_the_least_size_of_a_deep_network() -> None:
    stages = [step for _ in range(5) for step in (wide(3), op("max_pool2d", kernel=2))]
    found = cost(*stages)
    assert found.graph.conditions == ("H >= 94", "W >= 94")
    assert found.at(H=94, W=94).macs > 0
    with pytest.raises(SpecError) as caught:
        found.at(H=20, W=94)
    assert str(caught.value) == "net: H = 20 is refused at node 'max_pool2d_5': needs H >= 94"


def test_groups_divide_channels() -> None:
    symbols = {"B": 1, "C": 16, "H": 8, "W": 8, "g": 4}
    found = cost(conv("2*C", 3, groups="g"), symbols=symbols)
    assert found.graph.conditions == ("g divides C",)
    assert str(found.poly("params")) == "18*C**2/g"
    assert found.at(g=8).params == 576
    with pytest.raises(SpecError, match=r"^net: C = 16, g = 3 is refused at node 'conv2d': needs g divides C$"):
        found.at(g=3)
    assert cost(conv("2*C", 3, groups="C_now"), symbols=symbols).graph.conditions == ()
    assert cost(conv("C", groups=4), symbols={**symbols, "C": {"multiple_of": 8}}).graph.conditions == ()


def test_widths_are_whole() -> None:
    found = cost(conv("C/4"), conv("C*3/8"))
    assert found.graph.conditions == ("8 divides C",)
    assert found.at(C=8).params == 2 * 8 + 2 * 3
    with pytest.raises(SpecError, match="needs 8 divides C"):
        found.at(C=12)


def test_widths_are_positive() -> None:
    assert graph(conv("C - 4")).conditions == ("C >= 5",)
    with pytest.raises(SpecError, match=r"^model\[0\]: node 'conv2d': a size would be -C, and must be at least 1$"):
        graph(conv("-C"))


def test_the_conditions_of_all_rounds() -> None:
    symbols = {"B": 1, "C": 16, "H": 32, "W": 32, "n": 3}
    found = cost(repeat("n", wide(3)), symbols=symbols)
    assert found.graph.conditions == ("H - 2*n - 1 >= 0", "W - 2*n - 1 >= 0")
    assert found.at(H=7, W=7, n=3).macs > 0
    with pytest.raises(SpecError, match="H = 6, n = 3 is refused"):
        found.at(H=6, n=3)
    inner = repeat("j + 1", conv("C - i"), conv("C"), index="i")
    assert graph(repeat("n", inner, index="j"), symbols=symbols).conditions == ("C - n + 1 >= 1",)
    grows = cost(repeat("n", conv("C_now + 4", groups=2)), symbols=symbols)
    assert grows.graph.conditions == ("2 divides C",)
    squares = repeat("n", conv("C*(i*i + 1)", groups=16), conv("C"), index="i")
    assert graph(squares, symbols=symbols).conditions == ("16 divides C",)
    halves = repeat("n", conv("C", groups="2**i"), index="i")
    assert graph(halves, symbols=symbols).conditions == ("2**n divides 2*C",)
    with pytest.raises(SpecError, match=r"cannot show for every round that 2\*\*i divides C\*2\*\*i \+ C\*3\*\*i$"):
        graph(repeat("n", conv("C*(3/2)**i + C"), conv("C"), index="i"), symbols=symbols)


def test_a_condition_in_training_is_not_one_of_evaluation() -> None:
    head = op("max_pool2d", kernel=9, reads="x")
    assert graph({**head, "only": "training"}, wide(3, reads="x")).conditions == ("H >= 3", "W >= 3")
    assert graph({**head, "only": "training"}, head).conditions == ("H >= 9", "W >= 9")
    assert graph(head, {**head, "only": "training"}).conditions == ("H >= 9", "W >= 9")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (
            [branches([conv("C", stride=2)], [op("max_pool2d", kernel=2)], join="add")],
            "node 'add' joins sizes that are equal iff {} is even; if so, declare symbols: {}: {{multiple_of: 2}}",
        ),
        (
            [branches([conv("C", stride=4)], [op("avg_pool2d", kernel=4)], join="add")],
            "node 'add' joins sizes that are equal iff 4 divides {}; if so, declare symbols: {}: {{multiple_of: 4}}",
        ),
        (
            [conv("C", stride=2), op("upsample", scale_factor=2), op("add", reads=["x", "here"])],
            "node 'add' joins sizes that are equal iff {} is even; if so, declare symbols: {}: {{multiple_of: 2}}",
        ),
    ],
)
def test_joins(model: list[Step], said: str) -> None:
    with pytest.raises(SpecError) as caught:
        graph(*model)
    assert [problem.message for problem in caught.value.problems] == [said.format(axis, axis) for axis in "HW"]


def test_joins_of_several_symbols() -> None:
    with pytest.raises(SpecError) as caught:
        graph(residual(op("transpose", dim0=2, dim1=3)))
    assert caught.value.problems[0].message == "node 'add' and 1 more join sizes that are equal iff H = W"
    with pytest.raises(SpecError, match=r"node 'residual': sizes differ: 2\*C against C$"):
        graph(residual(conv("2*C")))


def test_joins_that_are_proved() -> None:
    same, floor = conv("C", 3, stride=2), op("conv2d", out="C", kernel=3, stride=2, padding=1)
    assert graph(branches([same], [floor], [op("max_pool2d", kernel=3, stride=2, padding=1)], join="add")).needs == {}
    halves = branches([conv("C - C//2")], [conv("ceil(C/2)")], join="add")
    assert graph(halves).outputs


def test_ranges_help() -> None:
    symbols = {"B": 1, "C": 16, "H": {"default": 64, "min": 16}, "W": {"default": 64, "min": 16}}
    assert graph(wide(9), RELU, symbols=symbols).needs == {}
    tight = {**symbols, "H": {"default": 8, "max": 8}}
    with pytest.raises(SpecError, match="node 'conv2d': a size would be H - 9, and must be at least 0"):
        graph(wide(9), symbols=tight)


DECODER = """
symcost: 1
name: decoder
symbols:
  B: 1
  T: {default: 1 if decode else 128}
  S: {default: 100, about: cached}
  E: 4
  decode: {kind: flag, default: false}
inputs: {x: [B, T, E], cache: [B, S if decode else T, E]}
model:
  - {linear: E, from: x}
"""


def test_a_symbol_that_nothing_depends_on_is_not_free(tmp_path: Path) -> None:
    path = tmp_path / "decoder.yaml"
    path.write_text(DECODER)
    plain, decoding = symcost.load(path).cost(), symcost.load(path).cost(decode=True)
    assert list(plain.symbols) == ["B", "T", "E"] and plain.graph.idle == {"S": "with decode = false"}
    assert list(decoding.symbols) == ["B", "T", "S", "E"] and decoding.graph.idle == {}
    with pytest.raises(SpecError, match="nothing depends on S with decode = false; leave it out, or change that"):
        plain.at(S=3)


def test_a_default_may_depend_on_structure(tmp_path: Path) -> None:
    path = tmp_path / "decoder.yaml"
    path.write_text(DECODER)
    network = symcost.load(path)
    assert network.cost().bindings()["T"] == 128
    assert network.cost(decode=True).bindings()["T"] == 1
    path.write_text(DECODER.replace("{kind: flag, default: false}", "{kind: flag, default: E > 3}"))
    with pytest.raises(SpecError, match="default of a flag is plain, got 'E > 3'"):
        symcost.load(path)
    path.write_text(DECODER.replace("1 if decode else 128", "E"))
    with pytest.raises(SpecError, match=r"decoder.yaml:6:\d+: T: default: unknown name 'E'; known here: decode"):
        symcost.load(path).cost()
