"""Cut words into tokens by byte pair encoding."""

from symcost.algebra.division import div
from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Look for the best pair of a word of D characters again after every merge, at most D - 1 times.

    k tokens have k - 1 pairs, each looked up and compared with the best so far: D - 1, D - 2, ..., 1 comparisons while
    all are merged one after another.
    """
    D = data.columns
    return {"compare": data.rows * div(D * (D - 1), 2)}


STEP = Preparation(
    "tokenize",
    "byte pair encoding of N words of D characters, the plain loop over pairs: at most quadratic in a word's length",
    "Sennrich, Haddow and Birch 2016, algorithm 1; the bpe function of GPT-2's encoder.py",
    _work,
    growth="N*D**2",
    at_most=True,
)
