"""All shipped networks."""

from __future__ import annotations

from typing import Any

from symcost.architecture import Architecture, variant_of
from symcost.catalog import files, shipped
from symcost.table import Column, Table
from symcost.views.answer import Answer
from symcost.views.plain import sizes, symbols


def listing() -> Answer:
    """Return every shipped family and variant, by file."""
    rows, data = [], []
    for path in files():
        spec = shipped(path)
        for variant in (None, *spec.variants):
            member = variant_of(spec, variant)
            about = spec.variants[variant].about if variant else spec.about
            shown = f"  {variant}" if variant else path.stem
            rows.append((shown, ", ".join(member.same_as), " ".join(member.symbols)))
            data.append(_data(member, variant or path.stem, path.stem, about))
    names = (Column("network", kind="text"), Column("same as", kind="text"))
    return Answer((Table((*names, Column("free symbols", kind="formula")), tuple(rows)),), data)


def _data(member: Architecture, name: str, family: str, about: str) -> dict[str, Any]:
    return {
        "name": name,
        "family": family,
        "same_as": list(member.same_as),
        "symbols": symbols(member.symbols),
        "fixed": sizes(member.fixed),
        "source": member.source,
        "about": about,
    }
