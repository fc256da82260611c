"""Names of values: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

import pytest

from symcost.errors import SpecError
from symcost.graph import Graph
from tests.graph.nets import BN, RELU, Step, branches, call, conv, cost, graph, op, repeat, residual, when

BLOCKS = {
    "pair": {"inputs": ["a", "b"], "body": [op("add", reads=["b", "a"])]},
    "fork": {"body": [conv("C", name="low"), conv("2*C", name="high", reads="low")], "outputs": ["high", "low"]},
    "loop": {"body": [call("loop")]},
    "endless": {"args": {"n": None}, "body": [call("endless", n="n + 1")]},
    "countdown": {"args": {"n": None}, "body": [RELU, when("n > 1", call("countdown", n="n - 1"))]},
}


def shapes(*model: Step) -> list[str]:
    return [str(size) for tensor in graph(*model, blocks=BLOCKS).outputs for size in tensor.shape[1:2]]


def test_from_a_named_step() -> None:
    found = graph(conv("C", name="stem"), conv("2*C"), op("relu", name="act"), op("concat", reads=["stem", "act"]))
    assert sources(found) == ["stem", "act"]


def sources(found: Graph) -> list[str]:
    """Return the nodes that the last one reads."""
    return [found.nodes[tensor.source].name for tensor in found.nodes[-1].ins]


def test_one_output_of_several() -> None:
    split = op("split", sizes=[4, 12], name="s")
    assert shapes(conv(16), split, op("relu", reads="s.1")) == ["12"]
    assert shapes(conv(16), split, op("concat", reads=["s.1", "s.0", "s.1"])) == ["28"]
    assert shapes(branches([conv(3)], [conv(5)], join="none", name="b"), op("relu", reads="b.1")) == ["5"]


def test_inputs_of_a_block() -> None:
    body = [conv("C", name="one"), conv("C", name="two"), call("pair", FROM=["one", "two"])]
    found = graph(*body, blocks=BLOCKS)
    assert sources(found) == ["two", "one"]


def test_outputs_of_a_block() -> None:
    assert shapes(call("fork")) == ["2*C", "C"]
    assert shapes(call("fork", NAME="f"), op("relu", reads="f.low")) == ["C"]
    assert shapes(call("fork", NAME="f"), op("relu", reads="f.0")) == ["2*C"]


def test_outputs_of_the_model() -> None:
    found = graph(conv("C", name="a"), conv("2*C", name="b"), RELU, outputs=["b", "a"])
    assert [str(tensor.shape[1]) for tensor in found.outputs] == ["2*C", "C"]


def test_names_are_local_to_a_body() -> None:
    found = graph(call("fork", NAME="one"), conv("C", reads="one.low"), call("fork", NAME="low"), blocks=BLOCKS)
    assert [node.name for node in found.nodes] == ["one.low", "one.high", "conv2d", "low.low", "low.high"]
    with pytest.raises(SpecError, match="node 'relu' reads 'low', which no earlier node makes"):
        graph(call("fork"), op("relu", reads="low"), blocks=BLOCKS)
    with pytest.raises(SpecError, match="reads 'inner', which no earlier node makes"):
        graph(repeat(2, conv("C", name="inner")), op("relu", reads="inner"))


def test_a_body_sees_the_names_around_it() -> None:
    found = graph(conv("C", name="stem"), repeat("n", op("add", reads=["stem", "here"])), symbols=SIZES)
    assert len(found.nodes[1].ins) == 2


SIZES = {"B": 1, "C": 16, "H": 32, "W": 32, "n": 3}


def test_names_are_unique() -> None:
    body = [RELU, RELU, op("relu", name="relu_3"), RELU, residual(conv("C"), BN), residual(conv("C"), BN)]
    names = [node.name for node in graph(*body).nodes]
    assert len(set(names)) == len(names)
    assert names[:4] == ["relu", "relu_2", "relu_3", "relu_3_2"]
    assert graph(RELU, inputs={"relu": ["B", "C"]}).nodes[0].name == "relu_2"


def test_a_block_may_apply_itself_less_and_less() -> None:
    found = graph(call("countdown", n=3), blocks=BLOCKS)
    assert found.nodes[-1].name == "countdown.countdown.countdown.relu"


def test_defaults_of_arguments_mean_what_they_mean_inside() -> None:
    squeeze = {"args": {"r": "C_in // 4", "twice": "2*r"}, "body": [conv("r"), conv("twice")]}
    found = cost(conv(64), call("squeeze"), blocks={"squeeze": squeeze})
    assert [str(node.facts.outs[0][1]) for node in found.graph.nodes] == ["64", "16", "32"]
    given = cost(conv(64), call("squeeze", r="C_in"), blocks={"squeeze": squeeze})
    assert [str(node.facts.outs[0][1]) for node in given.graph.nodes] == ["64", "C", "2*C"]


LATER = "model[0]: node 'a' reads 'c', which comes later and reads it in turn: a cycle, {}"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            [conv("C", name="stem"), op("relu", reads="stm")],
            "model[1]: node 'relu' reads 'stm', which no earlier node makes; did you mean 'stem'?",
        ),
        (
            [op("split", sizes=[8, 8], name="s"), op("relu", reads="s.2")],
            "model[1]: node 'relu' reads 's.2', and 's' has outputs 0 to 1",
        ),
        (
            [op("relu", reads="late"), op("relu", name="late", reads="x")],
            "model[0]: node 'relu' reads 'late', which comes later; move it up",
        ),
        (
            [op("relu", reads="late.0"), op("split", sizes=[8, 8], name="late", reads="x")],
            "model[0]: node 'relu' reads 'late', which comes later; move it up",
        ),
        (
            [op("relu", name="a", reads="c"), BN, conv("C", name="b"), op("relu", name="c")],
            LATER.format("a -> c -> b -> batch_norm -> a"),
        ),
        (
            [op("add", name="a", reads=["x", "b"]), op("add", name="b", reads=["x", "a"])],
            "model[0]: node 'a' reads 'b', which comes later and reads it in turn: a cycle, a -> b -> a",
        ),
        ([op("relu", name="a"), op("relu", name="a")], "model[1]: node 'a' takes the name 'a', which is taken"),
        ([op("relu", name="x")], "model[0]: node 'x' takes the name 'x', which is taken"),
        (
            [call("loop")],
            "blocks.loop.body[0]: node 'loop.loop' applies block 'loop' inside itself without end: loop -> loop",
        ),
        ([call("forc")], "model[0]: node 'forc' is not a block; did you mean 'fork'?"),
        ([call("countdown")], "model[0]: node 'countdown' needs argument 'n'"),
        ([call("countdown", m=1)], "model[0]: node 'countdown' has no argument 'm'"),
        ([call("pair")], "model[0]: node 'pair' takes a, b, got 1 values"),
        (
            [conv("D")],
            (
                "model[0]: node 'conv2d': out_channels: unknown name 'D'"
                "; known here: B, C, C_in, C_now, E_in, E_now, H, H_in, H_now, W, W_in, W_now"
            ),
        ),
    ],
)
def test_refusals(model: list[Step], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        graph(*model, blocks=BLOCKS)
    assert str(caught.value) == message


def test_recursion_that_changes_its_arguments_ends_too() -> None:
    with pytest.raises(SpecError, match="applies block 'endless' inside itself without end: endless -> endless -> "):
        graph(call("endless", n=1), blocks=BLOCKS)


def test_bodies_in_bodies_end_in_a_message() -> None:
    inner = call("deep", n="n - 1")
    for _ in range(10):
        inner = residual(inner)
    deep = {"deep": {"args": {"n": None}, "body": [RELU, when("n > 1", inner)]}}
    assert len(graph(call("deep", n=3), blocks=deep).nodes) == 23
    with pytest.raises(SpecError, match=r"^model: blocks and bodies stand inside one another too deeply$"):
        graph(call("deep", n=60), blocks=deep)


def test_outputs_that_are_not_there() -> None:
    with pytest.raises(SpecError) as caught:
        graph(conv("C", name="head"), outputs=["hed"])
    assert str(caught.value) == "outputs: an output reads 'hed', which no earlier node makes; did you mean 'head'?"
