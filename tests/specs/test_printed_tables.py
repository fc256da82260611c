"""Tables of papers on language models, row by row, from the work and the tensors of specs.

``tests/data/published.csv`` holds the rows: what is printed, with its unit and how it was counted.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

import symcost
from symcost.algebra.division import div
from symcost.algebra.poly import Num, evaluate, symbol, total
from symcost.architecture import variant_of
from symcost.graph.model import Graph, Tensor
from symcost.ops.facts import Kept, numel
from symcost.spec import read_spec

ROWS = Path(__file__).parent.parent / "data" / "published.csv"
B, E, F, L, P, T, V, h, q, t = map(symbol, "BEFLPTVhqt")
Row = dict[str, str]
Place = tuple[int, int | str]
"""A tensor: the node that makes it, and at which output or what for."""


@cache
def rows(start: str) -> list[Row]:
    with ROWS.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"].startswith(start)]


def every(start: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(start), ids=[row["id"] for row in rows(start)])


def inputs(row: Row) -> dict[str, int]:
    """Return the numbers that a row was counted at: d=512 f=2048 ..."""
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", row["inputs"])}


# --- Hoffmann et al. 2022 (Chinchilla), tables A9 and A4 ----------------------------------------------------


@cache
def chinchilla() -> symcost.Cost:
    return symcost.load("chinchilla").cost()


@cache
def parameters() -> Num:
    """Return its parameters as Table A9 has them, without those of the norms."""
    return total((row.values["params"], 1) for row in chinchilla().by_op(["params"]) if row.op != "rms_norm")


def test_parameters_of_chinchilla() -> None:
    assert parameters() == V * E + L * (5 * E * q * h + 2 * E * F + F + 2 * E + 5 * q * h)


def sizes(row: Row) -> dict[str, int]:
    at = inputs(row)
    return {"E": at["d"], "F": at["f"], "q": at["kv"], "h": at["heads"], "L": at["L"], "V": 32_000, "B": 1, "T": 2048}


@every("chinA9_")
def test_the_sizes_of_table_a9(row: Row) -> None:
    assert round(evaluate(parameters(), sizes(row)) / 10**6) == int(row["value"])


def appendix_f() -> Num:
    """Return the FLOPs of a training step as Appendix F adds them up, but without embeddings and logits.

    What relative positions take is not there either.
    """
    rows = symcost.load("chinchilla").cost("chinchilla:embedding=left_out, logits=left_out").by_node(["flops"])
    return 3 * total((row.values["flops"], 1) for row in rows if "by_position" not in row.name)


def test_flops_of_chinchilla() -> None:
    dense = 4 * E * q * h + 2 * E * F
    assert appendix_f() == 6 * B * T * L * (dense + 2 * T * q * h) + 9 * B * h * L * T**2


@every("chinA4_")
def test_the_ratios_of_table_a4(row: Row) -> None:
    """Appendix F over 6 N D. Its text counts embeddings and logits too; with them the ratios are up to 1.58."""
    same = next(r for r in rows("chinA9_") if inputs(row).items() <= inputs(r).items())
    ratio = evaluate(div(appendix_f(), 6 * B * T), sizes(same)) / evaluate(parameters(), sizes(same))
    assert f"{float(ratio):.2f}" == f"{float(row['value']):.2f}"


# --- Brown et al. 2020 (GPT-3), table D.1 -------------------------------------------------------------------

GPT3 = {
    "Small": (12, 768), "Medium": (24, 1024), "Large": (24, 1536), "XL": (24, 2048),
    "2.7B": (32, 2560), "6.7B": (32, 4096), "13B": (40, 5120), "175B": (96, 12288),
}  # fmt: skip
"""Depth and width. Table 2.1 prints 5140 for the 13B, which is no multiple of its 40 heads."""


@every("gpt3D1_GPT-3")
def test_the_compute_of_table_d1(row: Row) -> None:
    """6 FLOPs for each parameter and token, with parameters as printed, which are those of GPT-2's form rounded."""
    depth, width = GPT3[row["id"].removeprefix("gpt3D1_GPT-3_")]
    params = symcost.load("gpt2").cost().poly("params")
    ours = evaluate(params, {"L": depth, "E": width, "P": 2048, "V": 50257})
    printed = inputs(row)["N"] * 10**6
    assert float(ours) == pytest.approx(printed, rel=1 / 250)
    assert 6 * printed * inputs(row)["T"] * 10**9 == pytest.approx(float(row["value"]), rel=0.006)


# --- Korthikanti et al. 2022, figure 1 ----------------------------------------------------------------------

LAYER = """
symcost: 1
name: layer of a GPT, as one of t tensor-parallel workers has it
symbols: {B: 1, T: 2048, E: 12288, h: 96, t: 8}
inputs: {x: [B, T, E]}
blocks:
  heads: {body: [reshape: [B, T, h/t, E/h], transpose: {dim0: 1, dim1: 2}]}
  attention:
    body:
      - linear: 3*E/t
      - {chunk: {chunks: 3, dim: -1}, name: qkv}
      - {heads: ~, from: qkv.0, name: q}
      - {heads: ~, from: qkv.2, name: v}
      - {heads: ~, from: qkv.1}
      - {transpose: {dim0: -2, dim1: -1}, name: k}
      - {matmul: ~, from: [q, k], name: scores}
      - {softmax: ~, name: softmax}
      - {dropout: 0.1, name: shares}
      - {matmul: ~, from: [shares, v]}
      - transpose: {dim0: 1, dim1: 2}
      - flatten: {start_dim: 2}
      - linear: E
  feed_forward: {body: [linear: 4*E/t, gelu, linear: E]}
model:
  - residual: [layer_norm, attention, dropout: 0.1]
  - residual: [layer_norm, feed_forward, dropout: 0.1]
"""
BYTES = {"float": 2, "bool": 1}
SMALL = ("mean", "rstd")
"""The paper leaves out the two numbers that a norm keeps for each token."""


@cache
def layer() -> Graph:
    return variant_of(read_spec(LAYER.encode()), None).graph()


def owner(graph: Graph, tensor: Tensor) -> tuple[int, int]:
    """Return the tensor whose memory this one is a view of; dropout passes its input on in evaluation only."""
    while tensor.source >= 0 and (maker := graph.nodes[tensor.source]).facts.view and maker.op.tag != "dropout":
        tensor = maker.ins[0]
    return tensor.source, tensor.port


def kept(graph: Graph) -> dict[Place, Num]:
    """Return the bytes of everything that the backward pass reads, each tensor once."""
    found: dict[Place, Num] = {}
    for at, node in enumerate(graph.nodes):
        for each in node.facts.keeps:
            if each.what not in SMALL:
                found.update([_bytes(graph, at, each)])
    return found


def _bytes(graph: Graph, at: int, each: Kept) -> tuple[Place, Num]:
    node = graph.nodes[at]
    if each.what == "input":
        place = owner(graph, node.ins[each.index])
        made = graph.nodes[place[0]].facts.outs[place[1]] if place[0] >= 0 else node.ins[each.index].shape
        return place, numel(made) * BYTES[each.dtype]
    if each.what == "output":
        return (at, each.index), numel(node.facts.outs[each.index]) * BYTES[each.dtype]
    return (at, each.what), numel(each.shape) * BYTES[each.dtype]


def in_core(place: Place) -> bool:
    """Tell whether a tensor is of the attention core, which selective recomputation makes again."""
    return place[0] >= 0 and layer().nodes[place[0]].name.rpartition(".")[2] in ("softmax", "shares")


def test_what_a_layer_keeps() -> None:
    """Equations 1 and 2: B T E (34 + 5 h T/E) alone, B T E (10 + 24/t + 5 h T/(E t)) as one of t workers."""
    found = total((size, 1) for size in kept(layer()).values())
    assert found == 10 * B * T * E + div(24 * B * T * E + 5 * B * h * T**2, t)


def test_what_a_layer_keeps_without_the_core() -> None:
    found = total((size, 1) for place, size in kept(layer()).items() if not in_core(place))
    assert found == 10 * B * T * E + div(24 * B * T * E, t)


@every("kor_f1_")
def test_the_memory_of_figure_1(row: Row) -> None:
    """Of the first of p pipeline stages: what L layers keep, and with m interleaved pieces (p - 1)/(p m) of it more.

    The rows with selective recomputation have sequence parallelism too.
    """
    selective = "_ss_" in row["id"]
    at = next(inputs(r) for r in rows("kor_f1_none") if r["architecture"] == row["architecture"])
    t, p = at["t"], at["p"]
    env = {"B": at["b"], "T": at["s"], "E": at["h"], "h": at["a"], "t": 1 if selective else t}
    one = sum(evaluate(size, env) for place, size in kept(layer()).items() if not (selective and in_core(place)))
    shared = one / t if selective else one  # sequence parallelism: every worker has a part of all that is kept
    stages = 1 + (p - 1) / (p * at["m"]) if "m" in at else 1
    assert float(shared * at["L"] * stages) / 2**30 == pytest.approx(float(row["value"]), rel=1e-6)


# --- utilisation: FLOPs of a step over those that the machines could do -------------------------------------


@pytest.mark.parametrize(("row", "counted"), [("palm_mfu", "palm"), ("palm_mfu0", "palm:attention=left_out")])
def test_the_utilisation_of_palm(row: str, counted: str) -> None:
    """Chowdhery et al. 2022, section 4.1: 238.3 thousand tokens a second on 6144 chips of 275 TFLOP/s."""
    network = symcost.load("palm_540b").cost(counted)
    each = evaluate(network.poly("train_flops"), network.bindings({"B": 1, "T": 2048})) / 2048
    ours = 100 * each * 238_300 / (6144 * 275 * 10**12)
    assert float(ours) == pytest.approx(float(rows(row)[0]["value"]), abs=0.05)


KORTHIKANTI = {"22B": (48, 6144, 4), "175B": (96, 12288, 64), "530B": (105, 20480, 280), "1T": (128, 25600, 512)}
"""Layers, width and batch; of the first for 8 workers, of the others as many as there are workers."""


@every("kor_hfu_")
def test_the_utilisation_of_korthikanti(row: Row) -> None:
    """Korthikanti et al. 2022, Table 5, on A100s of 312 TFLOP/s, with the core of attention run again.

    Their formula has s/3h, three forward passes of the core more than the s/6h of the model; running it again is one,
    and comes to s/4.5h. The printed figures are those of the formula.
    """
    depth, width, batch = KORTHIKANTI[row["id"].removeprefix("kor_hfu_")]
    network = symcost.load("gpt2").cost("megatron:recompute=attention")
    env = {"B": batch, "T": 2048, "E": width, "L": depth, "V": 51200}
    step, again = (evaluate(network.poly(name), env) for name in ("train_flops", "recompute_flops"))
    seconds = float(row["inputs"].removeprefix("t=").removesuffix(" s"))
    workers = {4: 8}.get(batch, batch)
    done = seconds * workers * 312 * 10**12
    assert float(step + 3 * again) / done * 100 == pytest.approx(float(row["value"]), rel=0.006)


def test_the_formula_of_korthikanti() -> None:
    found = symcost.load("gpt2").cost("megatron:recompute=attention")
    printed = 72 * B * L * T * E**2 + 24 * B * L * T**2 * E + 6 * B * T * V * E
    assert found.poly("train_flops") + 3 * found.poly("recompute_flops") == printed
