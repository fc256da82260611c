"""Softmax and its logarithm."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import OUTPUT, Facts, numel
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard, by_letters
from symcost.ops.work import times


class Softmax(Op):
    """Turn scores along an axis into shares, as torch.nn.Softmax, LogSoftmax and Softmin.

    Shapes:      (...) -> the same; the axis ``dim`` has n elements
    Weights:     none
    MACs:        none
    Elementwise: softmax and softmin, exp(x - max)/sum: compare n - 1, add 2 n - 1, exp n and div n for each row of n,
                 about 5 per element; log_softmax, (x - max) - log(sum): compare n - 1, add 3 n - 1, exp n and log 1
    Backward:    softmax and softmin, y (g - sum(g y)): mul 2 n and add 2 n - 1 for each row; log_softmax,
                 g - exp(y) sum(g): exp n, mul n and add 2 n - 1. Keeps the output
    Source:      torch.nn.Softmax, in the stable form that subtracts the largest; for softmin all signs change
    """

    op: Literal["softmax", "log_softmax", "softmin"]
    takes = ("...",)

    dim: Whole = -1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        n, rows = shape[place], numel(resized(shape, place))
        if self.op == "log_softmax":
            work = {"compare": n - 1, "add": 3 * n - 1, "exp": n, "log": 1}
            back = {"exp": n, "mul": n, "add": 2 * n - 1}
        else:
            work = {"compare": n - 1, "add": 2 * n - 1, "exp": n, "div": n}
            back = {"mul": 2 * n, "add": 2 * n - 1}
        return Facts(outs=a.ins, work=times(rows, work), grad_input=times(rows, back), keeps=(OUTPUT,))

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its rows, along other axes than that of the shares."""
        return by_letters(cuts, self.takes, "...") if cuts.at != axis(self.dim, cuts.ins[0]) else None


CASES = (
    Case({}, ("B h T T",), "B h T T", op="softmax",
         work={"compare": "B*h*T**2 - B*h*T", "add": "2*B*h*T**2 - B*h*T", "exp": "B*h*T**2", "div": "B*h*T**2"},
         source="attention weights: 5 per score but for two"),
    Case({"dim": 1}, ("2 10 4",), "2 10 4", op="log_softmax", work={"compare": 72, "add": 232, "exp": 80, "log": 8}),
    Case({"dim": -2}, ("2 10 4",), "2 10 4", op="softmin", work={"compare": 72, "add": 152, "exp": 80, "div": 80}),
)  # fmt: skip
