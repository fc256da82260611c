"""Bring images to one size."""

from symcost.ops.facts import Work
from symcost.ops.upsample import interpolation
from symcost.ops.work import times
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Interpolate bilinearly between four pixels, one axis after the other: mul 6 and add 3 for each result."""
    return times(data.rows * data.columns, interpolation("bilinear", 2)[0])


STEP = Preparation(
    "resize",
    "bilinear interpolation between four pixels without antialiasing; D is of the size that images are brought to",
    "torchvision.transforms.Resize; the law of the op upsample",
    _work,
    growth="N*D",
    moves=lambda data: data.rows * data.columns,
    every_epoch=True,
)
