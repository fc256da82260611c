"""All scaling laws: what each says is best for a budget of training FLOPs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcost.table import Column, Table
from symcost.views.answer import Answer, described

CAPTION = "parameters N and tokens D that are best for C FLOPs of training; fits, so numbers are approximate"


def scaling(words: Sequence[str] = ()) -> Answer:
    """Return the scaling laws with their optima as powers of C, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    from symcost.scaling import laws

    found = described(laws().values(), lambda law: [law.name, law.about], words, "scaling law --scaling")
    rows = tuple((law.name, power(law.params), power(law.tokens), law.about) for law in found)
    columns = (Column("law", kind="text"), Column("N", kind="text"), Column("D", kind="text"),
               Column("what it is", kind="text"))  # fmt: skip
    return Answer((Table(columns, rows, CAPTION),), [_data(law) for law in found])


def power(size: Any) -> str:
    """Return a factor times a power of C as text, with four digits of each."""
    factor, exponent = factors(size)
    return f"{factor:.4g} C**{exponent:.4g}"


def factors(size: Any) -> tuple[float, float]:
    """Return the factor and the exponent of a size that is a power of C."""
    import sympy

    from symcost.scaling.law import C

    return float(size.subs(C, 1)), round(float(sympy.diff(sympy.log(size), C).subs(C, 1)), 12)


def _data(law: Any) -> dict[str, Any]:
    sizes = {name: factors(size) for name, size in (("params", law.params), ("tokens", law.tokens))}
    return {
        "name": law.name,
        "about": law.about,
        "source": law.source,
        "counts": law.counts,
        "loss": None if law.loss is None else str(law.loss),
        **{name: {"factor": factor, "power": exponent} for name, (factor, exponent) in sizes.items()},
    }
