"""Scores of attention that depend on how far apart two places are, by a small network."""

from typing import Literal

from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Flag, Size
from symcost.ops.op import Axes, Op
from symcost.ops.relative_position_bias import offsets, room
from symcost.ops.work import plus, times


class ContinuousPositionBias(Op):
    """Add to every score what a small network makes of the offset for each head, as Swin V2's; not a layer of torch.

    Shapes:      (..., h, T, S) -> the same: scores of T queries and S keys, the places of a ``window`` of n axes
    Weights:     weight1 (m, n), bias1 (m), weight2 (h, m), with m = ``hidden``, and bias2 (h) with ``bias``; buffers
                 hold the O = (2 w_1 - 1) (2 w_2 - 1) ... offsets, (O, n), and which of them each pair of places has
    MACs:        O m (n + h), once for all examples
    Elementwise: add 1 for each score; for each offset and hidden channel add 1 and compare 1 (ReLU), and with ``bias``
                 add 1 for each offset and head. A ``bounded`` bias is 16 sigmoid(x): exp 1, add 1, div 1, mul 1, h T S
                 times
    Backward:    none for the scores, whose gradient is the output's. For the network O m (n + 2 h) MACs, as the offsets
                 take no gradient; add 1 for each score, for each bias add O - 1, compare 1 for each ReLU, and add 1 and
                 mul 3 for each sigmoid. Keeps the hidden channels (O, m) and the sigmoids (h, T, S)
    Source:      Liu et al. 2022 (arXiv:2111.09883), section 3.3; 16 sigmoid as in the authors' code and in torchvision
    """

    op: Literal["continuous_position_bias"] = "continuous_position_bias"
    takes = ("... h T S",)
    apart = "h"

    window: tuple[Size, ...]
    hidden: Size = 512
    bias: Flag = False
    bounded: Flag = True

    def emit(self, a: Axes) -> Facts:
        window: Shape = self.window
        places, far, m = numel(window), offsets(window), self.hidden
        sigmoids: Shape = (a.h, a.T, a.S) if self.bounded else ()
        biases = {"bias1": (m,), **({"bias2": (a.h,)} if self.bias else {})}
        return Facts(
            outs=a.ins,
            work=self._forward(a, far, numel(sigmoids) if sigmoids else 0),
            weights={"weight1": (m, len(window)), **biases, "weight2": (a.h, m)},
            buffers={"offsets": (far, len(window)), "index": (places, places)},
            grad_weight=self._back(a, far, numel(sigmoids) if sigmoids else 0),
            keeps=(Kept("hidden", shape=(far, m)), *([Kept("sigmoids", shape=sigmoids)] if sigmoids else ())),
            contracted=far * (m + a.h),
            needs=room(window, a.T, a.S),
        )

    def _forward(self, a: Axes, far: Num, sigmoids: Num) -> Work:
        """Return the work of adding, of the hidden layer and of what follows it."""
        hidden = far * self.hidden
        network = {"mac": hidden * (len(self.window) + a.h), "add": hidden + self.bias * far * a.h, "compare": hidden}
        return plus({"add": numel(a.ins[0])}, network, times(sigmoids, {"exp": 1, "add": 1, "div": 1, "mul": 1}))

    def _back(self, a: Axes, far: Num, sigmoids: Num) -> Work:
        """Return the work of the gradients of table and network; the offsets have none."""
        hidden = far * self.hidden
        summed = (far - 1) * (self.hidden + self.bias * a.h)
        network = {"mac": hidden * (len(self.window) + 2 * a.h), "add": summed, "compare": hidden}
        return plus({"add": numel(a.ins[0])}, network, times(sigmoids, {"add": 1, "mul": 3}))


CASES = (
    Case({"window": [8, 8]}, ("B 3 64 64",), "B 3 64 64", params=3072, buffers=4546, macs=576_000,
         work={"add": "12288*B + 127488", "compare": 115_200, "exp": 12_288, "mul": 12_288},
         source="Swin V2-T's first stage: 225 offsets"),
    Case({"window": ["w", "w"], "hidden": "m", "bias": True, "bounded": False}, ("B h w**2 w**2",), "B h w**2 w**2",
         params="3*m + h*m + h", buffers="2*(2*w - 1)**2 + w**4", macs="(2*w - 1)**2*m*(2 + h)",
         work={"compare": "(2*w - 1)**2*m"}, source="timm's for CoAtNet, with a last bias and no sigmoid"),
)  # fmt: skip
