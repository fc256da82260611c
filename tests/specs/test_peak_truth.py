"""Peak memory against what torch allocates: ``eval_peak_new_bytes`` of ``tests/data/models.jsonl``.

The figures are of an eager pass on a CPU in 32 bits, the most live at once without parameters and input. symcost's
schedule frees a tensor after its last reader; eager torch differs from it by rules of its own, each named here. Plain
buffers that come and go by these rules reproduce the figures to the byte.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate as exact
from symcost.catalog import names
from tests.specs.naive import walk as naive
from tests.specs.naive.expressions import evaluate
from tests.specs.naive.memory import Buffer, Memory
from tests.specs.naive.terms import Value
from tests.specs.test_truth import counterparts, sizes, truth

FRAMES = {
    "inception_v3": {"conv"},
    "mnasnet": {"conv"},
    "mobilenet_v2": {"unit"},
    "mobilenet_v3": {"conv", "table2"},
    "resnet": {"project"},
    "efficientnet": {"conv"},
    "efficientnet_v2": {"stage"},
    "regnet": {"conv"},
    "regnet_line": {"conv"},
}
"""Blocks that are modules called from a function whose frame holds their input until they have returned.

Conv2dNormActivation and BasicConv2d while the norm runs, a residual block while its ``downsample`` does, and a
Sequential of blocks (a stage, or all stages) while the first of these does.
"""
UNFRAMED = ("alexnet", "densenet", "googlenet", "gpt2", "shufflenet_v2", "squeezenet", "vgg")
"""Further families whose memory was traced, without such blocks."""
BY_THESE_RULES = (
    *("torchvision/", "transformers/", "smp/Unet/resnet34", "timm/resnet50", "timm/wide_resnet50_2"),
    *("timm/mobilenetv3_small_100", "timm/regnety_016"),
)
PROJECTED_FIRST = ("torchvision/regnet",)
"""``self.proj(x) + self.f(x)``: what the projection makes waits for the other path."""
OTHERWISE = {
    "torchvision/densenet": "layers are kept in a list beside what concatenates them; see the test below",
    "smp/Unet": "the encoder's features are kept in a list; interpolation and concatenation have frames of their own",
}


class Eager(Memory):
    """Memory with what a CPU allocates besides: positions of max pooling, 8 bytes each, and 2 vectors of batch norm."""

    def ran(self, word: str, ins: Value, outs: Value) -> Value:
        extra = {"max_pool2d": 2 * math.prod(outs[0]), "batch_norm": 2 * ins[0][1] if len(ins[0]) > 1 else 0}
        if word in extra:
            self.buffers.append(Buffer(extra[word], self.now, self.now))
        return super().ran(word, ins, outs)


@dataclass
class EagerWalk(naive.Walk):
    """A walk with frames that hold their arguments."""

    frames: frozenset[str] = frozenset()
    projected_first: bool = False

    def call(self, word: str, given: Any, value: Value, scope: naive.Scope) -> Value:
        out = super().call(word, given, value, scope)
        if word in self.frames:
            self.memory.handed_on(value)
        return out

    def branches(self, bodies: Any, value: Value, scope: naive.Scope, join: str = "concat", dim: int = 1) -> Value:
        turned = self.projected_first and join == "add"
        return super().branches(bodies[::-1] if turned else bodies, value, scope, join, dim)


def eager_peak(path: Path, variant: str | None, other: str, **sizes: int) -> int:
    """Return the bytes of a spec's network in eager torch, by the rules above."""
    spec = naive.read(path)
    symbols = naive.bind(spec, variant, sizes)
    tensors = {name: (naive.checked(evaluate(shape, symbols)),) for name, shape in spec["inputs"].items()}
    (start,) = tensors.values()
    frames = frozenset(FRAMES.get(path.stem, ()))
    walk = EagerWalk(
        symbols,
        spec.get("blocks", {}),
        memory=Eager(),
        frames=frames,
        projected_first=other.startswith(PROJECTED_FIRST),
    )
    if other.startswith("timm/regnet"):
        walk.frames = frozenset()
    scope = naive.Scope({**symbols, **naive.sizes_of(start, "in")}, dict(tensors))
    return 4 * walk.memory.peak(walk.run(spec["model"], start, scope))


def rows(other: str) -> list[tuple[dict[str, Any], int]]:
    """Return sizes and bytes; in one row torch does not fuse the attention, and holds its scores."""
    given = [row for row in truth()[other] if "eval_peak_new_bytes" in row]
    found = [(sizes(row), row["eval_peak_new_bytes"]) for row in given]
    return [(at, size) for at, size in found if (other, at["B"]) != ("transformers/gpt2-xl", 2)]


def traced() -> list[tuple[str, str]]:
    """Return the networks whose memory was traced to rules, by the code that was traced."""
    families = {*FRAMES, *UNFRAMED, "unet_on_encoder"}
    return [
        (n, other) for n, other in counterparts() if names()[n].stem in families and other.startswith(BY_THESE_RULES)
    ]


@pytest.mark.parametrize(("name", "other"), traced())
def test_torch_allocates_this_by_its_rules(name: str, other: str) -> None:
    if reason := next((why for start, why in OTHERWISE.items() if other.startswith(start)), ""):
        pytest.skip(reason)
    path = names()[name]
    for at, expected in rows(other):
        assert eager_peak(path, None if name == path.stem else name, other, **at) == expected, at


@pytest.mark.parametrize("name", ["gpt2", "gpt2_medium", "distilgpt2", "vgg16", "vgg19"])
def test_torch_allocates_just_this(name: str) -> None:
    """Where no rule of eager torch has a say at the peak."""
    cost = symcost.load(name).cost()
    found = [row for other in symcost.load(name).same_as if other in truth() for row in rows(other)]
    assert found
    for at, expected in found:
        assert 4 * exact(cost.poly("peak_activations"), cost.bindings(at)) == expected


@pytest.mark.parametrize("depth", [121, 169, 201])
def test_densenet_keeps_its_layers_in_a_list(depth: int) -> None:
    """At the last layer of the first block: the list, its concatenation, the norm of that, and the bottleneck."""
    k, C, layers = 32, 64, 6
    for row in truth()[f"torchvision/densenet{depth}"]:
        places = row["batch"] * math.ceil(row["height"] / 4) * math.ceil(row["width"] / 4)
        assert row["eval_peak_new_bytes"] == 4 * places * (3 * (C + (layers - 1) * k) + 4 * k)
