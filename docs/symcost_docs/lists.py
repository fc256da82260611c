"""Pages of short lists: settings, collectives, scaling laws, ways to store, steps of preparation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symcost.setup import SECTIONS
from symcost.views.collectives import collectives
from symcost.views.preparations import preparations
from symcost.views.scaling import scaling
from symcost.views.settings import settings
from symcost.views.storages import storages
from symcost_docs.cases import formula
from symcost_docs.markdown import code, page, prose, table, terms


def pages() -> dict[str, str]:
    """Return a page for each list."""
    made = {
        "settings": _settings,
        "collectives": _collectives,
        "scaling": _scaling,
        "storage": _storages,
        "preparation": _preparations,
    }
    return {f"reference/{name}.md": of() for name, of in made.items()}


def _settings() -> str:
    parts = []
    for section in SECTIONS.values():
        own = [one for one in settings().data if one["section"] == section.title]
        rows = ((code(one["name"]), code(one["usual"]), prose(one["takes"]), prose(one["about"])) for one in own)
        parts.append(f"## {section.title}\n\n{table(('setting', 'usual', 'takes', 'what it is'), rows)}")
    return page(
        "Settings",
        "What a network is trained or served with is said beside its sizes, as `NAME=VALUE`. Quantities among "
        "settings can be symbols: `solve` and `optimize` take them as unknowns.",
        *parts,
    )


def _collectives() -> str:
    rows = (
        (code(one["collective"]), prose(one["algorithm"] + (", of 2**k workers" if one["powers_of_two"] else "")),
         formula(one["factor"]), formula(one["steps"]), prose(one["source"]))
        for one in collectives().data
    )  # fmt: skip
    kinds = {one["collective"]: one["about"] for one in collectives().data}
    return page(
        "Collectives",
        "What n workers do together. Of S bytes over links of W bytes a second an algorithm takes "
        "factor · S/W + steps · latency seconds; rounds is ⌈log₂ n⌉.",
        terms((code(name), prose(about)) for name, about in kinds.items()),
        table(("collective", "algorithm", "factor", "steps", "source"), rows),
    )


def _scaling() -> str:
    return _described(
        "Scaling laws",
        "Parameters N and tokens D that are best for C FLOPs of training. They are fits: numbers are approximate, and "
        "what follows from a chosen size is exact. In Python: `symcost.compute_optimal`.",
        ("law", "N", "D", "what it is", "source"),
        ((one, _power(one["params"]), _power(one["tokens"])) for one in scaling().data),
    )


def _described(
    title: str, lead: str, heads: tuple[str, ...], things: Iterable[tuple[Mapping[str, Any], str, str]]
) -> str:
    """Return a page of things with a name, two cells of their own, what they are, and where that is from."""
    rows = (
        (code(one["name"]), first, second, prose(one["about"]), prose(one["source"] or ""))
        for one, first, second in things
    )
    return page(title, lead, table(heads, rows))


def _power(size: Mapping[str, float]) -> str:
    return f"{size['factor']:.4g} $C^{{{size['power']:.4g}}}$"


def _storages() -> str:
    return _described(
        "Storage of sparse matrices",
        "Bits of n nonzeros in R rows of C columns, where a number takes v bits and an index i. Each is smaller than "
        "dense below the share of nonzeros that is shown, at v = i = 32.",
        ("storage", "bits", "below", "what it holds", "source"),
        ((one, formula(one["bits"]), _below(one)) for one in storages().data),
    )


def _below(one: Mapping[str, Any]) -> str:
    if one["density"]:
        return f"always {one['density']}"
    return formula(one["break_even"]) if one["break_even"] else ""


def _preparations() -> str:
    return _described(
        "Preparation of data",
        "Steps that prepare N rows of D columns, with their work by kind; moved are numbers that are written to a new "
        "place.",
        ("step", "work", "grows as", "what it does", "source"),
        ((one, _work(one), _growth(one["growth"])) for one in preparations().data),
    )


def _work(one: Mapping[str, Any]) -> str:
    counted = ", ".join(f"{kind} {formula(n)}" for kind, n in one["work"].items())
    return f"at most {counted}" if one["at_most"] else counted


def _growth(text: str) -> str:
    return prose(text) if "log" in text else formula(text)
