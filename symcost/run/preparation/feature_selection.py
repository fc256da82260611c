"""Drop columns that are correlated with others."""

from symcost.algebra.division import div
from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Centre and scale the columns, then multiply every pair.

    For each column: the mean, N - 1 additions and a division; N differences; its product with itself, N MACs, and a
    root; N divisions. For each of the D (D - 1)/2 pairs: a product, N MACs, and a comparison with the threshold.
    """
    N, D = data.rows, data.columns
    pairs = div(D * (D - 1), 2)
    return {"mac": N * D + N * pairs, "add": D * (2 * N - 1), "div": D * (N + 1), "sqrt": D, "compare": pairs}


STEP = Preparation(
    "feature_selection",
    "Pearson's correlation of every pair of columns, compared with a threshold: quadratic in columns, not in rows",
    "Pearson 1895; pandas.DataFrame.corr",
    _work,
    growth="N*D**2",
)
