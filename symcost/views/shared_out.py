"""What several workers do not share out, in words."""

from __future__ import annotations

from symcost.cost import Cost
from symcost.views.answer import wrapped

MOST_NAMED = 6


def whole_layers(cost: Cost) -> tuple[str, ...]:
    """Return a paragraph on the layers that every tensor-parallel worker does in full; none where there are none."""
    if cost.setup.workers.tensor_parallel == 1:
        return ()
    whole = cost.setup.workers.local(cost.graph).whole
    names = [name for name in whole if "mac" in cost.graph.node(name).facts.work]
    if not names:
        return ()
    rest = len(names) - MOST_NAMED
    named = ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    layers = "1 layer, as its parts" if len(names) == 1 else f"{len(names)} layers, as their parts"
    return (wrapped(f"every tensor-parallel worker has all of {layers} would meet what needs the whole: {named}"),)
