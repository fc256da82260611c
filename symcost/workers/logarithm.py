"""Logarithms of a number of workers, which trees and doublings take as many steps as."""

from symcost.algebra.poly import Num, constant, terms_of
from symcost.algebra.power import Power
from symcost.errors import UsageError


def ceil_log2(n: Num) -> Num:
    """Return ceil(log2 n), the rounds in which what one worker has reaches n; exact for a number and for 2**k.

    Raises:
        UsageError: n is a free size, of which the logarithm has no formula.
    """
    number = constant(n)
    if number is not None:
        if not isinstance(number, int) or number < 1:
            raise UsageError(f"a number of workers is whole and at least 1, got {number}")
        return (number - 1).bit_length()
    exponent = _exponent(n)
    if exponent is None:
        raise UsageError(f"ceil(log2({n})) has no formula; give a number of workers, or one such as 2**k")
    return exponent


def is_power_of_two(n: Num) -> bool:
    """Tell whether n is a power of two, by its form."""
    number = constant(n)
    if isinstance(number, int):
        return number >= 1 and number & (number - 1) == 0
    return _exponent(n) is not None


def _exponent(n: Num) -> Num | None:
    """Return k of 2**k, which may be written as 8 * 2**j."""
    match list(terms_of(n).items()):
        case [(monomial, int() as c)] if c > 0 and c & (c - 1) == 0:
            found: Num = c.bit_length() - 1
            for atom, exponent in monomial:
                if not isinstance(atom, Power) or atom.base != 2:
                    return None
                found = found + exponent * atom.exponent
            return found
    return None
