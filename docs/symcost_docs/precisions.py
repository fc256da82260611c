"""The page of precisions: in which format what is held."""

from __future__ import annotations

from symcost.precisions.formats import FORMATS
from symcost.precisions.precision import ROLES
from symcost.precisions.recipes import RECIPES
from symcost_docs.markdown import code, page, prose, table, terms


def pages() -> dict[str, str]:
    """Return the page of precisions."""
    return {"reference/precisions.md": _precisions()}


def _precisions() -> str:
    parts = []
    for one in RECIPES.values():
        held = ", ".join(f"{role} {format_}" for role, format_ in one.formats.items())
        said = {"Formats": prose(held), "Source": prose(one.source), "Trains": "yes" if one.trains else "no"}
        parts.append(f"## {code(one.name)}\n\n{prose(one.about)}\n\n{terms(said.items())}")
    return page(
        "Precisions",
        "`precision=NAME`, with formats changed as in `mixed_bf16:gradient=fp32`. A recipe is a number format "
        "for each role "
        "that a tensor plays in memory.",
        *parts,
        "## Roles\n",
        table(("role", "what it is"), ((code(role), prose(about)) for role, about in ROLES.items())),
        "## Formats\n",
        table(("format", "bits of a number"), ((code(name), str(bits)) for name, bits in FORMATS.items()), " r"),
    )
