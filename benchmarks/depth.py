"""Sums over a symbolic depth, by symcost and by SymPy's ``summation``; and networks of depth 6 beside depth 10**6.

Both sum the same expanded summand, and give the same; a test says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.section import Job, Section

SUMMANDS = {
    "a dense block's parameters": "2*(C + k*i) + m*k*(C + k*i) + 2*m*k + 9*m*k**2",
    "degree 6": "(C + k*i)**3 * (m + k*i)**3",
    "widths that double": "9*B*H*W*(C*2**i)*(2*C*2**i) + 4*C*2**i",
    "i**3 times powers": "(i**3 + C*i)*6**i + (C + k*i)**2 * (3/2)**i",
    "widths in steps": "(C + floor((8*i + 7)/3))**2",
}


def summand(name: str) -> Any:
    """Return a cost per layer, in symbols and the index i."""
    from symcost.algebra.expression import Expr
    from symcost.algebra.poly import symbol

    names = {letter: symbol(letter) for letter in "BCHWkm"}
    return Expr.parse(SUMMANDS[name]).evaluate({**names, "i": symbol("i", "index")})


def closed(name: str) -> Job:
    """Sum by symcost."""
    from symcost.algebra.poly import symbol
    from symcost.algebra.sums import sum_over

    return partial(sum_over, summand(name), "i", symbol("n"))


def summation(name: str) -> Job:
    """Sum by SymPy."""
    import sympy

    from symcost.algebra.to_sympy import sympy_symbol, to_sympy

    n = sympy_symbol("n")
    return partial(sympy.summation, to_sympy(summand(name)), (sympy_symbol("i", "index"), 0, n - 1))


def drawn(name: str, **depths: int) -> Job:
    """Draw a network of plain depths and add up all its metrics."""
    import symcost

    symcost.load("lenet5").cost().at()
    symcost.load(name)

    def job() -> list[Any]:
        cost = symcost.load(name).fix(**depths).cost()
        return [cost.poly(metric) for metric in cost.metrics]

    return job


DEEP = 10**6
SUMS: dict[str, Callable[[], Job]] = {
    "a dense block's parameters, symcost": partial(closed, "a dense block's parameters"),
    "a dense block's parameters, SymPy": partial(summation, "a dense block's parameters"),
    "degree 6, symcost": partial(closed, "degree 6"),
    "degree 6, SymPy": partial(summation, "degree 6"),
    "widths that double, symcost": partial(closed, "widths that double"),
    "widths that double, SymPy": partial(summation, "widths that double"),
    "i**3 times powers, symcost": partial(closed, "i**3 times powers"),
    "i**3 times powers, SymPy": partial(summation, "i**3 times powers"),
    "widths in steps, symcost (SymPy leaves the sum as it is)": partial(closed, "widths in steps"),
}
DEPTHS: dict[str, Callable[[], Job]] = {
    "DenseNet, four blocks of 6 layers": partial(drawn, "densenet", L1=6, L2=6, L3=6, L4=6),
    "DenseNet, four blocks of 10**6 layers": partial(drawn, "densenet", L1=DEEP, L2=DEEP, L3=DEEP, L4=DEEP),
    "PyramidNet, three stages of 6 units": partial(drawn, "pyramidnet", n=6),
    "PyramidNet, three stages of 10**6 units": partial(drawn, "pyramidnet", n=DEEP),
    "PyramidNet with widths in steps, 6 units": partial(drawn, "pyramidnet110_a48", n=6),
    "PyramidNet with widths in steps, 10**6 units": partial(drawn, "pyramidnet110_a48", n=DEEP),
    "GPT-2, 6 layers": partial(drawn, "gpt2", L=6),
    "GPT-2, 10**6 layers": partial(drawn, "gpt2", L=DEEP),
}
SUMS_SECTION = Section("Sums over a symbolic depth", SUMS, base="a dense block's parameters, symcost")
DEPTHS_SECTION = Section("Networks of depth 6 and 10**6, drawn and added up", DEPTHS)
