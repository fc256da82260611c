"""What a printed figure may be, in a table and sentences."""

from __future__ import annotations

from dataclasses import replace

from symcost.architecture import Architecture
from symcost.metrics.metric import metric
from symcost.reconciliation import Match, Reconciliation
from symcost.views.answer import Answer, wrapped
from symcost.views.sizes import listed


def reconciliation(network: Architecture, found: Reconciliation, *, every: bool = False) -> Answer:
    """Return the ways to a figure with the fewest changes, or all ways, and what the network comes to as asked.

    Args:
        network: what was asked about.
        found: what was found.
        every: show ways with more changes than necessary, too.
    """
    plain = found.at_its_word
    asked = f"{plain.value:,} {metric(found.figure.metric).unit}, {found.figure.off(plain.value)}"
    head = [network.name, f"source: {network.source}"] if network.source else [network.name]
    head += [f"{found.figure}: {found.figure.span} print so", f"as asked, {found.plain} at {listed(plain.at)}: {asked}"]
    notes = [_counted(found), *([] if every else _more(found)), *_pointer(found.simplest[0])]
    table = replace(found.table(every), caption="")
    parts = ("\n".join(map(wrapped, head)), table, "\n".join(map(wrapped, notes)))
    lead = {"schema": 1, "name": network.name, "convention": found.plain.convention}
    return Answer(parts, {**lead, **found.to_json()})


def _counted(found: Reconciliation) -> str:
    return f"{len(found.tried):,} combinations of variant, flags, input size and convention were looked at"


def _more(found: Reconciliation) -> list[str]:
    more = len(found.matches) - len(found.simplest)
    return [f"{more} that print so with more changes are left out; --all shows them"] if more else []


def _pointer(match: Match) -> list[str]:
    """Return how to see what explains the first way."""
    if match.structure and not match.sizes and not match.meaning:
        return [f"`symcost compare` of the two networks says which blocks explain it: {', '.join(match.structure)}"]
    if match.meaning and not match.structure and not match.sizes and match.reading.priced:
        return [f"`symcost compare SPEC --conventions ...,{match.reading.convention}` says which terms explain it"]
    return []
