"""Bring every column to [0, 1]."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Find least and greatest of a column in N - 1 comparisons each, their difference, and scale N numbers."""
    N, D = data.rows, data.columns
    return {"compare": 2 * D * (N - 1), "add": D * (N + 1), "div": N * D}


STEP = Preparation(
    "min_max",
    "(x - least)/(greatest - least), least and greatest found in the data",
    "sklearn.preprocessing.MinMaxScaler",
    _work,
    growth="N*D",
)
