"""The page of conventions: prices, rules and switches."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.metrics.amounts import one_of
from symcost.metrics.convention import Convention, conventions
from symcost.metrics.switches import SWITCHES
from symcost_docs.markdown import code, page, prose, table, terms


def pages() -> dict[str, str]:
    """Return the page of conventions."""
    return {"reference/conventions.md": _conventions()}


def _conventions() -> str:
    switches = "\n".join(
        f"### {code(name)}\n\n{prose(switch.about)}; the first is usual.\n\n"
        + table(("value", "counted is"), ((code(value), prose(said)) for value, said in switch.values.items()))
        for name, switch in SWITCHES.items()
    )
    return page(
        "Conventions",
        "How FLOPs are counted: `--convention NAME`, with switches turned as in `torch:causal=half`. A convention is "
        "data: a price for each kind of work, rules for ops that it charges otherwise, and switches. "
        "[Conventions](../../explanation/conventions.md) explains how they differ.",
        *map(_convention, conventions().values()),
        f"## Switches\n\n{switches}",
    )


def _convention(found: Convention) -> str:
    prices = ", ".join(f"{kind} {price}" for kind, price in found.prices.items())
    turned = [f"{name} = {value}" for name, value in found.settings.items()]
    said = {
        "Unit": found.unit,
        "Prices": prose(f"{prices}; any other kind of elementwise work {found.other}"),
        "Source": prose(found.source),
        "Switches": prose(", ".join(turned)),
        "Training": prose(_training(found)),
    }
    rules = [(code(op), prose(_rule(found, rule))) for op, rule in found.by_op.items()]
    own = f"\n{table(('op', 'charged'), rules)}" if rules else ""
    return f"## {code(found.name)}\n\n{prose(found.about)}\n\n{terms((k, v) for k, v in said.items() if v)}{own}"


def _rule(found: Convention, rule: Mapping[str, int]) -> str:
    """Return what a rule charges; contractions as elsewhere unless it says otherwise."""
    prices = {"mac": found.price("mac"), **rule}
    return ", ".join(f"{price} per {one_of(what)}" for what, price in prices.items() if price) or "nothing"


def _training(found: Convention) -> str:
    if found.training is None:
        return "forward passes only"
    passes = found.training.passes
    said = "the work of each gradient" if passes is None else f"a step is {passes} forward passes"
    return f"{said}; {found.training.source}"
