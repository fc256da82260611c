"""Put a constant in the place of what is missing."""

from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Ask of every number whether it is missing."""
    return {"compare": data.rows * data.columns}


STEP = Preparation(
    "fill_missing",
    "every number is looked at, and a constant known before is put where one is missing",
    "sklearn.impute.SimpleImputer(strategy='constant')",
    _work,
    growth="N*D",
)
