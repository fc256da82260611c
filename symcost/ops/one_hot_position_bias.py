"""Scores of attention that depend on how far apart two places are, looked up by products."""

from typing import Literal

from symcost.algebra.needs import Equal
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op, Refused


class OneHotPositionBias(Op):
    """Add to every score a learned number for head and offset, found by products with zeros and ones; not torch's.

    Shapes:      (..., h, T, T) -> the same: scores of the T = w v places of a ``window`` w x v
    Weights:     table (h, 2 w - 1, 2 v - 1); buffers are the rows (w, w, 2 w - 1) and columns (v, v, 2 v - 1)
    MACs:        h w**2 (2 w - 1) (2 v - 1) for rows and h w**2 v**2 (2 v - 1) for columns, once for all examples
    Elementwise: add 1 for each score
    Backward:    none for the scores, whose gradient is the output's; for the table add (...) h T**2 - h T**2, the sum
                 over examples, and the MACs again. Keeps nothing
    Source:      Tu et al. 2022 (arXiv:2204.01697), the authors' attention_utils.py, which TPUs run faster than a
                 lookup; as in timm
    """

    op: Literal["one_hot_position_bias"] = "one_hot_position_bias"
    takes = ("... h T T",)
    apart = "h"

    window: tuple[Size, Size]

    def emit(self, a: Axes) -> Facts:
        w, v = self.window
        places = w * v
        if constant(a.T - places):
            raise Refused(f"the window has {places} places, got {a.T}")
        rows, columns = (w, w, 2 * w - 1), (v, v, 2 * v - 1)
        halfway, biases, scores = a.h * w * w * (2 * v - 1), a.h * places * places, numel(a.ins[0])
        macs = halfway * (2 * w - 1) + biases * (2 * v - 1)
        return Facts(
            outs=a.ins,
            work={"mac": macs, "add": scores},
            weights={"table": (a.h, 2 * w - 1, 2 * v - 1)},
            buffers={"rows": rows, "columns": columns},
            grad_weight={"mac": macs, "add": scores - biases},
            contracted=halfway + biases,
            needs=(Equal(a.T, places),),
        )


CASES = (
    Case({"window": [7, 7]}, ("64*B 2 49 49",), "64*B 2 49 49", params=338, buffers=1274, macs=78_988,
         work={"add": "307328*B"}, source="MaxViT-T's first stage"),
    Case({"window": ["w", "w"]}, ("B h w**2 w**2",), "B h w**2 w**2", params="h*(2*w - 1)**2",
         buffers="2*w**2*(2*w - 1)", macs="h*w**2*(2*w - 1)**2 + h*w**4*(2*w - 1)", work={"add": "B*h*w**4"}),
)  # fmt: skip
