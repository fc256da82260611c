"""The laws of layers that step through sequences, from the papers' and torch's definitions."""

from __future__ import annotations

import math

from tests.specs.naive.columns import over
from tests.specs.naive.terms import Counting, Misfit, Value


class Sequences(Counting):
    """Recurrent layers, scans and state spaces; part of the laws of the layers."""

    def softplus(self, ins: Value) -> Value:
        return ins

    def hardtanh(self, ins: Value, min_val: int, max_val: int) -> Value:
        return ins

    def logsigmoid(self, ins: Value) -> Value:
        return ins

    def rfft(self, ins: Value, dim: list[int], onesided: bool) -> Value:
        """Give every number of a real tensor its frequency, as a pair."""
        if onesided or any(axis >= len(ins[0]) for axis in dim):
            raise Misfit(f"transform of {ins}")
        return ((*ins[0], 2),)

    def squeeze(self, ins: Value, dim: int) -> Value:
        if ins[0][dim] != 1:
            raise Misfit(f"axis {dim} of {ins}")
        kept = [size for place, size in enumerate(ins[0]) if place != dim % len(ins[0])]
        return (tuple(kept),)

    def gated_linear_attention(self, ins: Value, chunk_size: int) -> Value:
        """Count chunks, the last filled up: all pairs twice, a state read and a state made."""
        queries, keys, values, gates = ins
        *rest, T, q = queries
        if keys != queries or gates != queries or values[:-1] != (*rest, T):
            raise Misfit(f"attention of {ins}")
        n, C, v = math.ceil(over(T, chunk_size)), chunk_size, values[-1]
        heads = math.prod(rest)
        scores, mixture, read, made = C * C * q, C * C * v, C * q * v, C * q * v
        written = heads * n * (C * C + C * v + C * v + q * v)
        self.contract((written,), 0, heads * n * (scores + mixture + read + made))
        return (values,)

    def lstm(
        self,
        ins: Value,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        proj_size: int = 0,
    ) -> Value:
        """Go through the layers; each direction of each multiplies by its own weights at every step."""
        ((*rows, width),) = ins
        batch, ways, state = rows[not batch_first], 1 + bidirectional, proj_size or hidden_size
        if state > hidden_size or proj_size == hidden_size:
            raise Misfit(f"{proj_size} of {hidden_size}")
        params = macs = written = 0
        for _ in range(num_layers):
            weights = 4 * hidden_size * (width + state) + proj_size * hidden_size
            params += ways * (weights + 8 * bias * hidden_size)
            macs += ways * math.prod(rows) * weights
            written += ways * math.prod(rows) * (8 * hidden_size + proj_size)
            width = ways * state
        ends = ((num_layers * ways, batch, state), (num_layers * ways, batch, hidden_size))
        self.contract((written,), params, macs)
        return ((*rows, width), *ends)

    def selective_scan(self, ins: Value, skip: bool = True, fused: bool = True) -> Value:
        x, steps, b, c = ins
        B, T, D = x
        if steps != x or b != c or b[:2] != (B, T):
            raise Misfit(f"scan of {ins}")
        return self.contract(x, D * b[2] + skip * D, B * T * D * b[2])

    def state_space_dual(self, ins: Value, chunk_size: int = 256, skip: bool = True) -> Value:
        """Count listing 1 of the paper, product by product: chunks are whole, the last one filled up with zeros."""
        x, steps, b, c = ins
        (B, T, h, P), (g, N), Q = x, b[2:], chunk_size
        if steps != (B, T, h) or b != c or b[:2] != (B, T) or h % g:
            raise Misfit(f"state space of {ins}")
        n = math.ceil(over(T, Q))
        scores, mixture, to, read = Q * Q * N, Q * Q * P, Q * N * P, Q * N * P
        macs = B * h * (n * (scores + mixture + to + read) + (n + 1) * (n + 1) * N * P)
        written = B * h * (n * (Q * Q + Q * P + N * P + Q * P) + (n + 1) * N * P)
        self.contract((written,), h + skip * h, macs)
        return (x,)
