"""Learned tokens and positions, as torch says it."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.ops.op import Op
from tests.ops.settings import Run, Sizes, settings

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional


def positions(op: Op, ins: Sizes) -> Run:
    """Return learned positions as GPT-2's code adds them."""
    given = settings(op)
    first = given.pop("offset")
    table: Any = nn.Embedding(**given, embedding_dim=ins[0][-1])
    table.forward = lambda x: x + table.weight[first : first + x.shape[-2]]
    return table  # type: ignore[no-any-return]


def learned_tokens(op: Op, ins: Sizes) -> Run:
    """Return a class token as timm's code puts it before the others."""
    made: Any = nn.Module()
    made.rows = nn.Parameter(torch.zeros(settings(op)["num_tokens"], ins[0][-1]))
    made.forward = lambda x: torch.cat([made.rows.expand(*x.shape[:-2], -1, -1), x], -2)
    return made  # type: ignore[no-any-return]


def learned_queries(op: Op, ins: Sizes) -> Run:
    made: Any = nn.Module()
    made.rows = nn.Parameter(torch.zeros(settings(op)["num_queries"], ins[0][-1]))
    made.forward = lambda x: made.rows.repeat(*x.shape[:-2], 1, 1)
    return made  # type: ignore[no-any-return]


def positions_of_a_map(op: Op, ins: Sizes) -> Run:
    """Return the positions of a map as DINOv2's code brings them to the size of the image."""
    given = settings(op)
    (high, wide), size = pair(given["grid"]), pair(given["size"])
    n, E = given["num_tokens"], ins[0][-1]
    made: Any = nn.Module()
    made.rows = nn.Parameter(torch.zeros(n + high * wide, E))

    def run(x: Any) -> Any:
        cells = made.rows[n:].reshape(1, high, wide, E).permute(0, 3, 1, 2)
        cells = functional.interpolate(cells, size=size, mode="bicubic")
        return x + torch.cat([made.rows[:n], cells.permute(0, 2, 3, 1).reshape(-1, E)])

    made.forward = run
    return made  # type: ignore[no-any-return]


def pair(value: Any) -> tuple[int, int]:
    high, wide = value if isinstance(value, tuple) else (value, value)
    return high, wide


def decomposed(op: Op, ins: Sizes) -> Run:
    """Return the bias of SAM's scores, by its paper's formula, or MViT V2's with a map of keys of its own size."""
    given = settings(op)
    high, wide = pair(given["size"])
    rows, columns = pair(given.get("keys", given["size"]))
    made: Any = nn.Module()
    made.rows = nn.Parameter(torch.zeros(2 * max(high, rows) - 1, ins[1][-1]))
    made.columns = nn.Parameter(torch.zeros(2 * max(wide, columns) - 1, ins[1][-1]))

    def run(scores: Any, queries: Any) -> Any:
        q = queries.reshape(-1, high, wide, queries.shape[-1])
        by_rows = torch.einsum("bhwc,hkc->bhwk", q, made.rows[apart(high, rows)])
        by_columns = torch.einsum("bhwc,wkc->bhwk", q, made.columns[apart(wide, columns)])
        return scores + (by_rows[..., :, None] + by_columns[..., None, :]).reshape(scores.shape)

    made.forward = run
    return made  # type: ignore[no-any-return]


def apart(queries: int, keys: int) -> Any:
    """Return the number of the row that belongs to each pair of places on an axis, both on the finer map."""
    longest = max(queries, keys)
    mine, theirs = torch.arange(queries) * (longest // queries), torch.arange(keys) * (longest // keys)
    return mine[:, None] - theirs + theirs[-1]


def distances(op: Op, ins: Sizes) -> Run:
    """Return the bias of T5's scores, made as its code makes it but with one bucket for all pairs."""
    given = settings(op)
    table: Any = nn.Embedding(given["num_buckets"], given["num_heads"])
    look_up = table.forward

    def run(x: Any) -> Any:
        pairs = torch.zeros(x.shape[-2], x.shape[-2], dtype=torch.long, device=x.device)
        return look_up(pairs).permute(2, 0, 1)

    table.forward = run
    return table  # type: ignore[no-any-return]


BUILD = {
    "position_embedding": positions,
    "position_embedding2d": positions_of_a_map,
    "learned_tokens": learned_tokens,
    "learned_queries": learned_queries,
    "relative_attention_bias": distances,
    "decomposed_position_bias": decomposed,
}
"""How torch builds what is learned, by tag."""
