"""What torch keeps for the backward pass: ``train_saved_bytes`` of ``tests/data/models.jsonl``, to the byte.

The figures are of a training step in 32 bits on a CPU: distinct storages that autograd packs, parameters and buffers
excluded, the input counted if it is kept. Where a library or a CPU's kernel does it otherwise, a rule says so.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, total
from symcost.metrics.convention import convention
from symcost.metrics.step_peak import widths
from symcost.precisions.precision import precision
from tests.specs import saved_rules as convolutions
from tests.specs import saved_rules_sequences as sequences
from tests.specs.test_truth import counterparts, sizes, truth
from tests.specs.written import as_written

FIELD = "train_saved_bytes"
BYTES = widths(precision("fp32"))
MIXTURES = (
    *("transformers/mixtral", "transformers/qwen3-30b-a3b", "transformers/qwen3-235b-a22b", "transformers/qwen1.5-moe"),
    *("transformers/gpt-oss", "transformers/deepseek"),
)
"""Their experts' weights were gathered for every token when this was counted: an artefact, which is not matched."""
ALL = {**convolutions.RULES, **sequences.RULES}
OPEN = frozenset((*convolutions.OPEN, *sequences.OPEN))
"""Counterparts whose bytes are others still."""


def compared() -> list[tuple[str, str]]:
    """Return the networks with such a figure, and whose they are."""
    pairs = counterparts()
    return [(n, other) for n, other in pairs if rows(other) and not other.startswith(MIXTURES)]


@cache
def besides(name: str, other: str) -> tuple[symcost.Cost, Num]:
    """Return a network by the rules for this counterpart, and how many bytes torch keeps besides."""
    graph = symcost.load(name).graph()
    rules = [
        *convolutions.EVERYWHERE,
        *(rule for start, found in ALL.items() if other.startswith(start) for rule in found),
    ]
    for rule in rules:
        graph = rule.applied(graph)
    return symcost.Cost(graph, convention("symcost")), total((rule.more(graph), 1) for rule in rules)


def saved(name: str, other: str, row: dict[str, Any]) -> Number:
    """Return the bytes that torch keeps, by the graph as it is written out for this counterpart, and by the rules."""
    cost, more = besides(name, other)
    env = cost.bindings(sizes(row))
    written = as_written(cost.graph, sequences.writings(other), env)
    kept = total((storage.total, BYTES[storage.dtype]) for storage in written.kept)
    return evaluate(kept + more, env)


def rows(other: str) -> list[dict[str, Any]]:
    return [row for row in truth()[other] if FIELD in row]


@pytest.mark.parametrize(("name", "other"), compared())
def test_torch_keeps_this(name: str, other: str) -> None:
    found = [saved(name, other, row) for row in rows(other)]
    expected = [row[FIELD] for row in rows(other)]
    assert (found == expected) is (other not in OPEN), [f - e for f, e in zip(found, expected, strict=True)]


FAR = {
    "timm/cspresnet50": "its bottlenecks end in activations that are not in place",
    "timm/nasnetalarge": "every window with a stride is padded apart",
    **dict.fromkeys(
        (f"smp/{decoder}/efficientnet-b0" for decoder in ("FPN", "Linknet", "Unet")),
        "every window of the encoder is padded apart",
    ),
    **dict.fromkeys(
        (f"smp/Segformer/{encoder}" for encoder in ("resnet34", "resnet50", "vgg16_bn")),
        "its linear layers read images with channels first, of which they make copies",
    ),
}
"""Networks of which rules are not small print."""
MIXERS = {"matmul", "scaled_dot_product_attention", "linear_attention", "lstm"}


def test_convolutional_networks_are_within_2_percent_without_any_rule() -> None:
    """What graphs say for themselves, of networks that mix places by windows alone."""
    pairs = [(name, other) for name, other in compared() if convolutional(name)]
    assert len(pairs) > 100
    assert {other for name, other in pairs if not is_near(name, other)} == FAR.keys()


def convolutional(name: str) -> bool:
    nodes = symcost.load(name).graph().nodes
    tags = {node.op.tag for node in nodes}
    return bool(tags & {"conv2d", "conv3d", "std_conv2d"}) and not tags & MIXERS


def is_near(name: str, other: str) -> bool:
    """Tell whether every row is within 2 % of what the graph says."""
    cost = symcost.load(name).cost()
    pairs = [(evaluate(cost.poly("saved_bytes"), cost.bindings(sizes(row))), row[FIELD]) for row in rows(other)]
    return all(abs(found - expected) <= Fraction(expected, 50) for found, expected in pairs)
