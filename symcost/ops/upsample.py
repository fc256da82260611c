"""Resampling to another grid."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from symcost.algebra.extent import floor
from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.adaptive_pool import cells_read
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Shape, Work, numel
from symcost.ops.fields import Flag, Real, Sizes
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import spread
from symcost.ops.work import times

AXES = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
TAPS = {"linear": 2, "bilinear": 2, "bicubic": 4, "trilinear": 2}


class Upsample(Op):
    """Resample to a finer or a coarser grid, as torch.nn.Upsample.

    Shapes:      (B, C, H, W) -> (B, C, H', W'), H' = floor(r H) with ``scale_factor`` r, or ``size``; one for all axes
                 after the channels or one for each. torch multiplies in floating point, here r is exact
    Weights:     none
    MACs:        none
    Elementwise: for each output: nearest and nearest-exact copy, no work. The linear modes and bicubic read t**n cells,
                 t (2, bicubic 4) on each of n axes, and sum them up with weights along one axis after the other,
                 which takes t + ... + t**n mul and t**n - 1 add: linear 2 and 1, bilinear 6 and 3, trilinear 14 and 7,
                 bicubic 20 and 15. The weights depend on settings alone. area is adaptive average pooling: add 1 for
                 each cell read but one, and div 1, for each output
    Backward:    the transpose: as many mul, and add t**n for each output, into the cells that were read; nearest add 1;
                 keeps nothing. area as adaptive average pooling: div 1 for each output, add 1 for each cell read; keeps
                 the input, as torch does
    Source:      torch.nn.Upsample and ATen/native/UpSample.h; Keys 1981 for bicubic
    """

    op: Literal["upsample"] = "upsample"
    takes = ("B C ... W",)
    apart = "C"

    scale_factor: Real | tuple[Real, ...] | None = None
    size: Sizes | None = None
    mode: Literal["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"] = "nearest"
    align_corners: Flag | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.scale_factor is None) == (self.size is None):
            raise PydanticCustomError("upsample", "give scale_factor or size, and not both")
        return self

    def emit(self, a: Axes) -> Facts:
        sizes = a.ins[0][2:]
        if AXES.get(self.mode, len(sizes)) != len(sizes):
            raise Refused(f"mode {self.mode} takes {AXES[self.mode]} axes after the channels, got {len(sizes)}")
        grid, needs = self._grid(sizes)
        out = (a.B, a.C, *grid)
        if self.mode == "area":
            return _means(out, a.B * a.C * numel(tuple(map(cells_read, sizes, grid))), needs)
        work, back = interpolation(self.mode, len(sizes))
        return Facts(outs=(out,), work=times(numel(out), work), grad_input=times(numel(out), back), needs=needs)

    def _grid(self, sizes: Shape) -> tuple[Shape, tuple[Need, ...]]:
        if self.size is not None:
            return spread(self.size, len(sizes), "size"), ()
        grid = tuple(map(_scaled, sizes, spread(self.scale_factor, len(sizes), "scale_factor")))
        return grid, tuple(AtLeast(size, 1) for size in grid)


def interpolation(mode: str, axes: int) -> tuple[Work, Work]:
    """Return the work of one output and of its gradient."""
    taps = TAPS.get(mode, 1)
    if taps == 1:
        return {}, {"add": 1}
    products = sum(taps**i for i in range(1, axes + 1))
    return {"mul": products, "add": taps**axes - 1}, {"mul": products, "add": taps**axes}


def _means(out: Shape, cells: Num, needs: tuple[Need, ...]) -> Facts:
    return Facts(
        outs=(out,),
        work={"add": cells - numel(out), "div": numel(out)},
        grad_input={"add": cells, "div": numel(out)},
        keeps=(INPUT,),
        taps=cells,
        needs=needs,
    )


def _scaled(size: Num, scale: Num) -> Num:
    out = floor(size * scale)
    number = constant(out)
    if number is not None and number < 1:
        raise Refused(f"scale_factor {scale} leaves nothing of {size}")
    return out


CASES = (
    Case({"scale_factor": 2}, ("B C H W",), "B C 2*H 2*W", source="YOLOv3's: copies, no work"),
    Case({"scale_factor": 2, "mode": "bilinear"}, ("B C H W",), "B C 2*H 2*W",
         work={"mul": "24*B*C*H*W", "add": "12*B*C*H*W"}, source="a U-Net's, in place of a transposed convolution"),
    Case({"scale_factor": 2.7, "mode": "bilinear"}, ("2 3 9 21",), "2 3 24 56", work={"mul": 48384, "add": 24192},
         source="floor(9 27/10) = 24"),
    Case({"size": [7, "W"], "mode": "bicubic"}, ("1 2 H W",), "1 2 7 W", work={"mul": "280*W", "add": "210*W"},
         source="position embeddings to another grid"),
    Case({"scale_factor": "1/2", "mode": "linear"}, ("B C W",), "B C floor(W/2)",
         work={"mul": "2*B*C*floor(W/2)", "add": "B*C*floor(W/2)"}),
    Case({"scale_factor": [1, 2, 2], "mode": "trilinear"}, ("1 2 3 4 5",), "1 2 3 8 10",
         work={"mul": 6720, "add": 3360}, source="a clip, frames kept"),
    Case({"size": 4, "mode": "area"}, ("1 2 10",), "1 2 4", work={"add": 16, "div": 8},
         source="12 cells read for 4 means"),
    Case({"size": [5, 5], "mode": "nearest-exact"}, ("B C H W",), "B C 5 5"),
)  # fmt: skip
