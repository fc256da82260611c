"""Give every column mean 0 and variance 1, with statistics found in the data."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Count two passes, of which the second works on what is centred already.

    For each column: the mean, N - 1 additions and a division; N differences, which are kept; their N squares, N - 1
    additions and a division for the variance; its root; N divisions. The last differences and divisions, 2 N D, are
    what ``normalize`` does.
    """
    N, D = data.rows, data.columns
    return {"add": D * (3 * N - 2), "mul": N * D, "div": D * (N + 2), "sqrt": D}


STEP = Preparation(
    "standardize",
    "mean and variance of every column are found, then subtracted and divided by",
    "two-pass variance (Chan, Golub and LeVeque 1983); sklearn.preprocessing.StandardScaler",
    _work,
    growth="N*D",
)
