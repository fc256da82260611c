"""Types of an optimizer's options: what a question may write, and what the law then sees."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from symcost.algebra.poly import Num, Poly
from symcost.errors import quoted

_TRUTHS = {"true": True, "false": False, "none": False}


def switch(value: object) -> bool:
    """Read true, false, or a factor as torch takes it: what is not 0 is on, as in momentum=0.9."""
    if isinstance(value, (bool, int, float, Fraction)):
        return bool(value)
    if isinstance(value, str):
        if value.lower() in _TRUTHS:
            return _TRUTHS[value.lower()]
        try:
            return Fraction(value) != 0
        except (ValueError, ZeroDivisionError):
            pass
    raise PydanticCustomError("switch", "takes true, false or a factor such as 0.9, got {got}", {"got": _shown(value)})


def _count(value: object) -> Num:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, Poly) or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise PydanticCustomError("count", "takes a whole number of at least 1, got {got}", {"got": _shown(value)})


def _shown(value: Any) -> str:
    return quoted(value if isinstance(value, str) else str(value))


Switch: TypeAlias = Annotated[bool, BeforeValidator(switch)]
"""Whether something is done; a factor says so too."""
HowMany: TypeAlias = Annotated[Num, PlainValidator(_count)]
"""How many: a whole number of at least 1, or a polynomial in sizes."""
