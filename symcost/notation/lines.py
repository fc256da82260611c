"""Formulas as plain text, one term on a line where one line is too short."""

from __future__ import annotations

from symcost.algebra.poly import Num, Poly
from symcost.algebra.printing import text
from symcost.notation.form import Factor, Product, Sum, plain

WIDTH = 100


def formula_lines(x: Num | Sum, width: int = WIDTH) -> list[str]:
    """Return a formula as lines of text that the expression reader takes back when they are joined.

    Args:
        x: the formula.
        width: the longest line, unless a single term is longer.
    """
    groups = [_product(product, width) for product in _form(x).products] or [["0"]]
    lines = [line for i, (head, *more) in enumerate(groups) for line in (with_sign(head) if i else head, *more)]
    whole = " ".join(lines)
    return [whole] if len(whole) <= width and all(len(group) == 1 for group in groups) else lines


def formula_terms(x: Num | Sum) -> list[str]:
    """Return the terms of a formula as they follow one another."""
    head, *rest = [_front(p) + "*".join(map(_factor, p.factors)) for p in _form(x).products] or ["0"]
    return [head, *map(with_sign, rest)]


def one_line(x: Num | Sum) -> str:
    """Return a formula as one line, however long."""
    return " ".join(formula_terms(x))


def with_sign(term: str) -> str:
    """Return a term as it follows another: ``+ a`` or ``- a``."""
    return f"- {term[1:]}" if term.startswith("-") else f"+ {term}"


def _form(x: Num | Sum) -> Sum:
    return x if isinstance(x, Sum) else plain(x)


def _product(product: Product, width: int) -> list[str]:
    """Return the lines of a product; brackets that do not fit stand in lines of their own."""
    line = one_line(Sum((product,)))
    if len(line) <= width:
        return [line]
    if product.choice:
        return _choice(*product.choice, width)
    if not product.factors:
        return [line]
    lines = [_front(product)]
    for i, factor in enumerate(product.factors):
        lines[-1] += f"{'*' if i else ''}("
        lines += [f"    {inner}" for inner in formula_lines(factor.sum, width - 4)]
        lines.append(f"){_power(factor)}")
    return lines


def _choice(front: Poly, word: str, choices: tuple[Num, ...], width: int) -> list[str]:
    """Return the lines of a largest or least of others; each of these begins a line."""
    before = "" if front == 1 else "-" if front == -1 else f"{text(front)}*"
    options = [formula_lines(option, width - 5) for option in choices]
    for lines in options[:-1]:
        lines[-1] += ","
    return [f"{before}{word}(", *(f"    {line}" for lines in options for line in lines), ")"]


def _front(product: Product) -> str:
    """Return what stands before the brackets, with the sign that joins it to them."""
    if not product.factors:
        return text(product.term)
    if not product.monomial and abs(product.coefficient) == 1:
        return "-" if product.coefficient < 0 else ""
    return f"{text(product.term)}*"


def _factor(factor: Factor) -> str:
    return f"({one_line(factor.sum)}){_power(factor)}"


def _power(factor: Factor) -> str:
    return "" if factor.power == 1 else f"**{factor.power}"
