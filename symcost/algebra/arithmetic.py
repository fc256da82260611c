"""What the operators and functions of expressions do to values, with every result kept small.

A few hundred characters can ask for more terms, digits or powers than any machine has. Each operation here
checks before it multiplies, and refuses a result that no size of a network reaches.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor as floor_of_number
from math import isqrt
from typing import NamedTuple, TypeAlias

from symcost.algebra.atoms import Box, exact
from symcost.algebra.division import div
from symcost.algebra.extent import ceil, floor, floor_div, integral
from symcost.algebra.maximum import maximum, minimum
from symcost.algebra.order import compare
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, constant, simplest, terms_of
from symcost.algebra.power import LARGEST_BASE, TooLarge, raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.algebra.tokens import ExprError

Value: TypeAlias = Num | bool

LARGEST = 10**60
MAX_TERMS = 10_000
MAX_PRODUCTS = 20_000
MAX_LONG_DIVISION = 100
MAX_POWER = 64
MAX_DEGREE = 256
MAX_ATOM_LENGTH = 4000


def number(value: Value) -> Num:
    """Return a value that must be a number."""
    if value is True or value is False:
        raise ExprError(f"takes a number, got {truth_text(value)}")
    return value


def truth(value: Value) -> bool:
    """Return a value that must be true or false."""
    if value is True or value is False:
        return value
    raise ExprError("takes true or false, got a number; compare it, as in n > 0")


def truth_text(value: bool) -> str:
    """Return true or false as a spec writes it."""
    return "true" if value else "false"


def small(value: Num) -> Num:
    """Return a result in its simplest form, if it is one that a network can have.

    Raises:
        ExprError: a number above 10**60, more than 10,000 terms, or a power above 256.
    """
    if type(value) is int:
        return _small_int(value)
    value = simplest(value)
    if not isinstance(value, Poly):
        _small_int(value.numerator)
        _small_int(value.denominator)
        return value
    if len(value.terms) > MAX_TERMS:
        raise ExprError(f"the result has more than {MAX_TERMS:,} terms")
    for monomial, coefficient in value.terms.items():
        _small_int(coefficient.numerator)
        _small_int(coefficient.denominator)
        _small_monomial(monomial)
    return value


def _small_int(value: int) -> int:
    if -LARGEST <= value <= LARGEST:
        return value
    raise ExprError("the result is above 10**60")


def _small_monomial(monomial: Monomial) -> None:
    for atom, exponent in monomial:
        if abs(exponent) > MAX_DEGREE:
            raise ExprError(f"the result has a power above {MAX_DEGREE}")
        if len(atom.key[1]) > MAX_ATOM_LENGTH:
            raise ExprError(f"the result has a rounding of more than {MAX_ATOM_LENGTH:,} characters")


def add(a: Value, b: Value) -> Num:
    """Return a + b."""
    return small(number(a) + number(b))


def subtract(a: Value, b: Value) -> Num:
    """Return a - b."""
    return small(number(a) - number(b))


def multiply(a: Value, b: Value) -> Num:
    """Return a b."""
    a, b = number(a), number(b)
    if isinstance(a, Poly) and isinstance(b, Poly) and len(a.terms) * len(b.terms) > MAX_PRODUCTS:
        raise ExprError(f"multiplying out {len(a.terms):,} by {len(b.terms):,} terms is too long")
    return small(a * b)


def divide(a: Value, b: Value) -> Num:
    """Return a / b, exactly."""
    return small(_quotient(number(a), number(b)))


def floor_divide(a: Value, b: Value) -> Num:
    """Return floor(a / b)."""
    a, b = number(a), number(b)
    if isinstance(b, int) and b > 0:
        return small(floor_div(a, b))
    return small(floor(_quotient(a, b)))


def _quotient(a: Num, b: Num) -> Num:
    if isinstance(b, Poly) and len(b.terms) > 1 and len(terms_of(a)) + len(b.terms) > MAX_LONG_DIVISION:
        raise ExprError(f"dividing sums of more than {MAX_LONG_DIVISION} terms is too long")
    try:
        return div(a, b)
    except NotExact:
        raise ExprError("the division leaves a rest; divide by a number or by a single product") from None


def remainder(a: Value, b: Value) -> Num:
    """Return a - b floor(a / b) of plain numbers."""
    x, y = constant(number(a)), constant(number(b))
    if x is None or y is None:
        raise ExprError("'%' takes plain numbers, and this depends on a symbol; write a - b*(a // b)")
    if not y:
        raise ExprError("division by zero")
    return small(exact(x % y))


def power(a: Value, b: Value) -> Num:
    """Return a ** b for an exponent from 0 to 64, multiplying out in small steps, or of a plain number for a size."""
    base, exponent = number(a), constant(number(b))
    if exponent is None:
        return _power_in_sizes(base, number(b))
    if not isinstance(exponent, int) or not 0 <= exponent <= MAX_POWER:
        raise ExprError(f"an exponent is a whole number from 0 to {MAX_POWER}, got {_shown(b)}")
    if not isinstance(base, Poly) or len(base.terms) == 1:
        return small(base**exponent)
    result: Num = 1
    for bit in f"{exponent:b}":
        result = multiply(result, result)
        if bit == "1":
            result = multiply(result, base)
    return result


def _power_in_sizes(a: Num, exponent: Num) -> Num:
    base = constant(a)
    if base is None:
        raise ExprError(
            "a power with a symbol in its exponent takes a plain number as base, got an expression in symbols"
        )
    if not 0 < base <= LARGEST_BASE or Fraction(base).denominator > LARGEST_BASE:
        raise ExprError(f"a base with a symbol in its exponent is above 0 and at most {LARGEST_BASE:,}, got {base}")
    if any(abs(Fraction(c)) > MAX_DEGREE for c in terms_of(exponent).values()):
        raise ExprError(f"an exponent in symbols has no number above {MAX_DEGREE}")
    try:
        return small(raised(base, exponent))
    except (NotExact, TooLarge) as error:
        raise ExprError(str(error)) from None


def negative(a: Value) -> Num:
    """Return -a."""
    return -number(a)


def relate(relation: str, a: Value, b: Value, box: Box) -> bool:
    """Decide ``a relation b``."""
    if isinstance(a, bool) and isinstance(b, bool) and relation in {"==", "!="}:
        return (a is b) == (relation == "==")
    return compare(relation, number(a), number(b), box)


class Function(NamedTuple):
    """A function of expressions, and how many values it takes."""

    call: Callable[[list[Num], Box], Num]
    fewest: int
    most: int

    def arity(self) -> str:
        """Return how many values it takes, in words."""
        span = str(self.most) if self.fewest == self.most else f"{self.fewest} to {self.most}"
        return f"{span} value{'s' * (self.most > 1)}"


def _make_divisible(args: list[Num], _: Box) -> Num:
    return make_divisible(args[0], *(_plain(arg, "make_divisible") for arg in args[1:]))


def _gcd(args: list[Num], _: Box) -> Num:
    a, b = sorted(args, key=lambda arg: not isinstance(arg, Poly))
    if not integral(a):
        raise ExprError(f"gcd takes whole numbers, got {_shown(a)}")
    return gcd(a, _plain(b, "gcd"))


def _isqrt(args: list[Num], _: Box) -> Num:
    value = constant(args[0])
    if value is None or value < 0:
        raise ExprError(f"isqrt takes a plain number of at least 0 here, got {_shown(args[0])}")
    return isqrt(floor_of_number(value))


def _plain(x: Num, function: str) -> int:
    value = constant(x)
    if not isinstance(value, int) or value < 1:
        raise ExprError(f"{function} takes a plain whole number of at least 1 here, got {_shown(x)}")
    return value


def _shown(x: Value) -> str:
    if isinstance(x, Fraction | int | bool):
        return truth_text(x) if isinstance(x, bool) else str(x)
    return "an expression in symbols"


FUNCTIONS: dict[str, Function] = {
    "floor": Function(lambda args, _: floor(args[0]), 1, 1),
    "ceil": Function(lambda args, _: ceil(args[0]), 1, 1),
    "min": Function(minimum, 2, 16),
    "max": Function(maximum, 2, 16),
    "make_divisible": Function(_make_divisible, 2, 3),
    "gcd": Function(_gcd, 2, 2),
    "isqrt": Function(_isqrt, 1, 1),
}
