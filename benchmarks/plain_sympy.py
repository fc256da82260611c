"""A thousand layers of different widths, C, C + 1, C + 2, ...: the same sums by symcost and by plain SymPy.

Both start from the same per-layer costs, 9 B (C + i)(C + i + 1) ceil(H/2) ceil(W/2) MACs. SymPy is given its best form
of each question, and beside it the form that people write first: Python's ``sum``, and a total that is not expanded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.section import Job, Section

LAYERS = 1_000


def ours(question: str) -> Job:
    """Return a question on polynomials over sizes with floors."""
    from symcost.algebra.extent import ceil_div
    from symcost.algebra.poly import Num, symbol, total
    from symcost.algebra.to_sympy import sympy_symbol, to_sympy

    b, c, h, w = map(symbol, "BCHW")

    def layers() -> Num:
        area = b * ceil_div(h, 2) * ceil_div(w, 2)
        return total((area * (c + i) * (c + i + 1), 9) for i in range(LAYERS))

    if question == "total":
        return layers
    formula = to_sympy(layers())
    return partial(formula.diff, sympy_symbol("C")) if question == "diff" else formula.factor


def sympy_terms() -> list[Any]:
    """Return the layers as SymPy expressions, with SymPy's own ceilings."""
    import sympy

    b, c, h, w = sympy.symbols("B C H W", positive=True, integer=True)
    area = b * sympy.ceiling(h / 2) * sympy.ceiling(w / 2)
    return [9 * area * (c + i) * (c + i + 1) for i in range(LAYERS)]


def expanded() -> Job:
    """Return the total as SymPy makes it fastest: one Add of all terms, expanded."""
    import sympy

    terms = sympy_terms()
    return lambda: sympy.Add(*terms).expand()


def summed() -> Job:
    """Return the total as Python's ``sum`` makes it."""
    terms = sympy_terms()
    return lambda: sum(terms).expand()  # type: ignore[attr-defined]


def unexpanded(question: str) -> Job:
    """Return a question on a total that is a sum of products."""
    import sympy

    formula = sympy.Add(*sympy_terms())
    return (
        partial(formula.diff, sympy.Symbol("C", positive=True, integer=True))
        if question == "diff"
        else formula.simplify
    )


JOBS: dict[str, Callable[[], Job]] = {
    "total, symcost": partial(ours, "total"),
    "total, SymPy: Add(*terms).expand()": expanded,
    "total, SymPy: sum(terms).expand()": summed,
    "derivative, of symcost's total": partial(ours, "diff"),
    "derivative, of SymPy's unexpanded total": partial(unexpanded, "diff"),
    "simplest form, factor of symcost's total": partial(ours, "simplify"),
    "simplest form, simplify of SymPy's unexpanded total": partial(unexpanded, "simplify"),
}
SECTION = Section("1,000 layers of different symbolic widths, beside plain SymPy", JOBS, base="total, symcost")
