"""Learned tokens, before those of the input or in their place."""

from dataclasses import replace
from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op


class LearnedTokens(Op):
    """Put learned tokens before those of each example, such as ViT's class token; not a layer of torch.

    Shapes:      (..., T, E) -> (..., n + T, E), n = ``num_tokens``
    Weights:     weight (n, E)
    MACs:        none
    Elementwise: none; everything is copied
    Backward:    none for the input, whose gradient is a part of the output's; for the weight add (...) n E - n E, the
                 sum over the leading axes. Keeps nothing
    Source:      Dosovitskiy et al. 2021 (arXiv:2010.11929), equation 1, the class token; Touvron et al. 2021
                 (arXiv:2012.12877), section 4, the token of distillation
    """

    op: Literal["learned_tokens"] = "learned_tokens"
    takes = ("... T E",)

    num_tokens: Size

    def emit(self, a: Axes) -> Facts:
        return _given((*a.rest, self.num_tokens + a.T, a.E), (self.num_tokens, a.E))


class LearnedQueries(Op):
    """Give each example the same learned tokens, which then ask what others know; not a layer of torch.

    Shapes:      (..., T, E) -> (..., n, E), n = ``num_queries``; of the input it reads how many examples there are
    Weights:     weight (n, E)
    MACs:        none
    Elementwise: none; rows are copied
    Backward:    none for the input, which gives a size; for the weight add (...) n E - n E, the sum over the leading
                 axes. Keeps nothing
    Source:      Carion et al. 2020 (arXiv:2005.12872), section 3.2, object queries; Zhai et al. 2022
                 (arXiv:2106.04560), section 3.1, attention that pools
    """

    op: Literal["learned_queries"] = "learned_queries"
    takes = ("... T E",)

    num_queries: Size

    def emit(self, a: Axes) -> Facts:
        return replace(_given((*a.rest, self.num_queries, a.E), (self.num_queries, a.E)), stops=True)


def _given(out: Shape, rows: Shape) -> Facts:
    """Return the facts of giving every example the same rows, whose gradients add up."""
    learned = numel(rows)
    return Facts(outs=(out,), weights={"weight": rows}, grad_weight={"add": (numel(out[:-2]) - 1) * learned})


CASES = (
    Case({"num_tokens": 1}, ("B 196 768",), "B 197 768", params=768, op="learned_tokens",
         source="the class token of ViT-B/16"),
    Case({"num_tokens": "n"}, ("B T E",), "B n+T E", params="n*E", op="learned_tokens",
         source="registers: Darcet et al. 2024"),
    Case({"num_tokens": 2}, ("7 3",), "9 3", params=6, op="learned_tokens", source="one example"),
    Case({"num_queries": 100}, ("B T 256",), "B 100 256", params=25600, op="learned_queries", source="DETR's objects"),
    Case({"num_queries": "n"}, ("B T E",), "B n E", params="n*E", op="learned_queries"),
)  # fmt: skip
