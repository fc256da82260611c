"""Reductions over axes."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dims import axes
from symcost.ops.facts import INPUT, OUTPUT, Facts, numel
from symcost.ops.fields import Flag, Whole, also
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard
from symcost.ops.work import plus


class Mean(Op):
    """Reduce axes to one value, as torch.mean, sum, amax and amin.

    Shapes:      (...) -> without the axes ``dims``, or with size 1 in their place with ``keepdim``
    Weights:     none
    MACs:        none
    Elementwise: for each output, made of n elements: sum add n - 1; mean add n - 1 and div 1; amax and
                 amin compare n - 1
    Backward:    sum spreads the gradient, mean takes div 1 for each output first; both keep nothing. amax and amin
                 compare 1 for each element, to find what was taken; keep the input and the output
    Source:      torch's derivatives.yaml
    """

    op: Literal["mean", "sum", "amax", "amin"]
    takes = ("...",)

    dims: Whole | tuple[Whole, ...] = also("dims", "dim")
    keepdim: Flag = False

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        places = axes(self.dims if isinstance(self.dims, tuple) else (self.dims,), shape)
        kept = tuple(1 if i in places else size for i, size in enumerate(shape))
        out = kept if self.keepdim else tuple(size for i, size in enumerate(kept) if i not in places)
        joined, last = numel(shape) - numel(out), {"div": numel(out)} if self.op == "mean" else {}
        if self.op in ("mean", "sum"):
            return Facts(outs=(out,), work=plus({"add": joined}, last), grad_input=last)
        return Facts(
            outs=(out,),
            work=plus({"compare": joined}),
            grad_input={"compare": numel(shape)},
            keeps=(INPUT, OUTPUT),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts, along other axes than those that are reduced."""
        places = axes(self.dims if isinstance(self.dims, tuple) else (self.dims,), cuts.ins[0])
        if cuts.at is None or cuts.at in places:
            return None
        return Shard((cuts.at if self.keepdim else cuts.at - sum(place < cuts.at for place in places),))


CASES = (
    Case({"dims": [2, 3]}, ("B C H W",), "B C", op="mean", work={"add": "B*C*H*W - B*C", "div": "B*C"},
         source="global average pooling by another name"),
    Case({"dims": 1}, ("B T E",), "B E", op="mean", work={"add": "B*T*E - B*E", "div": "B*E"}, source="the mean token"),
    Case({"dims": [-1], "keepdim": True}, ("2 3 5",), "2 3 1", op="sum", work={"add": 24}),
    Case({"dims": [0, 2]}, ("2 3 5",), "3", op="amax", work={"compare": 27}),
    Case({"dims": 1, "keepdim": True}, ("2 3 5",), "2 1 5", op="amin", work={"compare": 20}),
)  # fmt: skip
