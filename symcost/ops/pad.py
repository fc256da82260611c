"""Padding at the ends of axes."""

from __future__ import annotations

from typing import Literal

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.fields import Amount
from symcost.ops.op import Axes, Op, Refused, shown

ROOM = {"reflect": 1, "replicate": 1 << 62, "circular": 0}


class Pad(Op):
    pass
