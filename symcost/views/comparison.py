"""Two networks compared, in tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcost.algebra.atoms import Number
from symcost.architecture import Architecture
from symcost.comparison import Comparison
from symcost.comparison.wording import difference, explained, overtaking
from symcost.metrics.metric import metric, set_up
from symcost.table import Table
from symcost.views.answer import Answer, assumed, wrapped
from symcost.views.plain import sizes
from symcost.views.sizes import listed


def comparison(
    networks: tuple[Architecture, Architecture], found: Sequence[Comparison], along: Sequence[str] = ()
) -> Answer:
    """Return the differences of two networks in several metrics.

    Args:
        networks: the two.
        found: a comparison for each metric.
        along: sizes along which to say which of the two is above the other, even where that does not change.

    Raises:
        UsageError: there is no such size.
        NoAnswer: where one overtakes the other along one of them is not decided.
    """
    parts: list[str | Table] = [_heading(networks, found[0], [c.metric for c in found])]
    for one in found:
        parts += [wrapped(f"{one.metric} in {one.unit}, {metric(one.metric).about}")]
        parts += [_bare(one.table())] if one.rows else [f"{one.metric} is no sum over parts"]
        parts += ["\n".join(map(_fitting, lines)) for lines in (difference(one), explained(one), overtaking(one))]
        parts += ["\n".join(map(wrapped, str(one.along(size)).splitlines())) for size in along]
    parts += assumed(found[0].sides.joint)
    return Answer(tuple(part for part in parts if part), _data(networks, found, along))


def _heading(networks: tuple[Architecture, Architecture], found: Comparison, metrics: Sequence[str]) -> str:
    """Return what is compared, at which sizes, and which sizes are the same."""
    sides = found.sides
    lines = [_named(name, *pair) for name, pair in zip(found.names, (networks, networks[::-1]), strict=True)]
    lines += [f"at {listed(sides.at)}"] if sides.at else []
    own = [f"only in {name}: {', '.join(names)}" for name, names in zip(found.names, sides.own, strict=True) if names]
    same = [f"the same in both: {', '.join(sides.shared)}"] if sides.shared else []
    lines += ["; ".join((*same, *own))] if same or own else []
    lines += [f"of its own in each: {_apart(sides.differing)}"] if sides.differing else []
    counts = found.sides.joint.convention
    lines += [f"convention {counts.name}: {counts.about}"] if any(metric(name).priced for name in metrics) else []
    setups = dict.fromkeys(said for network in networks if (said := set_up(network.setup, metrics)))
    lines += [" against ".join(setups)] if setups else []
    return "\n".join(map(wrapped, lines))


def _named(name: str, network: Architecture, other: Architecture) -> str:
    """Return a network with what is fixed in it; of two members of a family, with what is fixed otherwise."""
    family = "" if network.name == network.spec.name else f", {network.spec.name}"
    kin = network.spec.name == other.spec.name
    fixed = {key: v for key, v in network.fixed.items() if not kin or other.fixed.get(key) != v}
    return f"{name}{family}{f', with {listed(fixed)}' if fixed else ''}"


def _apart(differing: Mapping[str, tuple[Number, Number]]) -> str:
    return ", ".join(f"{name} = {first} and {second}" for name, (first, second) in differing.items())


def _bare(table: Table) -> Table:
    return Table(table.columns, table.rows, "", table.total)


def _fitting(line: str) -> str:
    """Return a sentence in lines that fit; lines of formulas are short already."""
    return line if line.startswith("  ") else wrapped(line)


def _data(
    networks: tuple[Architecture, Architecture], found: Sequence[Comparison], along: Sequence[str]
) -> dict[str, Any]:
    fixed = [sizes(network.fixed) for network in networks]
    asked = [{"along": {size: one.along(size).to_json() for size in along}} if along else {} for one in found]
    comparisons = [{**one.to_json(), **more} for one, more in zip(found, asked, strict=True)]
    lead = {"schema": 1, "names": list(found[0].names), "convention": found[0].sides.joint.convention.name}
    return {**lead, "fixed": fixed, "comparisons": comparisons}
