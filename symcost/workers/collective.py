"""Collectives: what n workers do together with S bytes, each by one of several algorithms.

An algorithm is two numbers in n: a factor of S, the bytes that pass one after the other through the busiest link, and
steps, the messages that wait for each other. Its time is factor S/W + steps latency, for links of W bytes/s in both
directions at once: the model of Thakur et al. 2005, section 3, without the arithmetic of reductions.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcost.algebra.division import div
from symcost.algebra.poly import Num, substitute, symbol, symbols_of
from symcost.errors import UsageError
from symcost.workers.logarithm import ceil_log2, is_power_of_two

N, SERVERS, ROUNDS = symbol("n"), symbol("servers"), symbol("rounds")
"""What factors and steps are written in: workers, servers of parameters, and ceil(log2 n) rounds of doubling."""

COLLECTIVES = {
    "all_reduce": "S bytes at each worker are added up over all, and known to all",
    "reduce_scatter": "S bytes at each worker are added up over all, and each gets an n-th part of the sum",
    "all_gather": "an n-th part of S bytes at each worker is made known to all",
    "broadcast": "S bytes of one worker are made known to all",
    "all_to_all": "of S bytes at each worker, every other gets its own n-th part",
    "point_to_point": "S bytes of one worker are given to another",
}
"""Every collective, and what S is; so does the performance page of nccl-tests measure it."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One way to run a collective.

    Attributes:
        collective: what is done.
        name: how.
        factor: of S, the bytes that pass one after the other through the busiest link.
        steps: messages that wait for each other.
        source: who says so.
        own: of S, the bytes that pass through a worker's link, where the busiest is not a worker's.
        doubling: whether it is for 2**k workers only.
    """

    collective: str
    name: str
    factor: Num
    steps: Num
    source: str
    own: Num | None = None
    doubling: bool = False

    def bytes_moved(self, size: Num, n: Num) -> Num:
        """Return the bytes that pass through the link of the busiest of n workers, of S bytes.

        Raises:
            UsageError: it is not for this number of workers.
        """
        return self._of(self.factor if self.own is None else self.own, n, 1) * size

    def seconds(self, size: Num, n: Num, bandwidth: Num, latency: Num, servers: Num = 1) -> Num:
        """Return the seconds that S bytes take among n workers.

        Args:
            size: S in bytes.
            n: workers.
            bandwidth: bytes/s of a link, in each direction.
            latency: seconds until a message begins to arrive.
            servers: how many share the parameters, where there are any.

        Raises:
            UsageError: it is not for this number of workers.
        """
        return div(self._of(self.factor, n, servers) * size, bandwidth) + self._of(self.steps, n, servers) * latency

    def _of(self, law: Num, n: Num, servers: Num) -> Num:
        """Return a factor or a number of steps for n workers; one alone has nobody to talk to."""
        if n == 1:
            return 0
        if self.doubling and not is_power_of_two(n):
            raise UsageError(f"{self.collective} by {self.name} is for 2**k workers, got {n}")
        values: dict[str, Num] = {"n": n, "servers": servers}
        return substitute(law, {**values, "rounds": ceil_log2(n)} if "rounds" in symbols_of(law) else values)
