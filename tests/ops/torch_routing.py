"""How torch sends tokens to experts and brings them back, and attends with sinks: gpt-oss, spelled out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symcost.ops.op import Op
from tests.ops.settings import Run, Sizes, settings

torch = pytest.importorskip("torch")
nn: Any = torch.nn


def topk(op: Op, ins: Sizes) -> Run:
    return lambda x: torch.topk(x, **settings(op))


def dispatch(op: Op, ins: Sizes) -> Run:
    """Copy rows in the order of their experts; with a capacity, into slots, of which some may be left over or lack."""
    given = settings(op)

    def run(x: Any, experts: Any) -> Any:
        tokens = torch.arange(experts[..., 0].numel(), device=x.device).repeat_interleave(experts.shape[-1])
        order = tokens[torch.argsort(experts.detach().flatten())]
        if "capacity" in given:
            slots = given["experts"] * -(-int(given["capacity"] * 1000) * order.numel() // (1000 * given["experts"]))
            order = order.repeat(-(-slots // order.numel()))[:slots]
        return x.reshape(-1, x.shape[-1])[order]

    return run


def combine(op: Op, ins: Sizes) -> Run:
    def run(rows: Any, weights: Any, experts: Any) -> Any:
        back = torch.argsort(torch.argsort(experts.detach().flatten()))
        return (rows[back].reshape(*weights.shape, -1) * weights[..., None]).sum(-2)

    return run


class WithSinks(nn.Module):
    """Causal attention in which a learned score for each head takes a share of every row."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.sinks = nn.Parameter(torch.zeros(heads))

    def forward(self, q: Any, k: Any, v: Any) -> Any:
        scores = q @ k.mT * q.shape[-1] ** -0.5
        later = torch.ones(scores.shape[-2:], device=q.device).triu(1).bool()
        sinks = self.sinks[:, None, None].expand(*scores.shape[:-1], 1)
        scores = torch.cat((scores.masked_fill(later, float("-inf")), sinks), -1)
        return torch.softmax(scores, -1)[..., :-1] @ v


BUILD: dict[str, Callable[[Op, Sizes], Run]] = {"topk": topk, "dispatch": dispatch, "combine": combine}
