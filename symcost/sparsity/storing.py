"""What a matrix takes in memory, by the way it is stored: bits as a formula in its nonzeros."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from symcost.algebra.division import div
from symcost.algebra.poly import Num, substitute, symbol
from symcost.defined import defined_in


@dataclass(frozen=True)
class Matrix:
    """A matrix with zeros.

    Attributes:
        rows: how many there are.
        columns: numbers in each.
        nonzeros: numbers that are not zero, in all rows.
        value: bits of a number.
        index: bits of the place of one.
    """

    rows: Num
    columns: Num
    nonzeros: Num
    value: Num = 32
    index: Num = 32

    @property
    def numbers(self) -> Num:
        """All numbers, zeros included."""
        return self.rows * self.columns


@dataclass(frozen=True)
class Storage:
    """A way to store a matrix.

    Attributes:
        name: what it is asked for by.
        about: one line.
        source: where it is described.
        bits: what a matrix takes.
        density: the share of nonzeros that it can hold; None for any.
    """

    name: str
    about: str
    source: str
    bits: Callable[[Matrix], Num]
    density: Num | None = None


@cache
def storages() -> dict[str, Storage]:
    """Return every way by name: each is a file of ``symcost.sparsity.storage``."""
    from symcost.sparsity import storage as package

    return {found.name: found for found in defined_in(package, "STORAGE")}


def break_even(storage: Storage, rows: Num, columns: Num, value: Num = 32, index: Num = 32) -> Num | None:
    """Return the share of nonzeros at which a way takes what a dense matrix does: below it, it takes less.

    Bits rise with nonzeros in a straight line, a + b n, so it is (dense - a)/b over all numbers. None where they do not
    depend on how many there are.

    Raises:
        NotExact: b is no product, so the share has no exact formula.
    """
    n = symbol("nonzeros")
    bits = storage.bits(Matrix(rows, columns, n, value, index))
    none, one = (substitute(bits, {"nonzeros": count}) for count in (0, 1))
    if one == none:
        return None
    numbers = rows * columns
    return div(div(numbers * value - none, one - none), numbers)
