"""Ops: one file per law, found by being there. Ops of one's own are classes of ``Op`` too, wherever they stand."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from symcost.ops.case import Case
from symcost.ops.checking import check_cases
from symcost.ops.facts import INPUT, OUTPUT, Facts, Kept, numel
from symcost.ops.fields import Amount, Flag, Real, Size
from symcost.ops.op import Axes, Op, Refused

__all__ = ["INPUT", "OUTPUT", "Amount", "Axes", "Case", "Facts", "Flag", "Kept", "Op", "Real", "Refused", "Size"]
__all__ += ["check_cases", "numel"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
