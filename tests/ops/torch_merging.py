"""How torch merges tokens, spelled out: the places are chosen by what tokens are compared by, without a gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symcost.ops.op import Op
from tests.ops.settings import Run, Sizes, settings

torch = pytest.importorskip("torch")


def token_merging(op: Op, ins: Sizes) -> Run:
    r = settings(op)["r"]

    def run(x: Any, sizes: Any, metric: Any) -> Any:
        with torch.no_grad():
            normed = metric / metric.norm(dim=-1, keepdim=True)
            scores = normed[:, ::2] @ normed[:, 1::2].mT
            best, target = scores.max(-1)
            order = best.argsort(-1, descending=True)
            places = torch.arange(x.shape[1], device=x.device).expand(x.shape[:2]).clone()
            picked = order[:, :r]
            rank = torch.arange(x.shape[1] - r, device=x.device).repeat(2)[: x.shape[1]]
            places = (places * 0 + rank).scatter(1, 2 * picked, target.gather(1, picked))
        total = torch.zeros(x.shape[0], x.shape[1] - r, 1, device=x.device).scatter_add(1, places[..., None], sizes)
        weighted = torch.zeros(x.shape[0], x.shape[1] - r, x.shape[2], device=x.device)
        weighted = weighted.scatter_add(1, places[..., None].expand_as(x), x * sizes)
        return weighted / total, total

    return run


BUILD: dict[str, Callable[[Op, Sizes], Run]] = {
    "token_merging": token_merging,
    "log": lambda op, ins: torch.log,
}
