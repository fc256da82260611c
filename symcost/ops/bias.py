"""A learned vector that is added."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
from symcost.ops.fields import Flag
from symcost.ops.op import Axes, Op


class Bias(Op):
    """Add a learned number to each channel of the last axis; not a layer of torch, whose layers have their own.

    Shapes:      (..., E) -> the same
    Weights:     bias (E); one number for all with ``shared``, and then E stands for 1 below
    MACs:        none
    Elementwise: add 1 for each element
    Backward:    none for the input, whose gradient is the output's; for the bias add (...) E - E. Keeps nothing
    Source:      Dai et al. 2019 (arXiv:1901.02860), section 3.3, u and v of the relative scores
    """

    op: Literal["bias"] = "bias"
    takes = ("... E",)
    apart = "... E"

    shared: Flag = False

    def emit(self, a: Axes) -> Facts:
        n, e = numel(a.ins[0]), 1 if self.shared else a.E
        return Facts(outs=a.ins, work={"add": n}, weights={"bias": (e,)}, grad_weight={"add": n - e})


CASES = (
    Case({}, ("B T E",), "B T E", params="E", work={"add": "B*T*E"}, source="one number for each channel"),
    Case({"shared": True}, ("B C H W",), "B C H W", params=1, work={"add": "B*C*H*W"}, source="one number for all"),
    Case({}, ("7",), "7", params=7, work={"add": 7}),
)  # fmt: skip
