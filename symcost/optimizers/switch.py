"""Switches as torch's users write them: momentum=0.9 says that there is momentum."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from symcost.errors import quoted

_TRUTHS = {"true": True, "false": False, "none": False}


def switch(value: object) -> bool:
    """Read true, false, or a factor, of which any but 0 is on.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(value, str) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    if isinstance(value, (bool, int, float, str, Fraction)):
        try:
            factor = float(value)
        except (ValueError, OverflowError):
            factor = math.nan
        if 0 <= factor < math.inf:
            return factor != 0
    raise PydanticCustomError(
        "switch", "takes true, false or a factor such as 0.9, got {got}", {"got": quoted(str(value))}
    )


Switch: TypeAlias = Annotated[bool, BeforeValidator(switch)]
"""Whether something is done."""
