"""Scale by a learned number per channel."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dims import axis
from symcost.ops.facts import INPUT_FOR_WEIGHTS, Facts, numel
from symcost.ops.fields import Flag, Whole
from symcost.ops.op import Axes, Op


class LayerScale(Op):
    """Multiply each channel by a learned number; not a layer of torch, but of torchvision's and timm's networks.

    Shapes:      (..., C, ...) -> the same; the axis of the channels is ``dim``, by default 1 (-1 for tokens)
    Weights:     gamma (C); one number for all with ``shared``, and then C stands for 1 below
    MACs:        none
    Elementwise: mul 1 for each element
    Backward:    mul 1 for each of n elements to the input; mul 1 for each element and add n - C to gamma; keeps the
                 input
    Source:      Touvron et al. 2021 (arXiv:2103.17239), equation 4; one number: De and Smith 2020 (arXiv:2002.10444)
    """

    op: Literal["layer_scale"] = "layer_scale"
    takes = ("...",)
    apart = "..."

    dim: Whole = 1
    shared: Flag = False

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        channels, n = 1 if self.shared else shape[axis(self.dim, shape)], numel(shape)
        return Facts(
            outs=a.ins,
            work={"mul": n},
            weights={"gamma": (channels,)},
            grad_input={"mul": n},
            grad_weight={"mul": n, "add": n - channels},
            keeps=(INPUT_FOR_WEIGHTS,),
        )


CASES = (
    Case({}, ("B C H W",), "B C H W", params="C", work={"mul": "B*C*H*W"}, source="ConvNeXt, Liu et al. 2022"),
    Case({"dim": -1}, ("B T E",), "B T E", params="E", work={"mul": "B*T*E"}, source="CaiT, Touvron et al. 2021"),
    Case(
        {"shared": True}, ("B C H W",), "B C H W", params=1, work={"mul": "B*C*H*W"}, source="NFNet, Brock et al. 2021"
    ),
)
