"""The time of a pass on a device: in all, and of the kernels that take longest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.kernels import Roofline
from symcost.kernels.bounds import COMPUTING, Region
from symcost.table import Column, Table
from symcost.table.cells import percent, significant
from symcost.views.answer import Answer, assumed, data, heading, wrapped
from symcost.views.bill import listed
from symcost.views.plain import amounts, units

TIMES = ("traffic_bytes", "forward_s", "computing_s", "moving_s", "pass_s")


def time(architecture: Architecture, cost: Cost, found: Roofline, most: int, regions: Sequence[Region] = ()) -> Answer:
    """Return the time of a forward pass, its kernels, and where computing bounds them.

    Args:
        architecture: what is costed.
        cost: its cost, under a setup with a device.
        found: its kernels at sizes.
        most: how many kernels to show.
        regions: for which values of a size computing bounds them.
    """
    asked = ("worker_flops" if cost.setup.workers.cuts else "flops", *TIMES)
    totals = {name: evaluate(cost.poly(name), found.at) for name in asked}
    parts: list[str | Table] = [heading(architecture, cost, found.at, asked), listed(cost, found.at, asked)]
    parts += [wrapped(_in_short(found, totals)), _longest(found, most)]
    parts += ["\n".join(map(wrapped, _bounds(regions)))] if regions else []
    parts += assumed(cost)
    whole: dict[str, Any] = {"total": amounts(totals), "units": units(cost, totals), "roofline": found.to_json()}
    whole |= {"regions": [str(region) for region in regions]} if regions else {}
    return Answer(tuple(parts), data(architecture, cost, found.at, whole))


def _in_short(found: Roofline, totals: dict[str, Number]) -> str:
    """Return the intensity and the ridge, what share of the time computing bounds, and how much of the peak is used."""
    bound = [Fraction(evaluate(k.seconds, found.at)) for k in found.kernels if found.bound(k) == COMPUTING]
    return (
        f"{significant(found.intensity)} FLOPs for each byte, ridge at {significant(found.ridge)}; kernels bound by "
        f"computing take {percent(sum(bound, Fraction(0)) / found.seconds)} of the time; "
        f"{percent(Fraction(totals['computing_s']) / found.seconds)} of the peak is used"
    )


def _bounds(regions: Sequence[Region]) -> list[str]:
    """Return for which values computing bounds kernels, and how many it never bounds."""
    found = [str(region) for region in regions if region.computing]
    never = sum(len(region.kernels) for region in regions if not region.computing)
    return found + ([f"{never} kernels are never bound by computing"] if never else [])


def _longest(found: Roofline, most: int) -> Table:
    """Return the kernels that take longest, and how many more there are."""
    table = found.table()
    at = [column.name for column in table.columns].index("time")
    rows = sorted(table.rows, key=lambda row: -Fraction(row[at]))  # type: ignore[arg-type]
    rest = len(rows) - most
    more = f"; {rest} more {'kernel takes' if rest == 1 else 'kernels take'} less" if rest > 0 else ""
    columns = tuple(Column(c.name, c.unit, c.kind) for c in table.columns)
    return Table(columns, tuple(rows[:most]), f"a forward pass by kernels, the longest first{more}")
