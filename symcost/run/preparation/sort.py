"""Sort rows by a key."""

from symcost.algebra.poly import Num, constant, terms_of
from symcost.algebra.power import Power
from symcost.errors import NoAnswer
from symcost.ops.facts import Work
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Count merge sort's comparisons at worst: W(N) = W(floor(N/2)) + W(ceil(N/2)) + N - 1, W(1) = 0.

    Its solution is N l - 2**l + 1 with l = ceil(log2 N). No sort by comparisons does with fewer than ceil(log2 N!).
    """
    N = data.rows
    levels, power = _levels(N)
    return {"compare": N * levels - power + 1}


def _levels(rows: Num) -> tuple[Num, Num]:
    """Return ceil(log2 N) and 2 to it.

    Raises:
        NoAnswer: N is neither a number nor a power of 2.
    """
    number = constant(rows)
    if number is not None:
        levels = (int(number) - 1).bit_length()
        return levels, 1 << levels
    (monomial, c), *more = terms_of(rows).items()
    (atom, exponent), *others = monomial
    twice = _twice(c)
    if more or others or twice is None or not isinstance(atom, Power) or atom.base != 2:
        raise NoAnswer(
            f"preparation 'sort': N log N of {rows} rows has no formula; give the rows as a number, or as 2**m"
        )
    return atom.exponent * exponent + twice, rows


def _twice(c: object) -> int | None:
    """Return how often 2 divides a power of 2; None for any other factor."""
    return c.bit_length() - 1 if isinstance(c, int) and c > 0 and c & (c - 1) == 0 else None


def least(rows: int) -> int:
    """Return the comparisons that every sort needs for some order of N rows: ceil(log2 N!)."""
    orders = 1
    for row in range(2, rows + 1):
        orders *= row
    return (orders - 1).bit_length()


STEP = Preparation(
    "sort",
    "merge sort by one key, at worst; then rows are put in order",
    "Knuth, The Art of Computer Programming 3, 5.2.4 and 5.3.1",
    _work,
    growth="N*log(N)",
    moves=lambda data: data.rows * data.columns,
    at_most=True,
)
