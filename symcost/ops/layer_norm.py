"""Layer normalisation."""

from typing import Literal

from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, NO_WORK, Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Flag, Size
from symcost.ops.moments import affine, normal_again, standardise, standardise_back
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard, by_letters
from symcost.ops.window import fixed
from symcost.ops.work import plus, times


class LayerNorm(Op):
    """Normalise over the last axes, each place by itself, as torch.nn.LayerNorm.

    Shapes:      (..., E) -> the same; E stands for the last ``dims`` axes
    Weights:     weight (E) and bias (E) with ``elementwise_affine``; no bias with ``bias: false``
    MACs:        none
    Elementwise: add 3 E - 1, mul 2 E, div 3 and sqrt 1 for each of the (...) places (mean, variance, normalise); with
                 weight mul 1, with bias add 1 for each element
    Backward:    for the input add 5 E - 2, mul 4 E and div 2 for each place, with weight mul 1 more for each element;
                 for the weight mul (...) E and add (...) E - E; for the bias add (...) E - E. add 1 and mul 1 for each
                 element make the normalised values again, for input and weight.
                 Keeps the input, and mean and 1/sqrt(variance + eps) of each place
    Source:      Ba et al. 2016, equation 4; the arithmetic is that of symcost.ops.moments
    """

    op: Literal["layer_norm"] = "layer_norm"
    takes = ("... E",)

    dims: Size = 1
    elementwise_affine: Flag = True
    bias: Flag = True

    def emit(self, a: Axes) -> Facts:
        places, last = self._parts(a.ins[0])
        groups, n = numel(places), numel(last)
        names = ("weight", "bias") if self.bias else ("weight",)
        weights = dict.fromkeys(names, last) if self.elementwise_affine else {}
        scaled = {"mul": groups * n} if weights else NO_WORK
        shared = normal_again(groups, n) if weights else NO_WORK
        return Facts(
            outs=a.ins,
            work=plus(standardise(groups, n), _affine(groups * n, len(weights))),
            weights=weights,
            grad_input=plus(standardise_back(groups, n), scaled, times(-1, shared)),
            grad_weight=plus(shared, scaled, {"add": len(weights) * (groups * n - n)}),
            shared=shared,
            keeps=(INPUT, Kept("mean", shape=places), Kept("rstd", shape=places)),
        )

    def _parts(self, shape: Shape) -> tuple[Shape, Shape]:
        dims = fixed(self.dims, "dims")
        if dims > len(shape):
            raise Refused(f"dims is {dims}, got {shown(shape)}; give 1 to {len(shape)}")
        return shape[:-dims], shape[-dims:]

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its places, which have all that is normalised."""
        return by_letters(cuts, self.takes, "...") if self.dims == 1 else None


def _affine(elements: Num, tensors: int) -> Work:
    return affine(elements) if tensors == 2 else {"mul": elements * tensors}


CASES = (
    Case({}, ("B T E",), "B T E", params="2*E",
         work={"add": "4*B*T*E - B*T", "mul": "3*B*T*E", "div": "3*B*T", "sqrt": "B*T"},
         source="the norm of a transformer: 7 per element and 3 per token"),
    Case({"bias": False}, ("2 7 16",), "2 7 16", params=16, work={"add": 658, "mul": 672, "div": 42, "sqrt": 14}),
    Case({"elementwise_affine": False}, ("2 7 16",), "2 7 16",
         work={"add": 658, "mul": 448, "div": 42, "sqrt": 14}, source="mean and variance only"),
    Case({"dims": 3}, ("B 8 4 4",), "B 8 4 4", params=256,
         work={"add": "511*B", "mul": "384*B", "div": "3*B", "sqrt": "B"}, source="over a whole image"),
)  # fmt: skip
