"""Root mean square normalisation."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, NO_WORK, Facts, Kept, numel
from symcost.ops.fields import Flag
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus, times


class RmsNorm(Op):
    """Divide each place by the root of its mean square, as torch.nn.RMSNorm over the last axis.

    Shapes:      (..., E) -> the same
    Weights:     weight (E) with ``elementwise_affine``
    MACs:        none
    Elementwise: r = 1/sqrt(sum(x x)/E + eps), y = x r: mul 2 E, add E, div 2 and sqrt 1 for each of the (...) places;
                 with weight mul 1 more for each element
    Backward:    y = x r again, t = sum(g y)/E, (g - y t) r: mul 4 E, add 2 E - 1 and div 1 for each place, with weight
                 mul 1 more for each element; for the weight mul (...) E and add (...) E - E, and y, once for both.
                 Keeps the input and r of each place
    Source:      Zhang and Sennrich 2019 (arXiv:1910.07467), equation 4
    """

    op: Literal["rms_norm"] = "rms_norm"
    takes = ("... E",)
    apart = "..."

    elementwise_affine: Flag = True

    def emit(self, a: Axes) -> Facts:
        places, n = numel(a.rest), numel(a.ins[0])
        scaled = {"mul": n} if self.elementwise_affine else NO_WORK
        summed = {"add": n - a.E} if self.elementwise_affine else NO_WORK
        shared = scaled  # y = x r takes as many products as y times the weight
        forward = {"mul": 2 * a.E, "add": a.E, "div": 2, "sqrt": 1}
        back = {"mul": 4 * a.E, "add": 2 * a.E - 1, "div": 1}
        return Facts(
            outs=a.ins,
            work=plus(times(places, forward), scaled),
            weights={"weight": (a.E,)} if self.elementwise_affine else {},
            grad_input=plus(times(places, back), scaled, times(-1, shared)),
            grad_weight=plus(shared, scaled, summed),
            shared=shared,
            keeps=(INPUT, Kept("rstd", shape=a.rest)),
        )


CASES = (
    Case({}, ("B T E",), "B T E", params="E",
         work={"mul": "3*B*T*E", "add": "B*T*E", "div": "2*B*T", "sqrt": "B*T"}, source="the norm of Gopher and Llama"),
    Case({"elementwise_affine": False}, ("2 7 16",), "2 7 16", work={"mul": 448, "add": 224, "div": 28, "sqrt": 14}),
)  # fmt: skip
