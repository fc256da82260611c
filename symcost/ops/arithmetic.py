"""Arithmetic of several tensors, element by element."""

from typing import Literal, NamedTuple

from symcost.algebra.needs import Need
from symcost.ops.broadcast import broadcast, stretched
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, Shape, Work, numel
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.shard import Cuts, Shard, aligned
from symcost.ops.work import plus, times


class Law(NamedTuple):
    """What joining two elements takes, forward and for both gradients, and what the way back reads.

    Attributes:
        reads: ``factors``, each for the gradient of the other; a ``quotient``, that is the divisor for both and what is
            divided for the divisor's; ``both``; or nothing.
    """

    work: Work
    back: Work
    reads: Literal["", "factors", "quotient", "both"]


LAWS = {
    "add": Law({"add": 1}, {}, ""),
    "sub": Law({"add": 1}, {}, ""),
    "mul": Law({"mul": 1}, {"mul": 2}, "factors"),
    "div": Law({"div": 1}, {"div": 2, "mul": 1}, "quotient"),
    "maximum": Law({"compare": 1}, {"compare": 1}, "both"),
    "minimum": Law({"compare": 1}, {"compare": 1}, "both"),
}


class Arithmetic(Op):
    """Join tensors element by element, from left to right, as torch.add, sub, mul, div, maximum and minimum.

    Shapes:      (...), (...), ... -> the shape that all stretch to: axes are aligned at the end, sizes are equal or 1
    Weights:     none
    MACs:        none
    Elementwise: for each element of each of the joins (one less than there are inputs) add 1 for add and sub, mul 1 for
                 mul, div 1 for div, compare 1 for maximum and minimum
    Backward:    add and sub pass the gradient g on; mul g b and g a: mul 2; div t = g/b and t (a/b): div 2 and mul 1;
                 maximum and minimum compare 1. Where an input of n elements was stretched to m, add m - n to sum its
                 gradient. add and sub keep nothing, the others all inputs and what was joined on the way: a factor
                 for the gradient of the other, what is divided for that of the divisor, the rest for both
    Source:      torch's derivatives.yaml
    """

    op: Literal["add", "sub", "mul", "div", "maximum", "minimum"]
    takes = ("...",)
    many = True

    def emit(self, a: Axes) -> Facts:
        if len(a.ins) < 2:
            raise Refused(f"takes 2 or more inputs, got {len(a.ins)}; name them with from: [a, b]")
        law, left = LAWS[self.op], a.ins[0]
        works: list[Work] = []
        backs: list[Work] = []
        needs: list[Need] = []
        keeps: list[Kept] = []
        for index, right in enumerate(a.ins[1:], 1):
            out, equal = broadcast(left, right)
            works.append(times(numel(out), law.work))
            backs += [times(numel(out), law.back), _summed(left, out), _summed(right, out)]
            keeps += _kept(law, index, left)
            needs += equal
            left = out
        return Facts(outs=(left,), work=plus(*works), grad_input=plus(*backs), keeps=tuple(keeps), needs=tuple(needs))

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: the elements of its parts."""
        return aligned(cuts)


def _kept(law: Law, index: int, left: Shape) -> tuple[Kept, ...]:
    """Return what is kept of joining an input to what those before it came to."""
    if not law.reads:
        return ()
    lefts, every = tuple(range(index)), tuple(range(index + 1))
    to_left = every if law.reads == "both" else (index,)
    to_right = lefts if law.reads == "factors" else every
    first = Kept("input", to=to_left) if index == 1 else Kept(f"join {index - 1}", shape=left, to=to_left)
    return first, Kept("input", index, to=to_right)


def _summed(shape: Shape, out: Shape) -> Work:
    """Return the work of summing a gradient over the axes that were stretched."""
    return {"add": numel(out) - numel(stretched(shape, out))}


CASES = (
    Case({}, ("B C H W", "B C H W"), "B C H W", op="add", work={"add": "B*C*H*W"}, source="the join of a residual"),
    Case({}, ("B C H W", "B C 1 1"), "B C H W", op="mul", work={"mul": "B*C*H*W"},
         source="squeeze and excite: Hu et al. 2018, equation 4"),
    Case({}, ("B T E", "E", "1 T 1"), "B T E", op="add", work={"add": "2*B*T*E"}, source="three inputs, two joins"),
    Case({}, ("2 1", "3", "4 1 1"), "4 2 3", op="mul", work={"mul": 30}, source="6 products, then 24"),
    Case({}, ("2 3 5", "2 3 5"), "2 3 5", op="sub", work={"add": 30}),
    Case({}, ("2 3 5", "2 3 1"), "2 3 5", op="div", work={"div": 30}),
    Case({}, ("2 3 5", "3 5"), "2 3 5", op="maximum", work={"compare": 30}),
    Case({}, ("2 3 5", "1"), "2 3 5", op="minimum", work={"compare": 30}),
)  # fmt: skip
