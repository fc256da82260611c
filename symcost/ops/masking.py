"""Which pairs of query and key a mask leaves."""

from symcost.algebra.division import div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num


def discarded(queries: Num, keys: Num, window: Num = 0) -> Num:
    """Return how many pairs a causal mask discards, of T queries that are the last of S tokens.

    The query that is the r-th of all tokens, S - T < r <= S, sees min(r, w) keys: itself and those before it, w in all
    at most with a window (0 is none). Of the others T(T - 1)/2 come later, and r - w are too far back for r beyond w.
    """
    later = _up_to(queries - 1)
    if window == 0:
        return later
    return later + _up_to(_above(keys - window)) - _up_to(_above(keys - queries - window))


def _up_to(n: Num) -> Num:
    """Return 1 + 2 + ... + n."""
    return div(n * (n + 1), 2)


def _above(n: Num) -> Num:
    return maximum((0, n), None)
