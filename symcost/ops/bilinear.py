"""The bilinear layer."""

from typing import Literal

from symcost.algebra.needs import Equal, Need
from symcost.ops.case import Case
from symcost.ops.facts import WEIGHTS, Facts, Kept, Shape, numel
from symcost.ops.fields import Flag, Size, also
from symcost.ops.op import Axes, Op, Refused, shown


class Bilinear(Op):
    """Pair two vectors through one matrix for each output, y_d = x A_d z + b_d, as torch.nn.Bilinear.

    Shapes:      (..., E), (..., F) -> (..., D), the leading axes equal
    Weights:     weight (D, E, F), bias (D)
    MACs:        (...) D F (E + 1): x A_d first, E for each of its F entries, then F for the product with z
    Elementwise: add (...) D for the bias
    Backward:    (...) D E (F + 1) MACs for x as g_d (A_d z), (...) D F (E + 1) for z as g_d (x A_d), since
                 neither product is kept; for the weight (...) D E products g_d x_e, then (...) D E F MACs;
                 add (...) D - D for the bias; keeps both inputs
    Source:      torch.nn.Bilinear, which contracts in this order
    """

    op: Literal["bilinear"] = "bilinear"
    takes = ("... E", "... F")

    out_features: Size = also("out_features", "out")
    bias: Flag = True

    def emit(self, a: Axes) -> Facts:
        D, places = self.out_features, numel(a.rest) * self.out_features
        added = {"add": places} if self.bias else {}
        gathered = {"add": places - D} if self.bias else {}
        cube = places * a.E * a.F
        return Facts(
            outs=((*a.rest, D),),
            work={"mac": cube + places * a.F, **added},
            weights={"weight": (D, a.E, a.F), "bias": (D,)} if self.bias else {"weight": (D, a.E, a.F)},
            grad_input={"mac": 2 * cube + places * (a.E + a.F)},
            grad_weight={"mac": cube, "mul": places * a.E, **gathered},
            keeps=(Kept("input", to=(1, WEIGHTS)), Kept("input", 1, to=(0, WEIGHTS))),
            needs=_same_places(a.rest, a.ins[1][:-1]),
        )


def _same_places(first: Shape, second: Shape) -> tuple[Need, ...]:
    """Return the conditions that the leading axes of both inputs are equal."""
    if len(first) != len(second):
        raise Refused(f"takes two inputs with the same leading axes, got {shown(first)} and {shown(second)}")
    return tuple(Equal(a, b) for a, b in zip(first, second, strict=True) if a != b)


CASES = (
    Case({"out": 3}, ("10 4", "10 5"), "10 3", params=63, macs=750, work={"add": 30},
         source="3 matrices of 4 x 5"),
    Case({"out": 1, "bias": False}, ("B T E", "B T E"), "B T 1", params="E**2", macs="B*T*E**2 + B*T*E",
         source="a score of two vectors, Luong et al. 2015, section 3.1: general"),
)  # fmt: skip
