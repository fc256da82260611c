"""The laws of what is learned and comes in from nowhere: tokens, positions, biases by distance."""

from __future__ import annotations

import math
from typing import Any

from tests.specs.naive.terms import Counting, Misfit, Value


class Learned(Counting):
    """Learned tokens and positions; part of the laws of the layers."""

    def learned_tokens(self, ins: Value, num_tokens: int) -> Value:
        ((*rest, T, E),) = ins
        self.totals.params += num_tokens * E
        return ((*rest, num_tokens + T, E),)

    def learned_queries(self, ins: Value, num_queries: int) -> Value:
        ((*rest, _, E),) = ins
        self.totals.params += num_queries * E
        return ((*rest, num_queries, E),)

    def position_embedding2d(self, ins: Value, grid: Any, size: Any, num_tokens: int = 0) -> Value:
        ((*_, T, E),) = ins
        learned, here = (math.prod(n if isinstance(n, list) else (n, n)) for n in (grid, size))
        if num_tokens + here != T:
            raise Misfit(f"{num_tokens} and {size} places of {T}")
        self.totals.params += (num_tokens + learned) * E
        return ins

    def position_embedding(self, ins: Value, num_embeddings: int, offset: int = 0) -> Value:
        ((*_, T, E),) = ins
        if num_embeddings < offset + T:
            raise Misfit(f"{T} places from row {offset} on, {num_embeddings} positions")
        self.totals.params += num_embeddings * E
        return ins

    def decomposed_position_bias(self, ins: Value, size: Any, keys: Any = None) -> Value:
        """Every query meets a vector for each row of the map of keys and one for each column."""
        ((*rest, T, S), (*others, places, q)), theirs = ins, keys or size
        if (others, places) != (rest, T) or math.prod(size) != T or math.prod(theirs) != S:
            raise Misfit(f"{ins} on maps of {size} and {theirs}")
        vectors = sum(2 * max(pair) - 1 for pair in zip(size, theirs, strict=True))
        self.contract((*rest, T, sum(theirs)), vectors * q, math.prod(rest) * T * sum(theirs) * q)
        return (ins[0],)

    def relative_attention_bias(self, ins: Value, num_buckets: int, num_heads: int) -> Value:
        self.totals.params += num_buckets * num_heads
        return ((num_heads, ins[0][-2], ins[0][-2]),)
