"""Pooling of everything but batch and channels."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Shape, numel
from symcost.ops.fields import Flag
from symcost.ops.op import Axes, Op


class GlobalPool(Op):
    """What both global poolings share."""

    takes = ("B C ... W",)
    apart = "C"

    keepdim: Flag = False

    def shape(self, a: Axes) -> Shape:
        """Return the shape of the output."""
        return (a.B, a.C, *(1 for _ in a.ins[0][2:] if self.keepdim))


class GlobalAvgPool(GlobalPool):
    """Take the mean of each channel over all its places.

    Shapes:      (B, C, ...) -> (B, C), or (B, C, 1, ...) with ``keepdim``; at least one axis after the
                 channels
    Weights:     none
    MACs:        none
    Elementwise: add n - 1 and div 1 for each of B C outputs, where n is the number of places
    Backward:    div 1 for each output, copied to every place; keeps nothing
    Source:      Lin et al. 2014, "Network in network", section 3.2; torch.mean
    """

    op: Literal["global_avg_pool"] = "global_avg_pool"

    def emit(self, a: Axes) -> Facts:
        outputs, cells = a.B * a.C, numel(a.ins[0])
        return Facts(
            outs=(self.shape(a),),
            work={"add": cells - outputs, "div": outputs},
            grad_input={"div": outputs},
            taps=cells,
        )


class GlobalMaxPool(GlobalPool):
    """Take the largest of each channel over all its places.

    Shapes:      (B, C, ...) -> (B, C), or (B, C, 1, ...) with ``keepdim``; at least one axis after the
                 channels
    Weights:     none
    MACs:        none
    Elementwise: compare n - 1 for each of B C outputs, where n is the number of places
    Backward:    add 1 for each output, into the cell it came from; keeps the input and where each maximum was
    Source:      torch.nn.AdaptiveMaxPool2d with output size 1
    """

    op: Literal["global_max_pool"] = "global_max_pool"

    def emit(self, a: Axes) -> Facts:
        outputs, cells, out = a.B * a.C, numel(a.ins[0]), self.shape(a)
        return Facts(
            outs=(out,),
            work={"compare": cells - outputs},
            grad_input={"add": outputs},
            keeps=(INPUT, Kept("indices", shape=out, dtype="index")),
            taps=cells,
        )


CASES = (
    Case({}, ("B C H W",), "B C", op="global_avg_pool", work={"add": "B*C*H*W - B*C", "div": "B*C"},
         source="before a classifier: Lin et al. 2014"),
    Case({"keepdim": True}, ("1 2048 7 7",), "1 2048 1 1", op="global_avg_pool",
         work={"add": 98_304, "div": 2048}, source="ResNet-50's pooling at 224 x 224"),
    Case({"keepdim": True}, ("B C T H W",), "B C 1 1 1", op="global_max_pool",
         work={"compare": "B*C*T*H*W - B*C"}, source="any number of axes"),
    Case({}, ("4 8 100",), "4 8", op="global_max_pool", work={"compare": 3168}, source="over a sequence"),
)  # fmt: skip
