"""Whether a spec is sound: it draws a network, and its defaults are sizes that the network takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symcost.architecture import Architecture, variant_of
from symcost.errors import SpecError
from symcost.graph.assumptions import Condition, conditions
from symcost.table import Column, Table
from symcost.views.answer import Answer, wrapped


@dataclass(frozen=True)
class Finding:
    """What came of one member of a family.

    Attributes:
        name: of the member.
        nodes: how many it has.
        held: conditions that its formulas assume.
        missing: symbols without default.
        problems: why its defaults are not taken.
    """

    name: str
    nodes: int
    held: tuple[Condition, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]


def check(architecture: Architecture) -> tuple[Answer, bool]:
    """Return the findings, of every variant where the family is asked for, and whether all is well.

    Raises:
        SpecError: a member is not a network.
    """
    spec = architecture.spec
    family = architecture.name == spec.name
    members = [architecture, *(variant_of(spec, name) for name in (spec.variants if family else ()))]
    findings = [finding(member) for member in members if not _lacks_structure(member)]
    return Answer(_parts(findings), [_data(one) for one in findings]), not any(one.problems for one in findings)


def _lacks_structure(member: Architecture) -> bool:
    """Tell whether a family cannot be drawn by itself: its variants say what its structure is."""
    free = (s for s in member.symbols.values() if s.structural and s.default is None)
    return bool(member.spec.variants) and any(free)


def finding(member: Architecture) -> Finding:
    """Draw one network and try its defaults."""
    cost = member.cost()
    missing = tuple(name for name, s in cost.symbols.items() if s.default is None)
    problems: tuple[str, ...] = ()
    try:
        if not missing:
            cost.bindings()
    except SpecError as error:
        problems = tuple(problem.message for problem in error.problems)
    return Finding(member.name, len(cost.graph.nodes), tuple(conditions(cost.graph)), missing, problems)


def _parts(findings: list[Finding]) -> tuple[str | Table, ...]:
    columns = (
        Column("network", kind="text"),
        Column("nodes"),
        Column("defaults", kind="text"),
        Column("holds for", kind="formula"),
    )
    rows = tuple(
        (one.name, one.nodes, _verdict(one), ", ".join(c.text for c in one.held) or "all sizes") for one in findings
    )
    return Table(columns, rows), *(wrapped(problem) for one in findings for problem in one.problems)


def _verdict(one: Finding) -> str:
    if one.missing:
        return f"none for {', '.join(one.missing)}"
    return "refused" if one.problems else "fit"


def _data(one: Finding) -> dict[str, Any]:
    return {
        "name": one.name,
        "nodes": one.nodes,
        "conditions": [condition._asdict() for condition in one.held],
        "without_default": list(one.missing),
        "problems": list(one.problems),
        "ok": not one.problems,
    }
