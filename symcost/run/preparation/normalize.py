"""Subtract a mean and divide by a deviation that are known."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Subtract and divide, once for every number."""
    n = data.rows * data.columns
    return {"add": n, "div": n}


STEP = Preparation(
    "normalize",
    "(x - mean)/deviation with constants that are known, as torchvision's Normalize with ImageNet's: 2 N D",
    "torchvision.transforms.functional.normalize",
    _work,
    growth="N*D",
)
