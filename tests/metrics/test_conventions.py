"""Conventions against prices worked out by hand."""

from __future__ import annotations

import fnmatch
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symcost.algebra.poly import Num
from symcost.errors import NoAnswer, UsageError
from symcost.graph.model import Node, Tensor
from symcost.graph.pattern import Pattern
from symcost.graph.roles import ROLES
from symcost.metrics.amounts import AMOUNTS
from symcost.metrics.convention import Convention, convention, conventions
from symcost.metrics.switches import CALLS, SWITCHES
from symcost.ops.facts import KINDS, Facts
from symcost.ops.op import Op
from tests.graph.nets import BN, RELU, Step, conv, cost, op

IMAGE = {"symbols": {}, "inputs": {"x": [2, 3, 8, 8]}}


def flops(prices: str, *model: Step, **fields: Any) -> Num:
    return cost(*model, prices=prices, **{**IMAGE, **fields}).poly("flops")


@pytest.mark.parametrize(
    ("step", "textbook", "torch"),
    [
        (conv(5, 3), 2 * (2 * 5 * 8 * 8 * 3 * 9), 2 * (2 * 5 * 8 * 8 * 3 * 9)),
        (op("conv2d", out=5, kernel=3, bias=True), 2 * (2 * 5 * 6 * 6 * 3 * 9), 2 * (2 * 5 * 6 * 6 * 3 * 9)),
        (op("conv_transpose2d", out=5, kernel=2, stride=2), 2 * (2 * 3 * 8 * 8 * 5 * 4), 2 * (2 * 3 * 8 * 8 * 5 * 4)),
        (op("linear", out_features=7), 2 * (2 * 3 * 8) * 8 * 7, 2 * (2 * 3 * 8) * 8 * 7),
        (op("max_pool2d", kernel=2), 2 * 3 * 16 * 4, 0),
        (op("avg_pool2d", kernel=2), 2 * (2 * 3 * 16 * 4), 0),
        (op("max_pool2d", kernel=3, stride=2, padding=1), 2 * 3 * 16 * 9, 0),
        (op("global_avg_pool"), 2 * (2 * 3 * 64), 0),
        (op("adaptive_avg_pool2d", output_size=4), 2 * (2 * 3 * 64), 0),
        (RELU, 2 * 3 * 64, 0),
        (BN, 4 * 2 * 3 * 64, 0),
        (op("dropout"), 0, 0),
        (op("flatten"), 0, 0),
    ],
    ids=lambda value: str(value.get("op")) if isinstance(value, dict) else "",
)
def test_prices_by_hand(step: Step, textbook: int, torch: int) -> None:
    assert flops("textbook", step) == textbook
    assert flops("torch", step) == torch


def test_functions_with_exp_cost_more_than_relu() -> None:
    elements = 2 * 3 * 64
    for tag in ("sigmoid", "tanh", "silu", "softmax"):
        dear = flops("textbook", op(tag))
        assert isinstance(dear, int)
        assert dear > elements


def test_torch_does_not_know_bilinear() -> None:
    pair: dict[str, Any] = {"inputs": {"a": [2, 3], "b": [2, 4]}}
    step = op("bilinear", out_features=5, reads=["a", "b"])
    assert flops("torch", step, **pair) == 0
    assert cost(step, symbols={}, **pair).poly("macs") != 0


def test_the_default_is_two_for_a_mac_and_one_for_anything_else() -> None:
    found = cost(conv("C", 3), BN, RELU, op("sigmoid"))
    assert found.poly("flops") == 2 * found.poly("macs") + found.poly("elementwise")


def made(**fields: Any) -> Convention:
    return Convention(**{"name": "own", "about": "", "source": "", "prices": {"mac": 1}, **fields})


QKV = (Tensor(-1, 0, (1, 10, 5)),) * 3
FACTS = Facts(outs=((2, 5),), work={"mac": 100, "add": 10, "exp": 3}, taps=40)


def node(tag: str = "conv2d", facts: Facts = FACTS, **fields: Any) -> Node:
    needed = {"conv2d": {"out": 5, "kernel": 1}, "linear": {"out": 5}}.get(tag, {})
    made = Op.known[tag].model_validate({"op": tag, **needed, **fields.pop("op", {})})
    return Node(name=fields.pop("name", tag), op=made, facts=facts, ins=(Tensor(-1, 0, (2, 3)),), **fields)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (made(), 100),
        (made(other=1), 113),
        (made(prices={"mac": 2, "exp": 8}, other=1), 200 + 10 + 24),
        (made(other=1, by_op={"conv*": {}}), 100),
        (made(other=1, by_op={"pool": {}}), 113),
        (made(other=1, by_op={"conv2?": {"out": 3, "in": 2, "taps": 1}}), 100 + 3 * 10 + 2 * 6 + 40),
        (made(other=1, by_op={"*": {"mac": 0, "out": 1}}), 10),
        (made(by_op={"conv2d": {"out": 1}, "conv*": {}}), 110),
    ],
)
def test_rules(own: Convention, expected: int) -> None:
    assert own.flops(node()) == expected


def test_every_convention_is_well_formed() -> None:
    for name, known in conventions().items():
        assert known is convention(name)
        assert known.about
        assert known.source
        assert known.prices.keys() <= KINDS.keys()
        assert {what for rule in known.by_op.values() for what in rule} <= {*KINDS, *AMOUNTS}
        assert known.unit == {1: "MACs", 2: "FLOPs"}[known.price("mac")]
        for pattern in map(Pattern.parse, known.by_op):
            assert pattern.roles <= ROLES.keys()
            assert fnmatch.filter(Op.known, pattern.tag), pattern


def test_unknown_names() -> None:
    with pytest.raises(UsageError, match=r"^there is no convention 'torhc'; did you mean 'torch'\?; known are "):
        convention("torhc")
    with pytest.raises(KeyError, match="is not a kind of work"):
        convention("torch").price("macs")


def test_switches() -> None:
    masked = Facts(outs=((2, 5),), work={"mac": 100, "exp": 3}, masked=40)
    attention = replace(node("scaled_dot_product_attention", masked), ins=QKV)
    plain = convention("symcost")
    for switch, value, expected in [
        ("causal", "full", 203),
        ("causal", "half", 103),
        ("causal", "kept", 123),
        ("attention", "left_out", 0),
        ("elementwise", "left_out", 200),
        ("logits", "left_out", 203),
    ]:
        assert plain.turned({switch: value}).flops(attention) == expected
    assert plain.turned({"causal": "kept"}).gradient(attention, {"mac": 250}) == 2 * 150
    assert plain.turned({"logits": "left_out"}).flops(node("linear", roles=("logits",))) == 0
    assert convention("symcost:recompute=attention").again(attention) == 203
    weighted = node("linear", Facts(outs=((2, 5),), work={"mac": 100}, weights={"weight": (5, 3)}))
    assert convention("symcost:recompute=attention").again(weighted) == plain.again(attention) == 0
    assert convention("symcost:recompute=full").again(weighted) == 200


def test_a_turned_convention_says_so() -> None:
    turned = convention("torch: causal = half ,logits=left_out")
    assert turned.name == "torch:causal=half, logits=left_out"
    assert turned is convention("torch: causal = half ,logits=left_out")
    assert convention(turned.name) == turned
    assert turned.turned({"causal": "kept"}).name == "torch:causal=kept, logits=left_out"
    assert convention("torch:causal=full") is convention("torch")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "torch:casual=half",
            f"there is no switch 'casual'; did you mean 'causal'?; there are {', '.join((*SWITCHES, *CALLS))}",
        ),
        ("torch:causal=hlaf", "causal is full, half or kept, not 'hlaf'; did you mean 'half'?"),
        ("torch:", "'' is not of the form SWITCH=VALUE, such as causal=half"),
        ("torch:causal", "'causal' is not of the form SWITCH=VALUE, such as causal=half"),
        ("torch:causal=half,causal=kept", "causal is half and kept"),
    ],
)
def test_bad_switches(name: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        convention(name)
    assert str(error.value) == f"convention '{name}': {message}"


@pytest.mark.parametrize(
    ("settings", "otherwise"),
    [
        ("causal=half", "causal=full"),
        ("attention=left_out", "attention=counted"),
        ("recompute=attention", "recompute=none"),
    ],
)
def test_pairs_inside_an_op_with_projections_are_not_told_apart(settings: str, otherwise: str) -> None:
    step = op("multihead_attention", num_heads=2, is_causal=True, batch_first=True)
    found = cost(step, prices=f"torch:{settings}", symbols={}, inputs={"x": [2, 5, 4]})
    with pytest.raises(NoAnswer) as error:
        found.poly("recompute_flops" if "recompute" in settings else "flops")
    untold = "the attention of multihead_attention is not told apart from its projections"
    assert str(error.value) == f"node 'multihead_attention': {untold}; count with {otherwise}"


@pytest.mark.parametrize(
    ("step", "inputs"),
    [
        (op("scaled_dot_product_attention", sinks=True, is_causal=True), [[2, 3, 5, 4]] * 3),
        (op("selective_scan"), [[2, 5, 3], [2, 5, 3], [2, 5, 4], [2, 5, 4]]),
        (op("state_space_dual"), [[2, 5, 3, 4], [2, 5, 3], [2, 5, 1, 4], [2, 5, 1, 4]]),
    ],
    ids=lambda value: str(value.get("op")) if isinstance(value, dict) else "",
)
def test_activations_that_meet_activations_are_attention_with_weights_beside_them(
    step: Step, inputs: list[list[int]]
) -> None:
    named = dict(zip("abcd", inputs, strict=False))

    def counted(settings: str, name: str = "flops") -> Num:
        return cost({**step, "from": list(named)}, prices=f"torch:{settings}", symbols={}, inputs=named).poly(name)

    assert counted("attention=left_out") == 0 != counted("attention=counted")
    whole, inside = (counted(f"recompute={what}", "recompute_flops") for what in ("attention", "none"))
    assert whole - inside == counted("attention=counted")
    if step.get("is_causal"):
        assert 2 * counted("causal=half") == counted("causal=full")
        assert counted("causal=kept") == counted("causal=full") * Fraction(15, 25)


@pytest.mark.parametrize(
    ("pattern", "of", "matches"),
    [
        ("conv*", {"tag": "conv2d"}, True),
        ("conv2d[bias=true]", {"tag": "conv2d"}, True),
        ("conv2d[bias=true]", {"tag": "conv2d", "op": {"bias": False}}, False),
        ("linear[logits]", {"tag": "linear"}, False),
        ("linear[logits]", {"tag": "linear", "roles": ("logits", "reused")}, True),
        ("*[logits, reused]", {"tag": "linear", "roles": ("logits",)}, False),
        ("linear[nothing=1]", {"tag": "linear"}, False),
    ],
)
def test_patterns(pattern: str, of: dict[str, Any], matches: bool) -> None:
    assert Pattern.parse(pattern).matches(node(**of)) is matches


def test_a_rule_in_words() -> None:
    facts = Facts(outs=((2, 5),), work={"mac": 100}, weights={"weight": (5, 3), "bias": (5,)})
    assert convention("ptflops").explain(node("linear", facts)) == "1 per MAC, 1 per output element that has a bias"
    assert convention("torch").explain(node("relu", Facts(outs=((2,),), work={"compare": 2}))) == "nothing"
    assert convention("kaplan").explain(node("linear", roles=("logits",))) == "nothing, as logits is left out"
    masked = Facts(outs=((2, 5),), work={"mac": 100}, masked=40)
    attention = replace(node("scaled_dot_product_attention", masked), ins=QKV)
    assert convention("megatron:causal=half").explain(attention) == (
        "2 per MAC, of half of the pairs of this pass's tokens, all with those cached"
    )


def test_thop_prices_a_transposed_convolution_at_every_output() -> None:
    step = op("conv_transpose2d", out=6, kernel=2, stride=2, groups=3)
    assert flops("thop", step) == (2 * 6 * 16 * 16) * 1 * 4
    assert flops("fvcore", step) == 2 * 3 * 8 * 8 * 2 * 4


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ptflops", 200),
        ("ptflops:function=relu", 100),
        ("ptflops:function=re*+gelu", 100),
        ("ptflops:function=/relu", 100),
        ("ptflops:function=/rel", 200),
        ("thop:composed=relu", 0),
        ("symcost:own=relu", 50),
        ("symcost:own=relu, elementwise=left_out", 0),
    ],
)
def test_how_code_calls_an_op(name: str, expected: int) -> None:
    relu = Node("relu", Op.known["relu"].model_validate({"op": "relu"}), Facts(((100,),), {"compare": 50}),
                (Tensor(-1, 0, (100,)),))  # fmt: skip
    assert convention(name).flops(relu) == expected


def test_nodes_that_differ_in_name_only_are_told_apart() -> None:
    named = op("relu", name="second")
    whole, half = (cost(RELU, named, prices=name).poly("flops") for name in ("ptflops", "ptflops:function=/second"))
    assert 4 * half == 3 * whole


def test_what_is_not_an_op() -> None:
    message = r"^convention 'thop:own=a b': own takes ops such as relu\+\*_pool2d, not 'a b'$"
    with pytest.raises(UsageError, match=message):
        convention("thop:own=a b")
    with pytest.raises(
        NoAnswer, match=r"^node 'net': convention 'fvcore' does not say what multihead_attention costs$"
    ):
        convention("fvcore").flops(node("multihead_attention", op={"num_heads": 1}, name="net"))


def test_recurrent_layers_by_hand() -> None:
    """By the tools' own sums for each step: ptflops 10, 7 and 1 for each unit besides the products, thop 8, 7 and 1."""
    own = {"inputs": {"x": [5, 2, 3]}, "symbols": {}}
    for tag, gates, thop, ptflops in [("lstm", 4, 8, 10), ("gru", 3, 7, 7), ("rnn", 1, 1, 1)]:
        products, biases = gates * 7 * (3 + 7), 2 * gates * 7
        for bias in (True, False):
            step = op(tag, hidden_size=7, bias=bias)
            assert flops("thop", step, **own) == 10 * (products + thop * 7 + bias * biases)
            assert flops("ptflops", step, **own) == 10 * (products + ptflops * 7 + bias * biases)
            assert flops("ptflops_aten", step, **own) == 10 * (products + bias * biases)
            deepspeed = 2 * products - biases + ptflops * 7 + bias * biases
            assert flops("deepspeed", step, **own) == 10 * deepspeed
            assert flops("fvcore", step, **own) == 0


def test_resampling_by_hand() -> None:
    scaled, sized = op("upsample", scale_factor=2, mode="bilinear"), op("upsample", size=[5, 7], mode="bilinear")
    places = 2 * 3 * 16 * 16
    for name, price in [("fvcore", 4), ("thop", 11), ("ptflops", 2), ("deepspeed", 1)]:
        assert flops(name, scaled) == price * places
    assert flops("deepspeed", sized) == 5 * 7
    assert flops("thop", op("upsample", scale_factor=2)) == places


def test_attention_with_projections_by_hand() -> None:
    """By ptflops' hook: a scaling, three projections, scores, softmax and mixture, the last projection."""
    t, e, h = 5, 6, 2
    step = op("multihead_attention", num_heads=h, batch_first=True, need_weights=False)
    hook = t * e + 3 * t * e * e + 3 * t * e + h * (2 * t * t * (e // h) + t * t) + t * e * (e + 1)
    assert flops("ptflops", step, symbols={}, inputs={"x": [2, t, e]}) == 2 * hook
