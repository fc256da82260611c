"""Checkpointing: what is kept and run again, against the formulas of Korthikanti et al. 2022, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import Num, evaluate, simplest, symbol
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError
from symcost.setup import Setup
from tests.checkpointing.gpt import gpt
from tests.specs.claims import rows

B, T, E, h, L = (symbol(name) for name in "BTEhL")
INPUT = 2 * B * T * E
"""Bytes of the network's input, which the layer before the blocks keeps."""
STATISTICS = 8 * B * T * L
"""Bytes of the means and deviations of two norms in each block, which the paper leaves out as small."""


def cost(path: Path, convention: str = "torch", **setup: Any) -> Cost:
    return symcost.load(path).under(precision="mixed_fp16", **setup).cost(convention)


def saved(path: Path, **setup: Any) -> Num:
    return simplest(cost(path, **setup).poly("saved_bytes") - INPUT)


def test_none_keeps_34_and_5(tmp_path: Path) -> None:
    """Section 4.1: s b h (34 + 5 a s/h) bytes for each layer in fp16."""
    assert saved(gpt(tmp_path)) == simplest(B * T * L * (34 * E + 5 * h * T) + STATISTICS)


def test_full_keeps_the_input_of_each_layer(tmp_path: Path) -> None:
    """Section 5: 2 s b h L. The forward pass of all layers runs again: 24 B T E**2 + 4 B T**2 E FLOPs for each."""
    assert saved(gpt(tmp_path), checkpoint="full") == 2 * B * T * E * L
    again = cost(gpt(tmp_path), checkpoint="full").poly("recompute_flops")
    assert again == simplest(L * (24 * B * T * E**2 + 4 * B * T**2 * E))


def test_selective_keeps_34(tmp_path: Path) -> None:
    """Table 2: 34 s b h for each layer. The two products of attention run again: 4 B T**2 E FLOPs for each."""
    assert saved(gpt(tmp_path), checkpoint="selective") == simplest(34 * B * T * L * E + STATISTICS)
    assert cost(gpt(tmp_path), checkpoint="selective").poly("recompute_flops") == 4 * B * T**2 * E * L


def test_every_keeps_one_in_so_many(tmp_path: Path) -> None:
    found = cost(gpt(tmp_path), checkpoint="every", checkpoint_every="n")
    assert simplest(found.poly("saved_bytes") - INPUT) == 2 * B * T * E * L * symbol("n") ** -1
    assert {str(need.phrase({})) for need, _ in found.needs} >= {"n divides L"}
    full = cost(gpt(tmp_path), checkpoint="full")
    assert found.poly("recompute_flops") == full.poly("recompute_flops")


@pytest.mark.parametrize("size", ["22B", "175B", "530B", "1T"])
def test_published_shares(size: str, tmp_path: Path) -> None:
    """Figure 1 without tensor parallelism has no row; the shares of selective follow from 34 and 5 a s/h."""
    sizes = {"22B": (64, 6144), "175B": (96, 12288), "530B": (128, 20480), "1T": (160, 25600)}
    heads, width = sizes[size]
    at = {"B": 1, "T": 2048, "E": width, "h": heads, "L": 48}
    ours = [evaluate(saved(gpt(tmp_path), checkpoint=what) - STATISTICS, at) for what in ("selective", "none")]
    assert Fraction(ours[0]) / ours[1] == Fraction(34) / (34 + Fraction(5 * heads * 2048, width))
    assert any(row["id"] == f"kor_f7_sel_{size}" for row in rows())


@pytest.mark.parametrize("convention", ["torch:recompute=full", "torch:recompute=attention", "torch"])
@pytest.mark.parametrize("checkpoint", ["none", "full", "selective"])
def test_nothing_runs_again_twice(checkpoint: str, convention: str, tmp_path: Path) -> None:
    """What a convention's switch and checkpointing both run again counts once: the larger of the two."""
    path = gpt(tmp_path)
    switch = cost(path, convention).poly("recompute_flops")
    here = cost(path, checkpoint=checkpoint).poly("recompute_flops")
    both = cost(path, convention, checkpoint=checkpoint).poly("recompute_flops")
    env = {"B": 2, "T": 64, "E": 32, "h": 4, "L": 6}
    assert evaluate(both, env) == max(evaluate(switch, env), evaluate(here, env))


def test_rows_add_up_to_what_is_kept(tmp_path: Path) -> None:
    for setup in ({"checkpoint": "full"}, {"checkpoint": "selective"}):
        found = cost(gpt(tmp_path), **setup)
        rows = found.by_node(["saved_bytes"])
        assert simplest(sum((row.values["saved_bytes"] for row in rows), start=0)) == found.poly("saved_bytes")


BLOCKS = """
symcost: 1
name: net
symbols: {B: 2, C: 8}
inputs: {x: [B, C]}
blocks:
  wide:
    args: {c: ~}
    body: [linear: 4*C, gelu, layer_norm, linear: c]
model: [{wide: C}, {wide: 2*C}, {wide: C}]
"""


def test_blocks_run_again_where_nothing_repeats(tmp_path: Path) -> None:
    """Of a network without repetitions, each top-level block keeps what it reads."""
    path = tmp_path / "net.yaml"
    path.write_text(BLOCKS)
    found = symcost.load(path).under(checkpoint="full").cost()
    assert found.poly("saved_bytes") == 4 * B * (1 + 1 + 2) * symbol("C")
    assert found.poly("recompute_flops") == found.poly("flops")


@pytest.mark.parametrize("network", ["resnet50", "vit_b_16", "t5_small", "mixtral", "swin_t"])
def test_with_nothing_run_again_both_ways_of_counting_agree(network: str) -> None:
    """What is kept, by the schedule of a step, and by rounds in closed form."""
    from symcost.metrics.basis import Basis
    from symcost.metrics.step_peak import kept_rows

    found = symcost.load(network).cost()
    rows = kept_rows(found.graph, Basis(found.convention))
    env = found.bindings()
    assert sum(evaluate(amount, env) for amount in rows.values()) == evaluate(found.poly("saved_bytes"), env)


def test_attention_inside_an_op_is_not_told_apart() -> None:
    with pytest.raises(NoAnswer) as error:
        symcost.load("detr").under(checkpoint="selective").cost().poly("saved_bytes")
    assert str(error.value).endswith(
        "the attention of multihead_attention is not told apart from its projections, so that it could run again "
        "alone; give checkpoint=full"
    )


def test_groups_of_rounds_come_out_even(tmp_path: Path) -> None:
    found = cost(gpt(tmp_path), checkpoint="every", checkpoint_every=5)
    with pytest.raises(SpecError, match=r"refused by setting checkpoint_every: needs 5 divides L$"):
        found.bindings()
    fixed = symcost.load(gpt(tmp_path)).under(checkpoint="every", checkpoint_every=5).cost(L=48)
    assert evaluate(fixed.poly("saved_bytes"), fixed.bindings()) == 4 * (1 + 10) * 4 * 2048 * 6144


def test_refusals() -> None:
    with pytest.raises(SpecError, match=r"^checkpoint_every = 4 needs checkpoint=every$"):
        Setup(checkpoint_every=4)
    with pytest.raises(SpecError, match=r"^checkpoint is one of 'none', 'full', 'every' or 'selective'; got 'ful'$"):
        Setup(checkpoint="ful")
