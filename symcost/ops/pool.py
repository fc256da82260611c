"""What poolings with a sliding window share."""

from typing import Any, ClassVar, NamedTuple

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num
from symcost.ops.facts import Shape, numel
from symcost.ops.fields import Flag, Sizes, also
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import fits, fixed, same, sides, slide, slide_up, spread


class Windows(NamedTuple):
    """Where the windows of a pooling stand: the output, the cells of one window, the conditions."""

    out: Shape
    cells: Num
    needs: tuple[Need, ...]


class Pool(Op):
    """A window that slides over each channel by itself; the subclasses say what they make of its cells."""

    axes: ClassVar[int]
    apart = "C"

    kernel_size: Sizes = also("kernel_size", "kernel")
    stride: Sizes | None = None
    ceil_mode: Flag = False

    def windows(self, a: Axes, padding: Any = 0, dilation: Any = 1) -> Windows:
        """Return where the windows stand; ``stride`` is the kernel unless given."""
        kernel = spread(self.kernel_size, self.axes, "kernel_size")
        stride = kernel if self.stride is None else spread(self.stride, self.axes, "stride")
        sizes = a.ins[0][2:]
        if padding == "same":
            return Windows((a.B, a.C, *map(same, sizes, stride)), numel(kernel), ())
        pads, dilations = sides(padding, self.axes), spread(dilation, self.axes, "dilation")
        grid = tuple(map(slide_up if self.ceil_mode else slide, sizes, kernel, stride, pads, dilations))
        over = [fixed(s, "stride") - 1 if self.ceil_mode else 0 for s in stride]
        needs = (*map(_half, kernel, pads), *map(fits, sizes, kernel, pads, dilations, over))
        return Windows((a.B, a.C, *grid), numel(kernel), needs)


def _half(kernel: Num, pads: tuple[Num, Num]) -> Need:
    """Return torch's condition that padding is at most half of the kernel."""
    need = AtLeast(kernel - 2 * pads[0], 0)
    if need.decide({}) is False:
        raise Refused(f"padding {pads[0]} is more than half of kernel_size {kernel}; write a pad before it")
    return need
