"""Group normalisation."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, NO_WORK, Facts, Kept, numel
from symcost.ops.fields import Flag, Size
from symcost.ops.moments import affine, normal_again, standardise, standardise_back
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard
from symcost.ops.work import plus, times


class GroupNorm(Op):
    """Normalise over places and groups of neighbouring channels, as torch.nn.GroupNorm.

    Shapes:      (B, C, ...) -> the same; ``num_groups`` g divides C
    Weights:     weight (C) and bias (C) with ``affine``
    MACs:        none
    Elementwise: add 3 n - 1, mul 2 n, div 3 and sqrt 1 for each of B g groups of n = (C/g) (...) elements (mean,
                 variance, normalise); with ``affine`` mul 1 and add 1 for each element
    Backward:    for the input add 5 n - 2, mul 4 n and div 2 for each group; with ``affine`` mul 1 more for each
                 element, and for the weights mul 1 for each element and add 2 (B C (...) - C); add 1 and mul 1 for each
                 element make the normalised values again, for both. Keeps the input, and mean and
                 1/sqrt(variance + eps) of each group
    Source:      Wu and He 2018, equations 1 to 4 and 7; the arithmetic is that of symcost.ops.moments
    """

    op: Literal["group_norm"] = "group_norm"
    takes = ("B C ...",)

    num_groups: Size
    affine: Flag = True

    def emit(self, a: Axes) -> Facts:
        groups = (a.B, self.num_groups)
        elements = numel(a.ins[0])
        n = div(a.C * numel(a.rest), self.num_groups)
        scaled = {"mul": elements} if self.affine else NO_WORK
        shared = normal_again(numel(groups), n) if self.affine else NO_WORK
        sums = {"add": 2 * (elements - a.C)} if self.affine else NO_WORK
        return Facts(
            outs=a.ins,
            work=plus(standardise(numel(groups), n), affine(elements) if self.affine else NO_WORK),
            weights={"weight": (a.C,), "bias": (a.C,)} if self.affine else {},
            grad_input=plus(standardise_back(numel(groups), n), scaled, times(-1, shared)),
            grad_weight=plus(shared, scaled, sums),
            shared=shared,
            keeps=(INPUT, Kept("mean", shape=groups), Kept("rstd", shape=groups)),
            needs=(Divides(self.num_groups, a.C),),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its groups."""
        fields = {"num_groups": cuts.part(self.num_groups)}
        return Shard((1,), fields, evenly=(self.num_groups,)) if cuts.at == 1 else None


CASES = (
    Case({"num_groups": 32}, ("B 64 H W",), "B 64 H W", params=128,
         work={"add": "256*B*H*W - 32*B", "mul": "192*B*H*W", "div": "96*B", "sqrt": "32*B"},
         source="32 groups, the default of Wu and He 2018"),
    Case({"num_groups": 1, "affine": False}, ("2 6 5",), "2 6 5", work={"add": 178, "mul": 120, "div": 6, "sqrt": 2},
         source="one group: a layer norm over channels and places"),
    Case({"num_groups": "C // 8"}, ("B 16*C H W",), "B 16*C H W", params="32*C",
         source="a number of groups that grows"),
)  # fmt: skip
