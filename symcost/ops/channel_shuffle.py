"""Mixing the channels of groups."""

from typing import Literal

from symcost.algebra.needs import Divides
from symcost.ops.case import Case
from symcost.ops.facts import Facts
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op


class ChannelShuffle(Op):
    """Deal the channels of g groups out in turn, as torch.nn.ChannelShuffle.

    Shapes:      (B, C, ...) -> the same, a copy; ``groups`` g divides C
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is moved back; keeps nothing
    Source:      Zhang et al. 2018, section 3.1
    """

    op: Literal["channel_shuffle"] = "channel_shuffle"
    takes = ("B C ...",)

    groups: Size

    def emit(self, a: Axes) -> Facts:
        return Facts(outs=a.ins, needs=(Divides(self.groups, a.C),))


CASES = (
    Case({"groups": 2}, ("B 2*C H W",), "B 2*C H W", source="between the units of ShuffleNet V2"),
    Case({"groups": 3}, ("2 240 28 28",), "2 240 28 28", source="ShuffleNet 1x (g = 3), stage 2"),
)
