"""Scores of queries for how far away a key is."""

from typing import Literal

from symcost.algebra.needs import Equal
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op, Refused


class RelativePositionLogits(Op):
    """Score each key by query and offset, by a learned row for each offset in height and in width; not torch's.

    Shapes:      (..., T, q) -> (..., T, S): the T queries fill a map ``queries`` h x w, the S keys a ``window`` H x W
    Weights:     height (2 H - 1, q), width (2 W - 1, q)
    MACs:        (...) T q (2 H - 1 + 2 W - 1)
    Elementwise: add 1 for each score; moving the scores of offsets to keys is a copy
    Backward:    MACs again for the queries and again for the rows; add (...) T (2 S - H - W), what the keys of a row
                 and of a column share. Keeps the input
    Source:      Srinivas et al. 2021 (arXiv:2101.11605), Figure 4, as Bello et al. 2019 (arXiv:1904.09925), section 3.2
    """

    op: Literal["relative_position_logits"] = "relative_position_logits"
    takes = ("... T q",)

    queries: tuple[Size, Size]
    window: tuple[Size, Size]

    def emit(self, a: Axes) -> Facts:
        (high, wide), filled = self.window, numel(self.queries)
        if constant(a.T - filled) not in (None, 0):
            raise Refused(f"queries fill {filled} places, got {a.T}")
        offsets, places, keys = 2 * high + 2 * wide - 2, numel(a.rest) * a.T, high * wide
        macs = places * a.q * offsets
        return Facts(
            outs=((*a.rest, a.T, keys),),
            work={"mac": macs, "add": places * keys},
            weights={"height": (2 * high - 1, a.q), "width": (2 * wide - 1, a.q)},
            grad_input={"mac": macs, "add": places * (2 * keys - high - wide)},
            grad_weight={"mac": macs},
            keeps=(INPUT,),
            contracted=places * offsets,
            needs=(Equal(a.T, filled),),
        )


CASES = (
    Case({"queries": [16, 16], "window": [16, 16]}, ("4*B 256 64",), "4*B 256 256", params=3968, macs="4063232*B",
         work={"add": "262144*B"}, source="BoTNet's attention at 16 x 16"),
    Case({"queries": ["b", "b"], "window": ["w", "w"]}, ("B n b**2 q",), "B n b**2 w**2", params="(4*w - 2)*q",
         macs="B*n*b**2*q*(4*w - 2)", work={"add": "B*n*b**2*w**2"}, source="HaloNet's blocks b and windows w"),
)  # fmt: skip
