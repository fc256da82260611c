"""Cut a part at a random place out of images."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Draw two offsets for each image."""
    return {"random": 2 * data.rows}


STEP = Preparation(
    "crop",
    "two offsets are drawn for each image; D is what is left of it",
    "torchvision.transforms.RandomCrop",
    _work,
    growth="N*D",
    moves=lambda data: data.rows * data.columns,
    every_epoch=True,
)
