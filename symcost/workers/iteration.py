"""Iterations over the same data on many workers: from disk each time, or from memory.

MapReduce reads its input from disk for every iteration (Dean and Ghemawat 2004, section 3.1); resilient distributed
data sets read it once and keep it in memory (Zaharia et al. 2012, section 6.1). Between map and reduce each worker
sends to every other its part of what was mapped, all but its own part over the network.
"""

from symcost.algebra.atoms import Number
from symcost.algebra.division import div
from symcost.algebra.poly import Num
from symcost.errors import NoAnswer


def from_disk(data: Num, iterations: Num, disk: Num) -> Num:
    """Return the seconds for I iterations over N bytes that are on a disk of W bytes/s: I N/W."""
    return div(iterations * data, disk)


def in_memory(data: Num, iterations: Num, disk: Num, memory: Num) -> Num:
    """Return the seconds where the first reads from disk, and all from memory: N/W_disk + I N/W_memory."""
    return div(data, disk) + div(iterations * data, memory)


def shuffled(data: Num, workers: Num) -> Num:
    """Return the bytes of S that go over the network between map and reduce: S (n - 1)/n."""
    return data - div(data, workers)


def pays_from(disk: Number, memory: Number) -> int:
    """Return the least number of iterations for which memory is faster than disk, however much data there is.

    I N/W_disk > N/W_disk + I N/W_memory where I > W_memory/(W_memory - W_disk).

    Raises:
        NoAnswer: memory is not faster than disk.
    """
    if memory <= disk:
        raise NoAnswer(f"memory of {memory} bytes/s is no faster than a disk of {disk}; no iterations pay")
    return int(memory // (memory - disk)) + 1
