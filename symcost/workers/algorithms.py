"""Algorithms of collectives, a line of data each.

Factors and steps are the terms of beta and alpha in Thakur et al. 2005 (Optimization of collective communication
operations in MPICH); of rings, which Patarasu and Yuan 2009 prove to move the least bytes, they are also the factors by
which nccl-tests turns a collective's rate into that of a link.
"""

from fractions import Fraction

from symcost.errors import UsageError, did_you_mean, quoted
from symcost.workers.collective import COLLECTIVES, ROUNDS, SERVERS, Algorithm, N

PART = 1 - N**-1
"""(n - 1)/n, all but a worker's own part."""

THAKUR, PATARASU = "Thakur et al. 2005", "Patarasu and Yuan 2009"

ALGORITHMS = (
    Algorithm("all_reduce", "ring", 2 * PART, 2 * (N - 1), PATARASU),
    Algorithm("all_reduce", "tree", 2 * ROUNDS, 2 * ROUNDS, f"{THAKUR}: a binomial tree to one worker, and back"),
    Algorithm("all_reduce", "recursive_doubling", ROUNDS, ROUNDS, THAKUR, doubling=True),
    Algorithm("all_reduce", "halving_doubling", 2 * PART, 2 * ROUNDS, f"{THAKUR}: Rabenseifner's",
              doubling=True),
    Algorithm("all_reduce", "parameter_server", 2 * N * SERVERS**-1, 2,
              "Li et al. 2014: n workers send to servers, which then send to them", own=2),
    Algorithm("reduce_scatter", "ring", PART, N - 1, PATARASU),
    Algorithm("reduce_scatter", "recursive_halving", PART, ROUNDS, THAKUR, doubling=True),
    Algorithm("all_gather", "ring", PART, N - 1, PATARASU),
    Algorithm("all_gather", "recursive_doubling", PART, ROUNDS, THAKUR, doubling=True),
    Algorithm("all_gather", "bruck", PART, ROUNDS, THAKUR),
    Algorithm("broadcast", "tree", ROUNDS, ROUNDS, THAKUR),
    Algorithm("broadcast", "scatter_all_gather", 2 * PART, ROUNDS + N - 1, f"{THAKUR}: van de Geijn's",
              doubling=True),
    Algorithm("all_to_all", "pairwise", PART, N - 1, f"{THAKUR}, who count a worker's own part too: 1"),
    Algorithm("all_to_all", "bruck", ROUNDS * Fraction(1, 2), ROUNDS, THAKUR, doubling=True),
    Algorithm("point_to_point", "direct", 1, 1, "one message"),
)  # fmt: skip


def algorithm(collective: str, name: str = "") -> Algorithm:
    """Return an algorithm by name, by default the first of its collective.

    Raises:
        UsageError: there is no such collective, or no such way to run it.
    """
    if collective not in COLLECTIVES:
        raise UsageError(f"there is no collective {quoted(collective)}{did_you_mean(collective, COLLECTIVES)}")
    ways = {each.name: each for each in ALGORITHMS if each.collective == collective}
    if not name:
        return next(iter(ways.values()))
    if name not in ways:
        hint = did_you_mean(name, ways)
        raise UsageError(f"{collective} has no algorithm {quoted(name)}{hint}; known are {', '.join(ways)}")
    return ways[name]
