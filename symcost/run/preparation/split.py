"""Split rows into those for training and those for testing."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Draw a number for each row and compare it with the share."""
    return {"random": data.rows, "compare": data.rows}


STEP = Preparation(
    "split",
    "a number is drawn for each row and compared with the share; each row is written to one of two tables",
    "independent draws, as pandas users write df[random(len(df)) < share]",
    _work,
    growth="N*D",
    moves=lambda data: data.rows * data.columns,
)
