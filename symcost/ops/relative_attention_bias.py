"""What attention adds to its scores by the distance of two places."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard


class RelativeAttentionBias(Op):
    """Look up, for each head and each pair of places, a learned number by their distance, as T5 does; no torch layer.

    Shapes:      (..., T, E) -> (h, T, T), h = ``num_heads``; of the input it reads how many places there are
    Weights:     weight (n, h), a number for each of n = ``num_buckets`` ranges of distances and each head
    MACs:        none
    Elementwise: none; rows are copied, and which ones depends on sizes alone
    Backward:    none for the input, which gives a size; for the weight add h T T, each pair's gradient to its row.
                 Keeps the T T numbers of the rows
    Source:      Raffel et al. 2020 (arXiv:1910.10683), section 2.1: all layers of a stack add the same, so it is made
                 once and added to the scores of each layer by ``add``
    """

    op: Literal["relative_attention_bias"] = "relative_attention_bias"
    takes = ("... T E",)

    num_buckets: Size
    num_heads: Size

    def emit(self, a: Axes) -> Facts:
        out = (self.num_heads, a.T, a.T)
        return Facts(
            outs=(out,),
            weights={"weight": (self.num_buckets, self.num_heads)},
            grad_weight={"add": numel(out)},
            keeps=(Kept("rows", shape=(a.T, a.T), dtype="index"),),
            stops=True,
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: the numbers of its heads."""
        return Shard((len(cuts.outs[0]) - 3,), {"num_heads": cuts.part(self.num_heads)}) if cuts.at is None else None


CASES = (
    Case({"num_buckets": 32, "num_heads": 12}, ("B T 768",), "12 T T", params=384, source="T5-base's, either stack"),
    Case({"num_buckets": "n", "num_heads": "h"}, ("B T E",), "h T T", params="n*h"),
    Case({"num_buckets": 4, "num_heads": 3}, ("5 2",), "3 5 5", params=12, source="one example"),
)
