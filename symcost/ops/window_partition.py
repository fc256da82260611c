"""Cutting a map into windows for attention, and putting it together again."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.extent import ceil_div
from symcost.algebra.maximum import minimum
from symcost.algebra.needs import Divides, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Amounts, Flag, Size, Sizes
from symcost.ops.op import NO_BOX, Axes, Op, Refused
from symcost.ops.window import fixed, spread


class _Windows(Op):
    """What partition and reverse share: how many windows there are on an axis, and how long they are."""

    window: Sizes
    shift: Amounts = 0
    pad: Flag = True
    clip: Flag = False
    grid: Flag = False

    def cut(self, sizes: Shape) -> tuple[Shape, Shape, tuple[Need, ...]]:
        """Return the number of windows and their length on each axis, and the conditions that they fill it."""
        lengths = tuple(fixed(w, "window") for w in spread(self.window, len(sizes), "window"))
        for w, s in zip(lengths, spread(self.shift, len(sizes), "shift"), strict=True):
            if constant(w - s) is not None and constant(w - s) < 1:  # type: ignore[operator]
                raise Refused(f"shift {s} is not below window {w}")
        if self.pad:
            counts = tuple(map(ceil_div, sizes, lengths))
            return counts, tuple(map(self._clipped, sizes, lengths)), ()
        for size, w in zip(sizes, lengths, strict=True):
            if Divides(w, size).decide({}) is False:
                raise Refused(f"window {w} does not divide {size}; pad: true fills it up")
        needs = tuple(Divides(w, size) for size, w in zip(sizes, lengths, strict=True))
        return tuple(map(div, sizes, lengths)), lengths, needs

    def _clipped(self, size: Num, length: int) -> Num:
        return minimum([size, length], NO_BOX) if self.clip and length > 1 else length


class WindowPartition(_Windows):
    """Cut a map into windows, each a sequence of tokens, as Swin's window_partition; not a layer of torch.

    Shapes:      (B, H, W, C) -> (B n, w_h w_w, C), a copy, in n = ceil(H/w_h) ceil(W/w_w) windows; one window size for
                 all axes between the first and the last or one for each, so clips (B, T, H, W, C) are cut too. H and W
                 are filled up with zeros below and to the right, or must be multiples without ``pad``; with ``clip`` an
                 axis shorter than the window is one window of its own length. ``shift`` rolls the map before, ``grid``
                 takes the tokens of a window evenly from the whole map: neither changes a size
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is moved back; keeps nothing
    Source:      Liu et al. 2021 (arXiv:2103.14030), section 3.2, padded as in torchvision; ``clip`` as Liu et al. 2022
                 (arXiv:2106.13230); ``grid`` is the grid attention of Tu et al. 2022 (arXiv:2204.01697), section 3.2
    """

    op: Literal["window_partition"] = "window_partition"
    takes = ("B ... C",)

    def emit(self, a: Axes) -> Facts:
        counts, lengths, needs = self.cut(a.rest)
        return Facts(outs=((a.B * numel(counts), numel(lengths), a.C),), needs=needs)


class WindowReverse(_Windows):
    """Put windows together to the map they were cut from, as Swin's window_reverse; not a layer of torch.

    Shapes:      (B n, w_h w_w, C) -> (B, H, W, C), a copy, with the H and W of ``size``; the other fields are those of
                 the partition, and what it had filled up is cut off
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is moved back; keeps nothing
    Source:      Liu et al. 2021 (arXiv:2103.14030), section 3.2, as in torchvision
    """

    op: Literal["window_reverse"] = "window_reverse"
    takes = ("N P C",)

    size: tuple[Size, ...]

    def emit(self, a: Axes) -> Facts:
        sizes: Shape = self.size
        counts, lengths, needs = self.cut(sizes)
        examples, windows = div(a.N, numel(counts)), numel(counts)
        if constant(a.P - numel(lengths)):
            raise Refused(f"a window has {numel(lengths)} places, got {a.P}")
        fits = (Divides(windows, a.N), Equal(a.P, numel(lengths)))
        return Facts(outs=((examples, *sizes, a.C),), needs=(*needs, *fits))


CASES = (
    Case({"window": 7}, ("B 56 56 96",), "64*B 49 96", op="window_partition", source="Swin's first stage"),
    Case({"window": 7, "shift": 3}, ("B H W C",), "B*ceil(H/7)*ceil(W/7) 49 C", op="window_partition",
         source="filled up to a multiple of 7"),
    Case({"window": 4, "pad": False, "grid": True}, ("B 4*H 4*W C",), "B*H*W 16 C", op="window_partition",
         source="MaxViT's grid"),
    Case({"window": [8, 7, 7], "clip": True}, ("2 4 9 5 3",), "4 140 3", op="window_partition",
         source="a clip of 4 frames: windows of 4, 7 and 5"),
    Case({"window": 7, "size": [56, 56]}, ("64*B 49 96",), "B 56 56 96", op="window_reverse"),
    Case({"window": 7, "shift": 3, "size": ["H", "W"]}, ("B*ceil(H/7)*ceil(W/7) 49 C",), "B H W C",
         op="window_reverse", source="what was filled up is cut off"),
    Case({"window": [8, 7, 7], "clip": True, "size": [4, 9, 5]}, ("4 140 3",), "2 4 9 5 3", op="window_reverse"),
)  # fmt: skip
