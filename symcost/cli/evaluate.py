"""The verb ``eval``."""

from __future__ import annotations

from symcost.cli.options import AsJson, Convention, Free, Metrics, SpecName, Words, names
from symcost.cli.output import give


def evaluate(
    spec: SpecName,
    words: Words = None,
    metric: Metrics = None,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show exact totals at given sizes.

    symcost eval resnet50 B=8 H=256 --metric macs --metric peak_activations
    """
    from symcost.cli.question import answered, ask
    from symcost.views.totals import totals

    asked = ask(spec, words, free=names(free), convention=convention)
    found = answered(asked, lambda q: totals(q.architecture, q.cost, q.sizes(), metric or ()))
    give(found, as_json=as_json)
