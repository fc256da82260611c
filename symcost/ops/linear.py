"""The fully connected layer."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT_FOR_WEIGHTS, Facts, numel
from symcost.ops.fields import Flag, Size, also
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard


class Linear(Op):
    """Multiply the last axis by a matrix, as torch.nn.Linear.

    Shapes:      (..., E) -> (..., D), any number of leading axes
    Weights:     weight (D, E), bias (D)
    MACs:        (...) E D
    Elementwise: add (...) D for the bias
    Backward:    MACs again for the input, again for the weight; add (...) D - D for the bias; keeps the input
    Source:      torch.nn.Linear
    """

    op: Literal["linear"] = "linear"
    takes = ("... E",)

    out_features: Size = also("out_features", "out")
    bias: Flag = True

    def emit(self, a: Axes) -> Facts:
        weight = (self.out_features, a.E)
        out = (*a.rest, self.out_features)
        macs = numel(a.rest) * numel(weight)
        added = {"add": numel(out)} if self.bias else {}
        gathered = {"add": numel(out) - self.out_features} if self.bias else {}
        return Facts(
            outs=(out,),
            work={"mac": macs, **added},
            weights={"weight": weight, "bias": (self.out_features,)} if self.bias else {"weight": weight},
            grad_input={"mac": macs},
            grad_weight={"mac": macs, **gathered},
            keeps=(INPUT_FOR_WEIGHTS,),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: some outputs of all inputs, or all outputs of some inputs, to be added up."""
        last = len(cuts.ins[0]) - 1
        if cuts.at is None:
            return Shard((last,), {"out_features": cuts.part(self.out_features)})
        return Shard((None,), summed=True) if cuts.at == last else Shard((cuts.at,))


CASES = (
    Case({"out": 4096}, ("B 9216",), "B 4096", params=37_752_832, macs="37748736*B", work={"add": "4096*B"},
         source="AlexNet's fc6"),
    Case({"out": "4*E", "bias": False}, ("B T E",), "B T 4*E", params="4*E**2", macs="4*B*T*E**2",
         source="the first half of a transformer's feed-forward layer"),
    Case({"out": 10}, ("84",), "10", params=850, macs=840,
         source="LeNet-5's last layer, one example without a batch axis"),
)  # fmt: skip
