"""Numbers in columns: many points go through the plain interpreter at once, as long as they go the same way.

A column adds, divides and rounds point by point, in Python's own exact numbers. Where the interpreter asks whether
something holds, and it does for some points only, ``Split`` says for which; the caller goes on with each part alone.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.object_]


class Split(Exception):
    """Points part here: ``mask`` is true for those that go one way."""

    def __init__(self, mask: npt.NDArray[np.bool_]) -> None:
        super().__init__()
        self.mask = mask


class Column:
    """The values of one number at many points."""

    __slots__ = ("fractions", "values")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Sequence[Any] | Values, *, fractions: bool = True) -> None:
        self.values: Values = np.empty(len(values), dtype=object)
        self.values[:] = values
        self.fractions = fractions and any(isinstance(value, Fraction) for value in self.values)

    def __bool__(self) -> bool:
        mask = self.values.astype(bool)
        if mask.all() or not mask.any():
            return bool(mask[0])
        raise Split(mask)

    def __index__(self) -> int:
        same = self.values == self.values[0]
        if not same.all():
            raise Split(same)
        return int(self.values[0])

    def __floor__(self) -> Column:
        return Column(_FLOOR(self.values), fractions=False)

    def __ceil__(self) -> Column:
        return Column(_CEIL(self.values), fractions=False)

    def __neg__(self) -> Column:
        return Column(-self.values)

    def whole(self) -> Column:
        """Return where the values are whole."""
        return Column(_IS_INT(self.values), fractions=False)

    def gcd(self, other: Any) -> Column:
        """Return the greatest common divisors."""
        return Column(_GCD(self.values, _plain(other)), fractions=False)


def _plain(x: Any) -> Any:
    return x.values if isinstance(x, Column) else x


def _simplest(x: Any) -> Any:
    return x.numerator if isinstance(x, Fraction) and x.denominator == 1 else x


_FLOOR = np.frompyfunc(math.floor, 1, 1)
_CEIL = np.frompyfunc(math.ceil, 1, 1)
_GCD = np.frompyfunc(math.gcd, 2, 1)
_ISQRT = np.frompyfunc(lambda x: math.isqrt(math.floor(x)), 1, 1)
_IS_INT = np.frompyfunc(lambda x: isinstance(x, int), 1, 1)
_SIMPLEST = np.frompyfunc(_simplest, 1, 1)
_QUOTIENT = np.frompyfunc(lambda a, b: Fraction(a) / b if a % b else a // b, 2, 1)
_POWER = np.frompyfunc(lambda a, b: Fraction(a) ** b, 2, 1)


def _number(apply: Callable[[Any, Any], Values], *, swapped: bool, fractions: bool) -> Callable[[Column, Any], Column]:
    def run(self: Column, other: Any) -> Column:
        found = apply(_plain(other), self.values) if swapped else apply(self.values, _plain(other))
        theirs = other.fractions if isinstance(other, Column) else isinstance(other, Fraction)
        if fractions or self.fractions or theirs:
            return Column(_SIMPLEST(found))
        return Column(found, fractions=False)

    return run


def _truth(apply: Callable[[Any, Any], Any]) -> Callable[[Column, Any], Column]:
    return lambda self, other: Column(apply(self.values, _plain(other)), fractions=False)


for _name, _apply in {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": _QUOTIENT, "floordiv": operator.floordiv,
    "mod": operator.mod, "pow": _POWER,
}.items():  # fmt: skip
    _divides = _name in ("truediv", "pow")
    setattr(Column, f"__{_name}__", _number(_apply, swapped=False, fractions=_divides))
    setattr(Column, f"__r{_name}__", _number(_apply, swapped=True, fractions=_divides))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Column, f"__{_name}__", _truth(getattr(operator, _name)))


def whole(x: Any) -> bool:
    """Tell whether a number is whole; of a column, whether all of it is."""
    return not x.fractions or bool(x.whole()) if isinstance(x, Column) else isinstance(x, int)


def over(a: Any, b: Any) -> Any:
    """Return a/b, exact."""
    return (a if isinstance(a, Column) else Fraction(a)) / b


def gcd(a: Any, b: Any) -> Any:
    """Return the greatest common divisor."""
    if isinstance(a, Column):
        return a.gcd(b)
    return b.gcd(a) if isinstance(b, Column) else math.gcd(a, b)


def isqrt(x: Any) -> Any:
    """Return the whole part of a square root."""
    return Column(_ISQRT(x.values)) if isinstance(x, Column) else math.isqrt(math.floor(x))
