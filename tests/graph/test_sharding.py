"""Networks on several workers: what is cut, what is kept and sent, beside lists written by hand."""

from __future__ import annotations

import csv
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

import symcost
from symcost.algebra.division import div
from symcost.algebra.poly import Num, evaluate, substitute, symbol, total
from symcost.architecture import variant_of
from symcost.graph.model import Graph
from symcost.graph.sharding import Sharding, by_tensors, by_tokens
from symcost.ops.facts import numel
from symcost.spec import read_spec
from symcost.workers.pipeline import held

ROWS = Path(__file__).parent.parent / "data" / "published.csv"
B, E, L, T, V, h, t, c = map(symbol, ("B", "E", "L", "T", "V", "h", "t", "c"))
Row = dict[str, str]

GPT = """
symcost: 1
name: GPT of Korthikanti et al. 2022, figure 2, its attention step by step as in section 4
symbols: {B: 1, T: 2048, E: 12288, h: 96, L: 96, V: 51200}
inputs: {ids: [B, T]}
blocks:
  heads: {body: [reshape: [B, T, h, E/h], transpose: {dim0: 1, dim1: 2}]}
  attention:
    body:
      - linear: 3*E
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
  feed_forward: {body: [linear: 4*E, gelu, linear: E]}
  layer: {body: [residual: [layer_norm, attention, dropout: 0.1], residual: [layer_norm, feed_forward, dropout: 0.1]]}
model:
  - {embedding: {num_embeddings: V, embedding_dim: E}, weights: tokens}
  - repeat: L
    do: [layer]
  - layer_norm
  - {linear: {out: V, bias: false}, weights: tokens, name: head}
"""
BYTES = {"float": 2, "bool": 1, "index": 0}
"""Halves and masks; the paper leaves out the tokens, of which there are few."""
SMALL = ("mean", "rstd")
"""The paper leaves out the two numbers that a norm keeps for each token."""
CORE = ("softmax", "shares")
"""What selective recomputation makes again."""


@cache
def gpt() -> Graph:
    return variant_of(read_spec(GPT.encode()), None).graph()


def per_layer(graph: Graph, *, core: bool = True) -> Num:
    """Return the bytes that a layer keeps: what L + 1 layers keep more than L."""
    found = total(
        (storage.total, BYTES[storage.dtype])
        for storage in graph.kept
        if storage.what not in SMALL and (core or storage.row.name.rpartition(".")[2] not in CORE)
    )
    return substitute(found, {"L": L + 1}) - found


# --- what is kept: Korthikanti et al. 2022, table 2, figures 1 and 7 -----------------------------------------


def test_what_a_layer_keeps() -> None:
    """Equation 1: B T E (34 + 5 h T/E)."""
    assert per_layer(gpt()) == 34 * B * T * E + 5 * B * h * T**2


def test_what_a_layer_keeps_of_tensor_parallel_workers() -> None:
    """Equation 2: B T E (10 + 24/t + 5 h T/(E t))."""
    ours = by_tensors(gpt(), t)
    assert per_layer(ours.graph) == 10 * B * T * E + div(24 * B * T * E + 5 * B * h * T**2, t)
    assert ours.whole == ("repeat.layer.layer_norm", "repeat.layer.layer_norm_2", "layer_norm")


def test_what_a_layer_keeps_with_sequence_parallelism() -> None:
    """Equation 4: B T E/t (34 + 5 h T/E), and 34 without the core of attention, which is made again (table 2)."""
    ours = by_tensors(gpt(), t, sequence=True).graph
    assert per_layer(ours) == div(34 * B * T * E + 5 * B * h * T**2, t)
    assert per_layer(ours, core=False) == div(34 * B * T * E, t)


def layer_by_hand(workers: int, sizes: dict[str, int], *, sequence: bool) -> int:
    """Add up the tensors of section 4.1 one after the other, as one of t workers holds them."""
    b, s, width, heads = (sizes[key] for key in "BTEh")
    tokens = s // workers if sequence else s
    inside = [
        2 * b * s * (3 * width // workers),  # queries, keys and values, of which the layer itself keeps its input
        2 * b * (heads // workers) * s * s,  # softmax
        1 * b * (heads // workers) * s * s,  # mask of dropout
        2 * b * (heads // workers) * s * s,  # shares after dropout
        2 * b * s * (width // workers),  # input of the projection
        2 * b * s * (4 * width // workers),  # input of GELU
        2 * b * s * (4 * width // workers),  # input of the second layer
    ]
    outside = [
        2 * b * tokens * width,  # input of the first norm
        2 * b * tokens * width,  # input of queries, keys and values
        1 * b * tokens * width,  # mask of dropout
        2 * b * tokens * width,  # input of the second norm
        2 * b * tokens * width,  # input of the first layer of the MLP
        1 * b * tokens * width,  # mask of dropout
    ]
    return sum(inside) + sum(outside)


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("sequence", [False, True])
def test_tensors_by_hand(workers: int, sequence: bool) -> None:
    sizes = {"B": 3, "T": 64, "E": 96, "h": 24}
    ours = per_layer(by_tensors(gpt(), t, sequence).graph)
    assert evaluate(ours, {**sizes, "t": workers}) == layer_by_hand(workers, sizes, sequence=sequence)


def rows(start: str) -> list[Row]:
    with ROWS.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"].startswith(start)]


def every(start: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(start), ids=[row["id"] for row in rows(start)])


def sizes_of(model: str) -> dict[str, int]:
    """Return the sizes of a model of figure 1, which the first of its rows tells."""
    (row,) = rows(f"kor_f1_none_{model}")
    pairs = (pair.split("=") for pair in row["inputs"].split())
    given = {key: int(value) for key, value in pairs if value != "None"}
    return {"B": given["b"], "T": given["s"], "E": given["h"], "h": given["a"], "L": given["L"], "t": given["t"],
            "p": given["p"], "v": given.get("m", 1)}  # fmt: skip


@every("kor_f1_")
def test_the_memory_of_figure_1(row: Row) -> None:
    """Of the first of p stages with v pieces each: to the byte."""
    selective, model = row["id"].split("_")[2:]
    at = sizes_of(model)
    ours = by_tensors(gpt(), t, sequence=selective == "ss").graph
    layers = L * per_layer(ours, core=selective == "none")
    found = evaluate(held(layers, at["p"], 10**6 * at["p"], at["v"]), at)
    assert found == Fraction(row["value"]) * 2**30


@every("kor_f7_")
def test_the_shares_of_figure_7(row: Row) -> None:
    """Against tensor parallelism alone, read off bars. Full recomputation keeps a layer's input, at each worker."""
    way, model = row["id"].split("_")[2:]
    at = sizes_of(model)
    plain = per_layer(by_tensors(gpt(), t).graph)
    found = {
        "seq": per_layer(by_tensors(gpt(), t, sequence=True).graph),
        "sel": per_layer(by_tensors(gpt(), t).graph, core=False),
        "seqsel": per_layer(by_tensors(gpt(), t, sequence=True).graph, core=False),
        "full": 2 * B * T * E,
    }[way]
    share = 100 * float(evaluate(found, at)) / float(evaluate(plain, at))
    assert share == pytest.approx(float(row["value"]), rel=0.015)


# --- what is sent --------------------------------------------------------------------------------------------


def sent(ours: Sharding, where: str = "", *, once: bool = False) -> dict[tuple[str, bool], Num]:
    """Return elements by collective and pass."""
    found: Counter[tuple[str, bool]] = Counter()
    sizes: dict[tuple[str, bool], Num] = {}
    for each in ours.exchanges:
        if where in each.node and each.once == once:
            key = (each.collective, each.backward)
            sizes[key] = sizes.get(key, 0) + each.total
            found[key] += 1
    return sizes


def test_all_reduces_of_a_layer() -> None:
    """Shoeybi et al. 2019, section 3: two in the forward pass of each layer and two in the backward pass, of B T E."""
    each = L * B * T * E
    assert sent(by_tensors(gpt(), t), "layer.") == {("all_reduce", False): 2 * each, ("all_reduce", True): 2 * each}
    assert total((x.times, 1) for x in by_tensors(gpt(), t).exchanges if "layer." in x.node) == 4 * L


def test_all_reduces_of_the_token_table() -> None:
    """Section 3: rows of other workers come as zeros and are added up; the gradient of the head's input is a sum."""
    assert sent(by_tensors(gpt(), t), "embedding") == {("all_reduce", False): B * T * E}
    assert sent(by_tensors(gpt(), t), "head") == {("all_reduce", True): B * T * E}


def test_collectives_of_a_layer_with_sequence_parallelism() -> None:
    """Korthikanti et al. 2022, section 4.2.2: an all-gather and a reduce-scatter for each all-reduce, as many bytes.

    In the backward pass the input of each first layer is gathered again, as only its tokens are kept.
    """
    each = L * B * T * E
    ours = by_tensors(gpt(), t, sequence=True)
    assert sent(ours, "layer.") == {
        ("all_gather", False): 2 * each, ("reduce_scatter", False): 2 * each,
        ("reduce_scatter", True): 2 * each, ("all_gather", True): 4 * each,
    }  # fmt: skip
    assert sent(ours, "layer.", once=True) == {("all_reduce", True): 6 * E * L}, "norms, and biases added to tokens"


# --- whole networks ------------------------------------------------------------------------------------------


def weights(graph: Graph) -> Num:
    """Return the elements of weights of all nodes, shared or not."""
    return total((numel(shape), node.count) for node in graph.nodes for shape in node.facts.weights.values())


def macs(graph: Graph) -> Num:
    return total((node.facts.work.get("mac", 0), node.count) for node in graph.nodes)


@pytest.mark.parametrize("name", ["gpt2", "llama3_8b", "bert", "mixtral", "mamba", "t5", "falcon", "opt", "palm"])
def test_workers_have_equal_parts_of_language_models(name: str) -> None:
    graph = symcost.load(name).graph()
    ours = by_tensors(graph, 2)
    at = {key: 2 * int(s.default or 1) for key, s in graph.symbols.items()}
    alike = [node for node in graph.nodes if node.name in ours.whole]
    small = total((numel(shape), node.count) for node in alike for shape in node.facts.weights.values())
    assert evaluate(small, at) < evaluate(weights(graph), at) / 50, ours.whole
    allowed = ("router", "heads")  # of PaLM's keys and values there is one head
    contracting = [node.name for node in alike if "mac" in node.facts.work]
    assert all(any(word in name for word in allowed) for name in contracting), ours.whole


@pytest.mark.parametrize("name", ["gpt2", "llama3_8b", "resnet50", "unet", "mobilenet_v2", "vit", "swin"])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_contractions_are_done_once_or_by_all(name: str, workers: int) -> None:
    graph = symcost.load(name).graph()
    ours = by_tensors(graph, workers)
    at = {key: 16 * int(s.default or 1) for key, s in graph.symbols.items()} | {
        repeat.loop.index: 1 for repeat in graph.repeats
    }
    for node, mine in zip(graph.nodes, ours.graph.nodes, strict=True):
        one, all_of_them = (evaluate(each.facts.work.get("mac", 0), at) for each in (mine, node))
        assert one * workers == all_of_them or one == all_of_them, node.name


def test_one_worker_runs_the_network_itself() -> None:
    graph = symcost.load("llama3_8b").graph()
    for ours in (by_tensors(graph, 1), by_tokens(graph, 1)):
        assert [node.facts.outs for node in ours.graph.nodes] == [node.facts.outs for node in graph.nodes]
        assert weights(ours.graph) == weights(graph)
        assert macs(ours.graph) == macs(graph)


def test_a_bottleneck() -> None:
    """The first convolution by channels out, the second by channels in; the third would meet a sum, and stays whole."""
    ours = by_tensors(symcost.load("resnet50").graph(), t)
    block = [name for name in ours.whole if name.startswith("stage_2.repeat.block.")]
    assert block == [f"stage_2.repeat.block.{part}" for part in
                     ("unit_2.batch_norm", "unit_3.conv2d", "unit_3.batch_norm")]  # fmt: skip


def test_depthwise_convolutions_are_cut_by_groups() -> None:
    ours = by_tensors(symcost.load("mobilenet_v2").graph(), t)
    kept = {node.name for node in ours.graph.nodes if "groups" in node.op.fields() and node.op.fields()["groups"] != 1}
    assert kept and not kept & set(ours.whole)


def test_a_vocabulary_need_not_divide() -> None:
    """The last worker has rows that mean nothing; heads must divide."""
    ours = by_tensors(symcost.load("gpt2").graph(), 8)
    rows = ours.graph.nodes[0].facts.weights["weight"][0]
    assert evaluate(rows, {"V": 50257}) == 6283
    assert ours.graph.nodes[-1].facts.weights["weight"][0] == rows
    assert {need.phrase({}) for need in ours.needs} == {"8 divides E", "8 divides h", "2 divides E"}


def test_heads_that_do_not_divide_stay_whole() -> None:
    graph = symcost.load("falcon").graph(k=1)
    ours = by_tensors(graph, 2)
    kept = [name for name in ours.whole if "attention" in name]
    assert len(kept) == 2, "one head of keys and one of values, which all workers need"


def test_latent_attention_is_cut_by_heads() -> None:
    """DeepSeek-V2, section 2.1: what makes the latent vectors is whole, what makes heads of them is cut."""
    ours = by_tensors(symcost.load("deepseek").graph(), t)
    kept = {name.removeprefix("repeat.layer.attention.") for name in ours.whole if "repeat.layer.attention." in name}
    assert kept == {"queries.linear", "queries.rms_norm", "linear", "rms_norm"}


# --- context parallelism -------------------------------------------------------------------------------------


def test_tokens_are_shared_out() -> None:
    """Everything is a c-th part, the weights are whole, and keys and values go around."""
    graph = symcost.load("llama3_8b").graph()
    ours = by_tokens(graph, c)
    assert macs(ours.graph) == div(macs(graph), c)
    assert weights(ours.graph) == weights(graph)
    kept, mine = (total((s.total, 1) for s in g.kept if s.dtype == "float") for g in (graph, ours.graph))
    assert mine == div(kept, c)
    k, q = symbol("k"), symbol("q")
    keys = 2 * B * T * k * q * L
    assert sent(ours) == {("all_gather", False): keys, ("all_gather", True): keys, ("reduce_scatter", True): keys}
    assert [need.phrase({}) for need in ours.needs] == ["c divides T"]


@pytest.mark.parametrize("sequence", [False, True])
def test_tokens_of_tensor_parallel_workers(sequence: bool) -> None:
    """Both at once: what a worker runs is a network, which can be shared out again."""
    graph = symcost.load("llama3_8b").graph(V=512)
    ours = by_tensors(by_tokens(graph, c).graph, t, sequence)
    at = {key: 16 * int(s.default or 1) for key, s in graph.symbols.items()} | {"c": 4, "t": 2}
    assert evaluate(macs(ours.graph), at) * 8 == evaluate(macs(graph), at)
    each = 2 * div(L * B * T * E, c)
    assert sent(ours, "repeat.layer").get(("all_reduce", False), 0) == (0 if sequence else each)
    assert sent(ours, "repeat.layer").get(("reduce_scatter", False), 0) == (each if sequence else 0)
