"""Experts: a body that is there n times, of which each token meets k."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate, symbol
from symcost.architecture import variant_of
from symcost.cost import Cost
from symcost.errors import SpecError

HEAD = """\
symcost: 1
name: net
symbols: {B: 2, T: 3, E: 4, F: 5, n: 6, k: 2, L: 3, c: {kind: ratio, default: 1.25}}
inputs: {x: [B, T, E]}
model:
"""
MIXTURE = "  - {experts: n, top_k: k, do: [linear: F, relu, linear: {out: E, bias: false}]}\n"


def cost(model: str, blocks: str = "") -> Cost:
    return variant_of(symcost.read_spec(HEAD.replace("model:", f"{blocks}model:") + model), None).cost()


@dataclass
class Loops:
    """What a mixture of experts does, token by token and expert by expert, for some random choice of experts.

    Attributes:
        work: what has been done, by kind.
        met: the experts of each token.
        weights: size of each expert's weights.
    """

    tokens: int
    E: int
    F: int
    n: int
    k: int
    chance: random.Random
    work: Counter[str] = field(default_factory=Counter)
    gradient: Counter[str] = field(default_factory=Counter)
    met: list[list[int]] = field(default_factory=list)

    def run(self) -> Loops:
        for _ in range(self.tokens):
            self.route()
        rows = Counter(expert for experts in self.met for expert in experts)
        for expert in range(self.n):
            for row in range(rows[expert]):
                self.expert(first=row == 0)
        for experts in self.met:
            for place, _ in enumerate(experts):
                self.work["mul"] += self.E
                self.work["add"] += self.E if place else 0
        return self

    def route(self) -> None:
        """Score all experts, and take the best k, one maximum after the other."""
        scores = [self.chance.random() for _ in range(self.n)]
        self.work["mac"] += self.n * self.E
        left = list(range(self.n))
        for _ in range(self.k):
            best = left[0]
            for other in left[1:]:
                self.work["compare"] += 1
                best = other if scores[other] > scores[best] else best
            left.remove(best)
        self.met.append([expert for expert in range(self.n) if expert not in left])
        self.work["compare"] += self.n - 1  # softmax
        self.work["add"] += 2 * self.n - 1
        self.work["exp"] += self.n
        self.work["div"] += self.n

    def expert(self, first: bool) -> None:
        """Apply an expert to a row, and add up the gradients of its weights."""
        for _ in range(self.F):
            self.work["mac"] += self.E
            self.work["add"] += 1
            self.work["compare"] += 1
            self.gradient["add"] += 0 if first else 1
        for _ in range(self.E):
            self.work["mac"] += self.F

    @property
    def size(self) -> int:
        """The parameters of one expert."""
        return self.F * self.E + self.F + self.E * self.F


def amount(found: Cost, metric: str, **sizes: int) -> Number:
    return evaluate(found.poly(metric), found.bindings(sizes))


@given(
    B=st.integers(1, 3), T=st.integers(1, 4), E=st.integers(2, 5), F=st.integers(2, 5), n=st.integers(2, 5),
    k=st.integers(1, 5), seed=st.integers(0, 99),
)  # fmt: skip
def test_work_and_weights_are_those_of_loops(B: int, T: int, E: int, F: int, n: int, k: int, seed: int) -> None:
    """For any choice of experts; what all tokens meet is at most what is said, the gradient as where all are met."""
    k, network = min(k, n), cost(MIXTURE)
    sizes = {"B": B, "T": T, "E": E, "F": F, "n": n, "k": k}
    loops = Loops(B * T, E, F, n, k, random.Random(seed)).run()  # noqa: S311 - the same ones in every run
    assert amount(network, "macs", **sizes) == loops.work["mac"]
    assert amount(network, "elementwise", **sizes) == sum(loops.work.values()) - loops.work["mac"]
    assert amount(network, "params", **sizes) == n * E + n * loops.size
    assert amount(network, "params_active", **sizes) == n * E + len(loops.met[0]) * loops.size
    met = {expert for experts in loops.met for expert in experts}
    assert n * E + len(met) * loops.size <= amount(network, "params_touched", **sizes) <= n * E + n * loops.size
    if len(met) == n:
        (linear,) = (node for node in network.graph.nodes if node.name == "experts.linear")
        assert evaluate(linear.facts.grad_weight["add"], network.bindings(sizes)) == loops.gradient["add"]


def test_as_many_experts_can_be_touched_as_is_said() -> None:
    """Two tokens of a pass may choose apart: of 6 experts at 2 each, they meet 4."""
    network = cost(MIXTURE)
    one = 2 * 4 * 5 + 5
    assert amount(network, "params_touched", B=1, T=2) == 6 * 4 + 4 * one
    assert amount(network, "params_touched", B=1, T=100) == amount(network, "params")


def test_capacity_is_slots_for_every_expert() -> None:
    """GShard and Switch: ceil(c T k/n) slots each, worked on whether a token is in them or not."""
    found = cost("  - {experts: n, capacity: c, router: [linear: n], do: [linear: {out: F, bias: false}]}\n")
    for tokens, n, c in ((6, 6, Fraction(5, 4)), (7, 3, Fraction(1)), (40, 8, Fraction(2))):
        slots = n * ceil(c * tokens / n)
        env = found.bindings({"B": 1, "T": tokens, "n": n, "c": c})
        assert evaluate(found.poly("macs"), env) == tokens * n * 4 + slots * 4 * 5


def test_one_expert_that_all_tokens_meet_is_its_body() -> None:
    mixed, plain = cost("  - {experts: 1, do: [linear: F]}\n"), cost("  - linear: F\n")
    assert mixed.poly("params_active") == mixed.poly("params") == plain.poly("params") + symbol("E")
    (linear,) = (node for node in mixed.graph.nodes if node.name == "experts.linear")
    assert linear.facts.work == plain.graph.nodes[0].facts.work
    assert linear.facts.grad_weight == plain.graph.nodes[0].facts.grad_weight


def test_experts_inside_repetitions_and_blocks() -> None:
    blocks = "blocks:\n  layer: {body: [residual: [layer_norm, {experts: n, top_k: k, do: [expert]}]]}\n"
    blocks += "  expert: {body: [linear: F, gelu, linear: E]}\n"
    rounds, once = cost("  - {repeat: L, do: [layer]}\n", blocks), cost("  - layer\n", blocks)
    for metric in ("params", "params_active", "params_touched", "macs", "elementwise", "activations"):
        assert rounds.poly(metric) == symbol("L") * once.poly(metric)
    assert rounds.poly("peak_activations") is not None


def test_weights_can_be_shared_by_rounds() -> None:
    model = "  - {repeat: L, weights: w, do: [{experts: n, do: [linear: E]}]}\n"
    assert cost(model).poly("params") == cost("  - {experts: n, do: [linear: E]}\n").poly("params")


def test_experts_inside_experts() -> None:
    inner = "{experts: k, do: [linear: {out: E, bias: false}], router: [linear: {out: k, bias: false}]}"
    found = cost(f"  - {{experts: n, top_k: 2, router: [linear: {{out: n, bias: false}}], do: [{inner}]}}\n")
    n, k, E, T = (symbol(name) for name in "nkET")
    tokens = symbol("B") * T
    assert found.poly("params") == n * E + n * k * E + n * k * E * E
    assert found.poly("params_active") == n * E + 2 * k * E + 2 * E * E
    assert found.poly("macs") == tokens * (n * E + 2 * k * E + 2 * E * E)


def test_frozen_experts_are_state() -> None:
    found = cost("  - {experts: n, frozen: true, do: [linear: E]}\n")
    assert found.poly("params") == 0
    assert found.poly("buffers") == cost("  - {experts: n, do: [linear: E]}\n").poly("params")


def test_a_training_step_is_three_passes_where_all_gradients_flow() -> None:
    """What stands before has weights, so inputs of experts need gradients: 3 times the products, as in torch's rows."""
    found = cost("  - linear: {out: E, bias: false}\n" + MIXTURE)
    torch = found.graph.nodes[0].count * symbol("B") * symbol("T") * symbol("E") ** 2
    network = variant_of(symcost.read_spec(HEAD + "  - linear: {out: E, bias: false}\n" + MIXTURE), None).cost("torch")
    assert network.poly("train_flops") == 3 * network.poly("flops") - 2 * torch


def test_json_gives_it_back() -> None:
    spec = symcost.read_spec(HEAD + "  - {experts: n, top_k: k, capacity: c, gating: [softmax], do: [linear: E]}\n")
    assert symcost.read_spec(spec.to_json()) == spec


MESSAGES = {
    "{experts: n, do: [linear: E], topk: 2}": (
        "@:6:35: a step has one op, and this has 'experts' and 'topk'; start each with '- '"
    ),
    "{experts: [n], do: [linear: E]}": "@:6:6: 'experts' takes how many, with 'do' beside it",
    "{experts: 2, top_k: 3, do: [linear: E]}": "@:6:3: node 'experts' takes the 3 largest of 2",
    "{experts: n, do: [reshape: [B, T, E]]}": (
        "@:6:3: node 'experts' takes rows (B*T, E) back from its experts, got (B, T, E)"
    ),
    "{experts: n, do: [chunk: 2]}": (
        "@:6:3: node 'experts' takes rows (B*T, E) back from its experts, got (B*T, E/2), (B*T, E/2)"
    ),
    "{experts: n, do: [{transpose: {dim0: 0, dim1: 1}}, relu]}": (
        "@:6:56: node 'experts.relu' reads (E, B*T), and inside experts there are rows (B*T, ...)"
    ),
    "{experts: n, do: [{add: ~, from: [here, x]}]}": (
        "@:6:23: node 'experts.add' reads (B, T, E), and inside experts there are rows (B*T, ...)"
    ),
    "{experts: n, do: [{scaled_dot_product_attention: ~, from: [here, here, here]}]}": (
        "@:6:23: node 'experts.scaled_dot_product_attention' cannot be shared out among experts: it does not work on"
        " each row apart"
    ),
    "{experts: n, do: [conv1d: {out: 3, kernel: 3}]}": ("@:6:23: node 'experts.conv1d' takes (B, C, W), got (B*T, E)"),
    "{experts: n, router: [linear: 3], do: [linear: E]}": (
        "@:6:3: node 'experts.router' joins sizes that are equal iff n is 3"
    ),
    "{experts: 4, router: [linear: 3], do: [linear: E]}": "@:6:3: node 'experts': sizes differ: 3 against 4",
    "{experts: n, capacity: 0, do: [linear: E]}": (
        "@:6:3: node 'experts' has capacity 0, which leaves no slot; leave it out if no token is dropped"
    ),
    "{experts: n, do: []}": "@:6:18: do: takes at least one entry, got []",
}


@pytest.mark.parametrize("model", MESSAGES)
def test_what_is_said(model: str) -> None:
    with pytest.raises(SpecError) as caught:
        variant_of(symcost.read_spec(HEAD + f"  - {model}\n"), None).graph()
    assert str(caught.value).replace("<text>", "@") == MESSAGES[model]


@pytest.mark.parametrize(("capacity", "conditions"), [("c + F", ()), ("c - F", ("-2*floor(B*F*T/2 - B*T*c/2) >= 1",))])
def test_a_capacity_that_may_be_no_room_is_a_condition(capacity: str, conditions: tuple[str, ...]) -> None:
    step = f"  - {{experts: 2, capacity: {capacity}, router: [linear: 2], do: [linear: E]}}\n"
    assert cost(step).graph.conditions == conditions
