"""Write categories as vectors with a single 1."""

from symcost.algebra.poly import Num
from symcost.errors import UsageError
from symcost.run.preparing import Data, Preparation


def _moves(data: Data) -> Num:
    if data.categories is None:
        raise UsageError("preparation 'one_hot' asks how many values a column takes; say categories=K")
    return data.rows * data.columns * data.categories


STEP = Preparation(
    "one_hot",
    "K numbers are written for each of D columns; no arithmetic",
    "torch.nn.functional.one_hot",
    lambda _: {},
    growth="N*D*K",
    moves=_moves,
)
