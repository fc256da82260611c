"""Precision recipes: bytes by role, those that papers print, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.algebra.poly import Num, evaluate, simplest
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.precisions.formats import FORMATS
from symcost.precisions.precision import DEFAULTS, ROLES, precision
from symcost.precisions.recipes import RECIPES
from symcost.setup import Setup
from tests.specs.claims import rows

STATE = ("weight", "gradient", "master")


def under(network: str, recipe: str) -> Cost:
    return symcost.load(network).under(precision=recipe).cost()


def at(cost: Cost, metric: str) -> Num:
    return evaluate(cost.poly(metric), cost.bindings())


@pytest.mark.parametrize("name", RECIPES)
def test_every_role_has_a_format(name: str) -> None:
    recipe = precision(name)
    assert all(recipe.format(role) in FORMATS for role in ROLES)
    assert recipe.formats.keys() <= ROLES.keys()
    assert recipe.source
    assert DEFAULTS.keys() <= ROLES.keys()


@pytest.mark.parametrize(
    ("recipe", "bytes_each"),
    [
        ("fp32", (4, 4, 0, 4)),
        ("bf16", (2, 2, 0, 2)),
        ("mixed_fp16", (2, 2, 4, 4)),  # ZeRO, section 3.1: with two moments 2 + 2 + 4 + 4 + 4
        ("mixed_bf16:gradient=fp32", (2, 4, 4, 4)),  # Megatron-LM: 18 in all
        ("fp8", (2, 4, 4, 4)),
        ("int4:matrix=fp8", (2, 2, 0, 2)),
    ],
)
def test_bytes_of_state(recipe: str, bytes_each: tuple[int, ...]) -> None:
    found = precision(recipe)
    assert tuple(found.bytes(role) for role in (*STATE, "moment")) == bytes_each
    cost = under("gpt2", recipe)
    params = cost.poly("params")
    for role, each in zip(STATE, bytes_each, strict=False):
        if role != "weight":
            assert simplest(cost.poly(f"{role}_bytes") - each * params) == 0


def test_published_bytes_of_resnet50() -> None:
    """Parameters, statistics and counters of batch norm, to the byte."""
    (row,) = (row for row in rows() if row["id"] == "acc_resnet50_bytes")
    cost = under("resnet50", "fp32")
    assert at(cost, "weight_bytes") + at(cost, "buffer_bytes") == int(row["value"])


def test_int4_is_exact() -> None:
    """Matrices of a layer: half a byte each, and 20 bits for each 128 of a row; the rest in fp16."""
    cost = under("llama3-8b", "int4")
    E, F, kv, V, L = 4096, 14336, 1024, 128256, 32
    shapes = (E, E), (kv, E), (kv, E), (E, E), (F, E), (F, E), (E, F)
    matrices = sum(n * m * Fraction(1, 2) + n * -(-m // 128) * Fraction(20, 8) for n, m in shapes)
    assert at(cost, "weight_bytes") == L * (matrices + 2 * E * 2) + (2 * V * E + E) * 2
    sized = symcost.load("llama3-8b").under(precision="int8").cost()
    whole = sum(n * m + 4 * n for n, m in shapes)
    assert at(sized, "weight_bytes") == L * (whole + 2 * E * 2) + (2 * V * E + E) * 2


def test_rows_of_experts_have_scales_of_their_own() -> None:
    cost = under("mixtral", "int8")
    experts = [n for n in cost.graph.nodes if n.experts and n.facts.weights]
    found = {row.name: row.values["weight_bytes"] for row in cost.by_node(["weight_bytes"])}
    env = cost.bindings()
    n, E, F, L = (int(env[name]) for name in ("n", "E", "F", "L"))
    assert [evaluate(found[node.name], env) for node in experts] == [
        L * (n * F * E + 4 * n * F), L * (n * F * E + 4 * n * F), L * (n * F * E + 4 * n * E)
    ]  # fmt: skip


def test_frozen_weights_are_held_as_weights() -> None:
    cost = under("faster_rcnn", "bf16")
    assert simplest(cost.poly("gradient_bytes") - 2 * cost.poly("params")) == 0
    statistics_in_fp32 = under("faster_rcnn", "bf16:buffer=fp32").poly("buffer_bytes")
    assert 0 < evaluate(statistics_in_fp32 - cost.poly("buffer_bytes"), cost.bindings()) < 2**20


def test_a_setting_is_a_recipe_by_its_name() -> None:
    setup = Setup(precision="mixed_bf16:gradient=fp32")
    assert repr(setup) == "Setup(precision='mixed_bf16:gradient=fp32')"
    assert Setup(precision="mixed_bf16: gradient = fp32") == setup
    assert Setup(precision="fp32:gradient=fp32") == Setup()
    assert setup.said(["precision"]).startswith("mixed_bf16:gradient=fp32: passes in bf16")


KNOWN = "fp32, bf16, fp16, mixed_bf16, mixed_fp16, fp8, int8, int4"
KNOWN_ROLES = "weight, matrix, gradient, master, moment, buffer, activation, mask, index, kv"
KNOWN_FORMATS = "fp64, fp32, bf16, fp16, fp8, int64, int32, int8, int4, bool, bit, none"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bf61", f"there is no precision 'bf61'; did you mean 'bf16'?; known are {KNOWN}"),
        ("fp32:kvs=fp8", f"PLACE: there is no role 'kvs'; did you mean 'kv'?; there are {KNOWN_ROLES}"),
        ("fp32:kv=fp9", f"PLACE: there is no format 'fp9'; did you mean 'fp8'?; there are {KNOWN_FORMATS}"),
        ("fp32:kv", "PLACE: 'kv' is not of the form ROLE=FORMAT, such as gradient=fp32"),
        ("fp32:kv=fp8,kv=int8", "PLACE: kv is fp8 and int8"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        Setup(precision=text)
    assert str(error.value) == message.replace("PLACE", f"precision '{text}'")
