"""What a GPT keeps for its backward pass, by a run in NumPy that notes every array that a gradient needs.

The arrays are halves and truth values, and one that is noted twice, or as a view, is there once. So Korthikanti et al.
2022 (arXiv:2205.05198), section 4.1, comes out for a whole network, at any depth: B T E (34 + 5 h T/E) for each layer,
and 34 where the core of attention is made again. symcost has the same as a formula.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symcost
from symcost.algebra.poly import Num, evaluate, substitute, symbol, total
from symcost.architecture import variant_of
from symcost.graph import Graph
from symcost.spec import read_spec

B, E, L, T, h = map(symbol, "BELTh")
Array = Any
"""An array of NumPy's, of halves, truth values or positions."""
BYTES = {"float": 2, "bool": 1, "index": 8}
SMALL = ("mean", "rstd", "logsumexp", "seed")
"""A few numbers of a row each, which the paper leaves out."""
CORE = """
      - {transpose: {dim0: -2, dim1: -1}, from: k, name: turned}
      - {matmul: ~, from: [q, turned]}
      - softmax
      - {dropout: 0.1, name: shares}
      - {matmul: ~, from: [shares, v]}
"""
"""Attention step by step, as the paper has it, in place of one kernel."""


class Tape:
    """Arrays that the backward pass reads, each piece of memory once.

    Attributes:
        again: whether the core of attention is made again in the backward pass.
    """

    def __init__(self, rng: np.random.Generator, *, again: bool) -> None:
        self.rng, self.again, self.kept = rng, again, dict[int, Array]()

    @property
    def size(self) -> int:
        return sum(array.nbytes for array in self.kept.values())

    def keep(self, *arrays: Array) -> None:
        for array in arrays:
            whole = array
            while whole.base is not None:
                whole = whole.base
            self.kept[id(whole)] = whole

    def linear(self, x: Array, out: int) -> Array:
        """y = x w: the gradient of w reads x."""
        self.keep(x)
        return x @ self.rng.standard_normal((x.shape[-1], out)).astype(x.dtype)

    def norm(self, x: Array) -> Array:
        self.keep(x)
        return ((x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + 1)).astype(x.dtype)

    def gelu(self, x: Array) -> Array:
        self.keep(x)
        return (0.5 * x * (1 + np.tanh(0.8 * x))).astype(x.dtype)

    def dropout(self, x: Array, *, keep: bool = True) -> Array:
        mask = self.rng.random(x.shape) > 0.1
        self.keep(*([mask] if keep else []))
        return (x * mask).astype(x.dtype)

    def attention(self, x: Array, heads: int) -> Array:
        batch, tokens, width = x.shape
        q, k, v = (self.linear(x, width).reshape(batch, tokens, heads, -1).transpose(0, 2, 1, 3) for _ in range(3))
        self.keep(q, k, v)
        scores = q @ k.transpose(0, 1, 3, 2)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares = (shares / shares.sum(-1, keepdims=True)).astype(x.dtype)
        dropped = self.dropout(shares, keep=not self.again)
        self.keep(*([] if self.again else [shares, dropped]))
        mixed = np.ascontiguousarray((dropped @ v).transpose(0, 2, 1, 3)).reshape(x.shape)
        return self.linear(mixed, width)

    def layer(self, x: Array, heads: int) -> Array:
        x = x + self.dropout(self.attention(self.norm(x), heads))
        inner = self.gelu(self.linear(self.norm(x), 4 * x.shape[-1]))
        return x + self.dropout(self.linear(inner, x.shape[-1]))

    def gpt(self, ids: Array, width: int, heads: int, depth: int) -> Array:
        self.keep(ids)
        words = self.rng.standard_normal((11, width)).astype(np.float16)
        x = self.dropout(words[ids])
        for _ in range(depth):
            x = self.layer(x, heads)
        return self.linear(self.norm(x), len(words))


def gpt2(*, core: bool) -> Graph:
    """Return GPT-2 as it is shipped, whose kernel makes the core again, or with the core step by step."""
    if not core:
        return symcost.load("gpt2").graph()
    path = symcost.catalog.names()["gpt2"]
    lines = path.read_text().splitlines(keepends=True)
    text = "".join(CORE.lstrip("\n") if "scaled_dot_product_attention" in line else line for line in lines)
    return variant_of(read_spec(text.encode()), None).graph()


def kept(*, core: bool) -> Num:
    """Return the bytes that GPT-2 keeps, as the paper counts them."""
    return total((s.total, BYTES[s.dtype]) for s in gpt2(core=core).kept if s.what not in SMALL)


REST = 8 * B * T + 5 * B * T * E
"""Tokens, the mask after the tables, the input of the last norm and that of the head."""


def test_a_whole_gpt_keeps_what_the_paper_says_of_its_layers() -> None:
    assert kept(core=True) == L * (34 * B * T * E + 5 * B * h * T**2) + REST
    assert kept(core=False) == L * 34 * B * T * E + REST


def test_a_layer_of_bert_keeps_as_much() -> None:
    """Its norms come after attention and feed-forward layer, and it is shipped step by step."""
    graph = symcost.load("bert").graph()
    found = total((s.total, BYTES[s.dtype]) for s in graph.kept if s.what not in SMALL)
    layer = substitute(found, {"L": L + 1, "F": 4 * E}) - substitute(found, {"F": 4 * E})
    assert layer == 34 * B * T * E + 5 * B * h * T**2


@pytest.mark.parametrize("core", [True, False])
@pytest.mark.parametrize("sizes", [(1, 2, 4, 1, 1), (2, 3, 8, 2, 2), (3, 5, 6, 3, 4)])
def test_a_run_notes_as_many_bytes(sizes: tuple[int, int, int, int, int], core: bool) -> None:
    batch, tokens, width, heads, depth = sizes
    tape = Tape(np.random.default_rng(3), again=not core)
    tape.gpt(np.zeros((batch, tokens), dtype=np.int64), width, heads, depth)
    env = {"B": batch, "T": tokens, "E": width, "h": heads, "L": depth}
    assert tape.size == evaluate(kept(core=core), env)
