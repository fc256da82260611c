"""Layers of torch that are several ops here: attention with its projections, and a layer of a transformer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from symcost.ops.facts import Facts, Shape
from tests.ops.apply import apply, make


class Part(NamedTuple):
    """One op, and whether the backward pass goes on to what it reads."""

    facts: Facts
    goes_on: bool = True


def op(tag: str, *ins: Shape, **fields: Any) -> Facts:
    return apply(make(tag, fields), ins)


def attention(query: Shape, keys: Shape, values: Shape, heads: int, *, bias: bool) -> Iterator[Part]:
    """Yield the ops of torch.nn.MultiheadAttention; keys and values that are not the query have no gradient."""
    batch, _, wide = query
    for ins in (query, keys, values):
        yield Part(op("linear", ins, out=wide, bias=bias), ins is query)
    split = [(batch, heads, ins[1], wide // heads) for ins in (query, keys, values)]  # type: ignore[operator]
    yield Part(op("scaled_dot_product_attention", *split, fused=False))
    yield Part(op("linear", query, out=wide, bias=bias))


def multihead(row: dict[str, Any]) -> Iterator[Part]:
    said, query = row["config"], tuple(row["input"])
    keys, values = ((query[0], said["S"], said[key] or said["embed_dim"]) for key in ("kdim", "vdim"))
    return attention(query, keys, values, said["num_heads"], bias=said["bias"])


def encoder(row: dict[str, Any]) -> Iterator[Part]:
    said, x = row["config"], tuple(row["input"])
    for _ in range(2):
        yield Part(op("layer_norm", x, bias=said["bias"]))
    yield from attention(x, x, x, said["nhead"], bias=said["bias"])
    yield Part(op("linear", x, out=said["dim_feedforward"], bias=said["bias"]))
    yield Part(op("linear", (*x[:-1], said["dim_feedforward"]), out=x[-1], bias=said["bias"]))


COMPOSED = {"MultiheadAttention": multihead, "TransformerEncoderLayer": encoder}
