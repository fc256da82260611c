"""One thing seen several times."""

from typing import Literal

from symcost.algebra.needs import AtLeast, Equal, Need
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard
from symcost.ops.work import plus


class BroadcastTo(Op):
    """See axes of one element as axes of many, as torch.broadcast_to, which is torch.Tensor.expand.

    Shapes:      (...) -> ``shape``, of as many axes, a view; an axis of size 1 takes any size, others keep theirs,
                 which -1 says too
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    gradients of what is one element add up: add, elements of the output less those of the input; keeps
                 nothing
    Source:      torch.broadcast_to; the one rotated key that all heads share in DeepSeek-V2 (2024, arXiv:2405.04434),
                 equation 16
    """

    op: Literal["broadcast_to"] = "broadcast_to"
    takes = ("...",)

    shape: tuple[Whole, ...]

    def emit(self, a: Axes) -> Facts:
        given, had = self.shape, a.ins[0]
        if len(given) != len(had):
            raise Refused(f"has {len(given)} sizes in {shown(given)} for {len(had)} axes, {shown(had)}")
        out: Shape = tuple(size if wanted == -1 else wanted for wanted, size in zip(given, had, strict=True))
        needs: list[Need] = [AtLeast(size, 1) for size in out if size != 1]
        needs += [Equal(size, old) for size, old in zip(out, had, strict=True) if old not in (1, size)]
        return Facts(outs=(out,), grad_input=plus({"add": numel(out) - numel(had)}), view=True, needs=tuple(needs))

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: parts of what it has, or of the first axis that one element comes to fill."""
        pairs = enumerate(zip(cuts.ins[0], cuts.outs[0], strict=True))
        filled = next((place for place, (had, size) in pairs if had == 1 and size != 1), None)
        place = filled if cuts.at is None else cuts.at
        if place is None:
            return None
        size = self.shape[place] if self.shape[place] == -1 else cuts.part(self.shape[place])
        return Shard((place,), {"shape": (*self.shape[:place], size, *self.shape[place + 1 :])})


CASES = (
    Case({"shape": [-1, "h", -1, -1]}, ("B 1 T q",), "B h T q", source="a key that all heads share"),
    Case({"shape": [2, 6, 5]}, ("2 1 5",), "2 6 5"),
    Case({"shape": [-1, -1]}, ("3 4",), "3 4"),
)
