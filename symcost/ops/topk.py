"""The largest of many numbers, as a router chooses experts."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import AtLeast
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.fields import Size, Whole
from symcost.ops.op import Axes, Op, Refused


class Topk(Op):
    """Take the k largest numbers along an axis and where they are, as torch.topk.

    Shapes:      (...) -> the k values and their k places, the axis ``dim`` of n elements having k instead; k <= n
    Weights:     none
    MACs:        none
    Elementwise: one maximum after the other, of n, n - 1, ... numbers: compare k n - k (k + 1)/2 for each row of n.
                 Cleverer ways need fewer where k is not small
    Backward:    none; each gradient goes to its place. Keeps the places
    Source:      torch.topk; the choice of experts in Shazeer et al. 2017 (arXiv:1701.06538), equation 5
    """

    op: Literal["topk"] = "topk"
    takes = ("...",)

    k: Size
    dim: Whole = -1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        if (constant(shape[place] - self.k) or 0) < 0:
            raise Refused(f"takes the {self.k} largest of {shape[place]}")
        n, rows = shape[place], numel(resized(shape, place))
        out = resized(shape, place, self.k)
        compared = self.k * n - div(self.k * (self.k + 1), 2)
        return Facts(
            outs=(out, out),
            work={"compare": rows * compared} if compared != 0 else {},
            keeps=(Kept("output", 1, dtype="index"),),
            needs=(AtLeast(n - self.k, 0),),
        )


CASES = (
    Case({"k": "k"}, ("B T n",), "B T k, B T k", work={"compare": "B*T*(k*n - k*(k + 1)/2)"}, source="k of n experts"),
    Case({"k": 2}, ("3 8",), "3 2, 3 2", work={"compare": 39}, source="Mixtral: 7 + 6 comparisons for each token"),
    Case({"k": 3, "dim": 0}, ("5 2",), "3 2, 3 2", work={"compare": 18}),
)
