r"""Formulas as LaTeX: ``7040\,B\,C^{2}\,\left\lceil \frac{H}{32} \right\rceil``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Literal

from symcost.algebra.poly import Num, Poly, constant
from symcost.notation.form import Product, Sum, plain
from symcost.notation.lines import with_sign
from symcost.notation.typeset import GREEK, factors, split, term, typeset


class _Latex:
    def number(self, n: int) -> str:
        return str(n)

    def name(self, stem: str, index: str) -> str:
        letter = rf"\{stem}" if stem in GREEK else _upright(stem)
        return f"{letter}_{{{_upright(index)}}}" if index else letter

    def product(self, factors: Sequence[str]) -> str:
        between = (r" \cdot " if a[-1].isdigit() and b[0].isdigit() else r"\," for a, b in pairwise(factors))
        return "".join(chain(factors[:1], *zip(between, factors[1:], strict=True)))

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def brackets(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def rounded(self, kind: Literal["floor", "ceil"], inner: str) -> str:
        return rf"\left\l{kind} {inner} \right\r{kind}"

    def call(self, function: str, index: str, arguments: Sequence[str]) -> str:
        name = rf"\{function}" if function in _OPERATORS else rf"\operatorname{{{function}}}"
        name += f"_{{{index}}}" if index else ""
        return rf"{name}\left({', '.join(arguments)}\right)"

    def sum(self, terms: Sequence[tuple[bool, str]]) -> str:
        head, *rest = map(_signed, terms)
        return " ".join([head, *map(with_sign, rest)])


LATEX = _Latex()
WIDTH = 240
_OPERATORS = frozenset(("gcd", "max", "min"))


def latex(x: Num | Sum) -> str:
    """Return x as LaTeX for math mode."""
    return typeset(x if isinstance(x, Sum) else plain(x), LATEX)


def latex_rows(form: Sum, width: int = WIDTH) -> list[str]:
    """Return a formula as rows of terms that follow one another; of brackets that are too long, each term is a row.

    Args:
        form: the formula.
        width: the most characters of a row, which are more than are seen of it.
    """
    groups = [_rows(product, width) for product in form.products] or [["0"]]
    return [row for i, (head, *more) in enumerate(groups) for row in (with_sign(head) if i else head, *more)]


def aligned(name: str, form: Sum, more: Sequence[str] = ()) -> str:
    """Return the formula of a metric as rows for math mode that are aligned where it says what it is equal to.

    Args:
        name: of the metric.
        form: the formula.
        more: further rows, with the place to align them at.
    """
    first, *rest = latex_rows(form)
    left = r"\mathrm{" + name.replace("_", r"\_") + "}"
    body = " \\\\\n".join([f"{left} &= {first}", *(rf"&\quad {term}" for term in rest), *more])
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n"


def _rows(product: Product, width: int) -> list[str]:
    whole = _signed(term(product, LATEX))
    if len(whole) <= width or not (product.factors or product.choice):
        return [whole]
    if product.choice:
        return _choice(*product.choice)
    *before, bracket = product.factors
    front = _before(product.term) + "".join(rf"{factor}\," for factor in factors(before, LATEX))
    head, *rest = [_signed(term(p, LATEX)) for p in bracket.sum.products]
    rows = _bracketed(front, [head, *map(with_sign, rest)])
    return [*rows[:-1], rows[-1] + (f"^{{{bracket.power}}}" if bracket.power > 1 else "")]


def _choice(front: Poly, word: str, choices: Sequence[Num]) -> list[str]:
    *options, last = map(latex, choices)
    return _bracketed(rf"{_before(front)}\{word}", [*(f"{option}," for option in options), last])


def _before(front: Poly) -> str:
    if abs(constant(front) or 0) == 1:
        return "-" if front == -1 else ""
    return latex(front) + r"\,"


def _bracketed(front: str, rows: list[str]) -> list[str]:
    """Return rows between brackets that need not close in the row where they open."""
    first, *rest = rows
    rows = [rf"{front}\Bigl({first}", *(rf"\quad {row}" for row in rest)]
    return [*rows[:-1], rf"{rows[-1]}\Bigr)"]


def latex_name(name: str) -> str:
    """Return the name of a symbol: ``L1`` gets an index, ``alpha`` is the letter, ``depth`` stands upright."""
    return LATEX.name(*split(name))


def _signed(term: tuple[bool, str]) -> str:
    return f"-{term[1]}" if term[0] else term[1]


def _upright(word: str) -> str:
    if len(word) == 1 or word.isdigit() or "," in word:
        return word
    return r"\mathrm{" + word.replace("_", r"\_") + "}"
