"""The page of optimizers: rule, state and work of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcost.optimizers.reading import optimizers
from symcost.views.optimizers import optimizers as counted
from symcost_docs.cases import formula
from symcost_docs.markdown import block, code, page, prose, sections, table, terms


def pages() -> dict[str, str]:
    """Return the page of optimizers."""
    return {"reference/optimizers.md": _optimizers()}


def _optimizers() -> str:
    state = {one["name"]: one for one in counted().data}
    rows = (
        (
            f"[{code(name)}](#{name})",
            formula(one["per_element"]["state"]),
            formula(one["per_element"]["flops"]),
            prose(one["about"]),
        )
        for name, one in state.items()
    )
    return page(
        "Optimizers",
        "`optimizer=NAME`, with options as in `sgd:momentum=0.9`. State in elements and work in FLOPs are for "
        "one element "
        "of a matrix of r rows and c columns, of P elements in all, in one step without weight decay; a MAC is "
        "two FLOPs.",
        table(("optimizer", "state", "update", "what it is"), rows),
        *(_optimizer(name, state[name]) for name in sorted(optimizers())),
    )


def _optimizer(name: str, one: Mapping[str, Any]) -> str:
    lead, said = sections(one["law"])
    options = ", ".join(f"``{option}`` = {value}" for option, value in one["options"].items())
    items = {key: block(text) for key, text in said.items()} | ({"Options": prose(options)} if options else {})
    return f"({name})=\n## {code(name)}\n\n{prose(lead)}\n\n{terms(items.items())}"
