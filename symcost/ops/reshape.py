"""Reading the same elements in another shape."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, whole
from symcost.algebra.poly import NotExact, Num, constant
from symcost.ops.case import Case
from symcost.ops.dims import axis
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard, outer


class Reshape(Op):
    """Read the elements in another shape, in the same order, as torch.reshape.

    Shapes:      (...) -> ``shape``, with as many elements, a view; one size may be -1 and is found by division
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none; keeps nothing
    Source:      torch.reshape of a tensor that lies in order; after a transpose torch copies
    """

    op: Literal["reshape"] = "reshape"
    takes = ("...",)

    shape: tuple[Whole, ...]

    def emit(self, a: Axes) -> Facts:
        given: Shape = self.shape
        inferred = [i for i, size in enumerate(given) if size == -1]
        if len(inferred) > 1:
            raise Refused(f"shape {shown(given)} leaves {len(inferred)} sizes open; at most one can be -1")
        known: Shape = tuple(size for size in given if size != -1)
        needs = [need for size in known for need in _positive(size)]
        if not inferred:
            return Facts(outs=(given,), view=True, needs=(*needs, *_equal(a.ins[0], given)))
        found, exact = _quotient(a.ins[0], known)
        out = (*given[: inferred[0]], found, *given[inferred[0] + 1 :])
        return Facts(outs=(out,), view=True, needs=(*needs, *exact))

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts, along the outermost of the axes that one is made of."""
        place = outer(cuts.ins[0], cuts.at, cuts.outs[0])
        if place is None or self.shape[place] == -1:
            return None if place is None else Shard((place,))
        return Shard((place,), {"shape": (*self.shape[:place], cuts.part(self.shape[place]), *self.shape[place + 1 :])})


class Flatten(Op):
    """Make one axis of several neighbours, as torch.nn.Flatten.

    Shapes:      (B, C, H, W) -> (B, C H W), a view; the axes from ``start_dim`` (1) to ``end_dim`` (-1) become one
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none; keeps nothing
    Source:      torch.nn.Flatten
    """

    op: Literal["flatten"] = "flatten"
    takes = ("...",)

    start_dim: Whole = 1
    end_dim: Whole = -1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        first, last = axis(self.start_dim, shape, "start_dim"), axis(self.end_dim, shape, "end_dim")
        if first > last:
            raise Refused(f"start_dim {self.start_dim} comes after end_dim {self.end_dim} in {shown(shape)}")
        return Facts(outs=((*shape[:first], numel(shape[first : last + 1]), *shape[last + 1 :]),), view=True)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts, where these are of the outermost axis of those that become one."""
        place = outer(cuts.ins[0], cuts.at, cuts.outs[0])
        return None if place is None else Shard((place,))


def _positive(size: Num) -> tuple[Need, ...]:
    """Return the conditions that a size is a positive integer."""
    number = constant(size)
    if number is None:
        return (AtLeast(size, 1),) if integral(size) else (AtLeast(size, 1), whole(size))
    if not isinstance(number, int) or number < 1:
        raise Refused(f"shape holds {size}; sizes are positive, and -1 stands for one to be found")
    return ()


def _equal(old: Shape, new: Shape) -> tuple[Need, ...]:
    gap = numel(old) - numel(new)
    if not gap:
        return ()
    if constant(gap) is not None:
        raise Refused(f"{shown(old)} has {numel(old)} elements, {shown(new)} has {numel(new)}")
    return (Equal(numel(old), numel(new)),)


def _quotient(old: Shape, known: Shape) -> tuple[Num, tuple[Need, ...]]:
    """Return the size that -1 stands for, and the condition that it is whole."""
    elements, rest = numel(old), numel(known)
    try:
        found = div(elements, rest)
    except NotExact:
        raise Refused(f"-1 in shape would be ({elements})/({rest}), which is not exact; write the size out") from None
    number = constant(found)
    if number is not None and not isinstance(number, int):
        raise Refused(f"{shown(old)} has {elements} elements, which {rest} does not divide")
    return found, () if integral(found) else (Divides(rest, elements),)


CASES = (
    Case({"shape": ["B", 2, "C", "H", "W"]}, ("B 2*C H W",), "B 2 C H W", op="reshape",
         source="the first step of a channel shuffle: Zhang et al. 2018, Figure 1"),
    Case({"shape": [-1, 16]}, ("2 8 4",), "4 16", op="reshape"),
    Case({"shape": ["B", -1, "E/h"]}, ("B T E",), "B T*h E/h", op="reshape", source="heads side by side"),
    Case({}, ("B 512 7 7",), "B 25088", op="flatten", source="VGG's, before its classifier"),
    Case({"start_dim": 2}, ("B E H W",), "B E H*W", op="flatten", source="patches: Dosovitskiy et al. 2021"),
    Case({"start_dim": -3, "end_dim": -2}, ("2 3 4 5",), "2 12 5", op="flatten"),
)  # fmt: skip
