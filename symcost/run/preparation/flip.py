"""Mirror images at random."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Draw a number for each image and compare it with the probability."""
    return {"random": data.rows, "compare": data.rows}


STEP = Preparation(
    "flip",
    "each image is drawn and perhaps mirrored, which writes all of it",
    "torchvision.transforms.RandomHorizontalFlip",
    _work,
    growth="N*D",
    moves=lambda data: data.rows * data.columns,
    every_epoch=True,
    at_most=True,
)
