"""Learned tokens before those of the input."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
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
        rows = (self.num_tokens, a.E)
        learned = numel(rows)
        return Facts(
            outs=((*a.rest, self.num_tokens + a.T, a.E),),
            weights={"weight": rows},
            grad_weight={"add": numel(a.rest) * learned - learned},
        )


CASES = (
    Case({"num_tokens": 1}, ("B 196 768",), "B 197 768", params=768, source="the class token of ViT-B/16"),
    Case({"num_tokens": "n"}, ("B T E",), "B n+T E", params="n*E", source="registers: Darcet et al. 2024"),
    Case({"num_tokens": 2}, ("7 3",), "9 3", params=6, source="one example"),
)
