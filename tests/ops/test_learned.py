"""Learned tokens and positions: formulas on numbers that count, against the work that ops state."""

from __future__ import annotations

from collections import Counter
from itertools import product as pairs
from typing import Any

import numpy as np
import pytest

from symcost.ops.op import Refused
from symcost.ops.work import plus
from tests.ops.counting import Array, at, check, counted, product, uncounted

RNG = np.random.default_rng(7)
X, G = RNG.normal(size=(2, 5, 3)), RNG.normal(size=(2, 7, 3))
"""Two examples of five tokens, three wide; what comes back where two tokens were put before them."""


def test_learned_tokens() -> None:
    check(at("learned_tokens", (2, 5, 3), num_tokens=2).grad_weight, lambda g: g[:, :2].sum(axis=0), G)
    check(at("learned_queries", (2, 5, 3), num_queries=7).grad_weight, lambda g: g.sum(axis=0), G)


def test_position_embedding() -> None:
    facts, table = at("position_embedding", (2, 5, 3), num_embeddings=9, offset=2), RNG.normal(size=(9, 3))
    check(facts.work, lambda x: x + table[2:7], X)
    check(facts.grad_weight, lambda g: g.sum(axis=0), X)


def resampled(cells: Array, size: tuple[int, int], weights: Array) -> Array:
    """Return a map at other places: 16 cells each, first along rows and then along columns."""
    found = np.empty((*size, cells.shape[-1]), dtype=object)
    for place in np.ndindex(found.shape):
        along = [(cells[i, :4, place[-1]] * weights).sum() for i in range(4)]
        found[place] = (np.asarray(along) * weights).sum()
    return found


def test_position_embedding2d() -> None:
    """The interpolation is that of any map; a fifth row of the table is for a token before it."""
    facts, weights = at("position_embedding2d", (2, 7, 3), grid=4, size=[3, 2], num_tokens=1), RNG.normal(size=4)
    tally: Counter[str] = Counter()
    cells = resampled(counted(RNG.normal(size=(4, 4, 3)), tally), (3, 2), weights)
    rows = np.concatenate([counted(RNG.normal(size=(1, 3)), tally), cells.reshape(6, 3)])
    assert (G + rows).shape == G.shape
    assert tally == facts.work


def test_relative_attention_bias() -> None:
    """Every pair's gradient is added to its row of the table."""

    def back(g: Array) -> Array:
        table = np.zeros((4, 3), dtype=object)
        for head, i, j in np.ndindex(g.shape):
            table[min(abs(i - j), 3), head] += g[head, i, j]
        return table

    check(
        at("relative_attention_bias", (2, 5, 6), num_buckets=4, num_heads=3).grad_weight,
        back,
        RNG.normal(size=(3, 5, 5)),
    )


HIGH, WIDE, DEEP = 2, 3, 4
PLACES = HIGH * WIDE
ROWS, COLUMNS = RNG.normal(size=(HIGH, HIGH, DEEP)), RNG.normal(size=(WIDE, WIDE, DEEP))
"""The vector of each pair of rows, and of each pair of columns."""


def decomposed(scores: Array, queries: Array) -> Array:
    q = queries.reshape(HIGH, WIDE, DEEP)
    by_rows = np.stack([product(q[i], ROWS[i].T) for i in range(HIGH)])
    by_columns = np.stack([product(q[:, j], COLUMNS[j].T) for j in range(WIDE)], axis=1)
    both = by_rows[:, :, :, None] + by_columns[:, :, None, :]
    return np.asarray(scores + both.reshape(PLACES, PLACES))


def summed(g: Array) -> tuple[Array, Array]:
    """Return gradients of what queries make of rows and of columns."""
    apart = g.reshape(HIGH, WIDE, HIGH, WIDE)
    return apart.sum(axis=3), apart.sum(axis=2)


def to_queries(by_rows: Array, by_columns: Array) -> Array:
    through_rows = np.stack([product(by_rows[i], ROWS[i]) for i in range(HIGH)])
    through_columns = np.stack([product(by_columns[:, j], COLUMNS[j]) for j in range(WIDE)], axis=1)
    return np.asarray(through_rows + through_columns).reshape(PLACES, DEEP)


def to_tables(by_rows: Array, by_columns: Array, queries: Array) -> tuple[Array, Array]:
    q = queries.reshape(HIGH, WIDE, DEEP)
    to_rows = [product(by_rows[i].T, q[i]) for i in range(HIGH)]
    to_columns = [product(by_columns[:, j].T, q[:, j]) for j in range(WIDE)]
    return gathered(to_rows), gathered(to_columns)


def gathered(vectors: list[Array]) -> Array:
    """Return the table that the vectors of pairs are added up in, by their distance."""
    size = len(vectors)
    table = np.zeros((2 * size - 1, DEEP), dtype=object)
    for i, j in pairs(range(size), range(size)):
        table[i - j + size - 1] = table[i - j + size - 1] + vectors[i][j]
    return table


def test_decomposed_position_bias() -> None:
    facts = at("decomposed_position_bias", (PLACES, PLACES), (PLACES, DEEP), size=[HIGH, WIDE])
    g, queries = RNG.normal(size=(PLACES, PLACES)), RNG.normal(size=(PLACES, DEEP))
    check(facts.work, decomposed, RNG.normal(size=(PLACES, PLACES)), queries)
    check(facts.shared, summed, g)
    by_rows, by_columns = map(uncounted, summed(counted(g, Counter())))
    check(facts.grad_input, to_queries, by_rows, by_columns)
    alone: Counter[str] = Counter()
    to_tables(counted(by_rows, alone), counted(by_columns, alone), queries)
    assert plus(facts.shared, alone) == facts.grad_weight


@pytest.mark.parametrize(
    ("tag", "fields", "ins", "message"),
    [
        (
            "position_embedding2d",
            {"grid": 4, "size": [3, 2]},
            [(2, 7, 3)],
            "takes 6 places, a map and those before it, got 7",
        ),
        ("decomposed_position_bias", {"size": 2}, [(6, 6), (6, 4)], "the map has 4 places, got 6 queries"),
        (
            "decomposed_position_bias",
            {"size": [2, 3]},
            [(2, 6, 6), (3, 6, 4)],
            "takes scores (..., T, S) and their queries (..., T, q), got (2, 6, 6), (3, 6, 4)",
        ),
    ],
)
def test_refused(tag: str, fields: dict[str, Any], ins: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(Refused) as error:
        at(tag, *ins, **fields)
    assert str(error.value) == message
