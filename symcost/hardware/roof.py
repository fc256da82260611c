"""The roofline: what takes longer, computing or moving.

A kernel of F operations that moves Q bytes takes at least F/R at R operations a second, and at least Q/W at W bytes a
second; where both go on at once it takes the greater of the two (Williams et al. 2009, section 3). It is bound by
computing where its intensity F/Q is not below the ridge R/W.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import NamedTuple

from symcost.algebra.atoms import Box, Number, exact
from symcost.algebra.division import div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num
from symcost.errors import NoAnswer


class Roof(NamedTuple):
    """What a device does in a second, of what it could.

    Attributes:
        flops: operations.
        bandwidth: bytes moved to and from memory.
    """

    flops: Num
    bandwidth: Num

    def computing(self, work: Num) -> Num:
        """Return the seconds that operations take: F/R."""
        return div(work, self.flops)

    def moving(self, size: Num) -> Num:
        """Return the seconds that bytes take: Q/W."""
        return div(size, self.bandwidth)

    def seconds(self, work: Num, size: Num, box: Box | None = None) -> Num:
        """Return the seconds of one kernel: the greater of F/R and Q/W, as one of them where that is proved.

        Args:
            work: F, operations.
            size: Q, bytes.
            box: ranges of the symbols.
        """
        return maximum((self.computing(work), self.moving(size)), box)


def balance(ridge: Number, k: Number, n: Number) -> Number:
    """Return the batch b at which a (b x k)(k x n) product in 2-byte numbers takes as long to compute as to move.

    It does 2 b k n operations and moves 2 (b k + k n + b n) bytes, so with r operations a byte at the ridge
    b = r k n/(k n - r (k + n)): Austin et al. 2025 (How to Scale Your Model), "Rooflines", where b is small beside k
    and n and is r.

    Raises:
        NoAnswer: k and n are so small that no batch is bound by computing: k n <= r (k + n).
    """
    rest = Fraction(k) * n - Fraction(ridge) * (k + n)
    if rest <= 0:
        short = f"no batch of a product with a {k} x {n} matrix is bound by computing"
        raise NoAnswer(f"{short}: its bytes are more than {float(ridge):.4g} operations each make up for")
    return exact(Fraction(ridge) * k * n / rest)


def critical_batch(ridge: Number, k: Number, n: Number) -> int:
    """Return the least whole batch b whose (b x k)(k x n) product is bound by computing.

    Raises:
        NoAnswer: as for ``balance``.
    """
    return -floor(-Fraction(balance(ridge, k, n)))
