"""Put rows in a random order."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Draw a partner for every row but one."""
    return {"random": data.rows - 1}


STEP = Preparation(
    "shuffle",
    "a random permutation of N rows, which are then written in its order",
    "Fisher and Yates, by Durstenfeld 1964; torch.utils.data.RandomSampler",
    _work,
    growth="N*D",
    moves=lambda data: data.rows * data.columns,
    every_epoch=True,
)
