"""Compare numbers of the domain, where the answer is the same for every value of the symbols."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symcost.algebra.atoms import Box, Number
from symcost.algebra.poly import Num, Poly, symbols_of
from symcost.algebra.printing import text
from symcost.algebra.ranges import EXPANDED_TERMS, bounds, expanded_terms, lower_bound
from symcost.algebra.tokens import ExprError
from symcost.errors import quoted


class Undecided(ExprError):
    """A comparison holds for some values of the symbols and fails for others, or is not proved either way."""


def compare(relation: str, a: Num, b: Num, box: Box) -> bool:
    """Decide ``a relation b`` for all symbols in their ranges; relation is one of ``== != < <= > >=``.

    Raises:
        Undecided: neither the relation nor its contrary is proved.
    """
    answer = _PROOFS[relation](a - b, box)
    if answer is None:
        names = ", ".join(sorted(symbols_of(a - b)))
        asked = f"{_short(a)} {relation} {_short(b)}"
        way_out = f"fix {names} to decide it, by a value or by kind: constant"
        raise Undecided(f"cannot decide {asked} for every value of {names}; {way_out}")
    return answer


def _equal(difference: Num, box: Box) -> bool | None:
    if not isinstance(difference, Poly) or not difference:
        return difference == 0
    return False if _low(difference, box) > 0 or _low(-difference, box) > 0 else None


def _positive(difference: Num, box: Box) -> bool | None:
    if _low(difference, box) > 0:
        return True
    return False if _low(-difference, box) >= 0 else None


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


_PROOFS: dict[str, Callable[[Num, Box], bool | None]] = {
    "==": _equal,
    "!=": lambda difference, box: _not(_equal(difference, box)),
    ">": _positive,
    "<": lambda difference, box: _positive(-difference, box),
    ">=": lambda difference, box: _not(_positive(-difference, box)),
    "<=": lambda difference, box: _not(_positive(difference, box)),
}


def _low(x: Num, box: Box) -> Number | float:
    """Return a lower bound of x, minus infinity where none is known."""
    if isinstance(x, (int, Fraction)):
        return x
    size = expanded_terms(x)
    low = lower_bound(x, box) if size <= EXPANDED_TERMS else bounds(x, box)[0]
    return float("-inf") if low is None else low


def _short(x: Num) -> str:
    return quoted(text(x))[1:-1]
