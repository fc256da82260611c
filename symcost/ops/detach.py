"""The end of a gradient's way."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts
from symcost.ops.op import Axes, Op


class Detach(Op):
    """Pass the input on, and no gradient back, as torch.Tensor.detach.

    Shapes:      (...) -> the same, a view
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, and none for what stands before; keeps nothing
    Source:      torch.Tensor.detach
    """

    op: Literal["detach"] = "detach"
    takes = ("...",)
    apart = "..."

    def emit(self, a: Axes) -> Facts:
        return Facts(outs=a.ins, stops=True, view=True)


CASES = (Case({}, ("B C H W",), "B C H W", source="YOLOv10's second head: Wang et al. 2024, section 3.1"),)
