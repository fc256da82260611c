"""The gated linear unit."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides
from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard
from symcost.ops.work import times


class Glu(Op):
    """Gate the first half of an axis by the second, as torch.nn.GLU: a sigmoid(b).

    Shapes:      (..., 2 E) -> (..., E); the axis is ``dim`` and must be even
    Weights:     none
    MACs:        none
    Elementwise: exp 1, add 1, div 1 and mul 1 for each output: a (1/(1 + exp(-b)))
    Backward:    with s = sigmoid(b): g s for a, g s (1 - s) a for b: exp 1, add 2, div 1 and mul 3 for each output;
                 keeps the input
    Source:      Dauphin et al. 2017, section 2
    """

    op: Literal["glu"] = "glu"
    takes = ("...",)

    dim: Whole = -1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        out = resized(shape, place, div(shape[place], 2))
        return Facts(
            outs=(out,),
            work=times(numel(out), {"exp": 1, "add": 1, "div": 1, "mul": 1}),
            grad_input=times(numel(out), {"exp": 1, "add": 2, "div": 1, "mul": 3}),
            keeps=(INPUT,),
            needs=(Divides(2, shape[place]),),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts, of both halves where these are cut."""
        return Shard((cuts.at,)) if cuts.at is not None else None


CASES = (
    Case({}, ("B T 2*E",), "B T E", work={"exp": "B*T*E", "add": "B*T*E", "div": "B*T*E", "mul": "B*T*E"}),
    Case({"dim": 1}, ("2 6 5",), "2 3 5", work={"exp": 30, "add": 30, "div": 30, "mul": 30},
         source="channels are gated"),
)  # fmt: skip
