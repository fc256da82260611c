"""The formulas of a cost as HTML that needs no script: MathML that wraps at its terms, and what one must know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from html import escape
from operator import mul

from symcost.algebra.atoms import Atom, Env, lift
from symcost.algebra.poly import Num, atoms_of, terms_of, total
from symcost.algebra.within import within
from symcost.cost import Cost
from symcost.graph.assumptions import conditions
from symcost.metrics.metric import metric
from symcost.notation.form import Product, Sum, plain
from symcost.notation.mathml import MATHML, mathml_name
from symcost.notation.naming import Name, without_names
from symcost.notation.sizes import named_sizes
from symcost.notation.typeset import term, typeset
from symcost.views.formula import formula
from symcost.views.names import taken

MOST_TERMS = 60
"""Terms of one formula that are shown; of a longer one the largest, and how many more there are."""


def formulas(cost: Cost, names: Sequence[str], env: Env) -> str:
    """Return the totals of metrics as formulas, with what their short names, conditions and symbols mean.

    Args:
        cost: of a network.
        names: of the metrics.
        env: sizes that decide which terms of a long formula are its largest.
    """
    forms = {name: _excerpt(cost, name, env) for name in names}
    named = named_sizes(total((form.expanded(), 1) for form, _ in forms.values()), taken(cost))
    short = _shortener(named)
    shown = "".join(_entry(cost, name, form.renamed(short), rest) for name, (form, rest) in forms.items())
    return f"<dl>{shown}</dl>{_with(named)}{_held(cost)}{_symbols(cost)}"


def _shortener(named: Sequence[Name]) -> Callable[[Num], Num]:
    """Return what puts names for floors into a formula. A floor is an atom, so that this needs no division."""
    known: dict[Atom, Num] = {}
    for i, name in enumerate(named):
        (atom,) = atoms_of(without_names(name.value, named[:i]))
        known[atom] = lift(name.atom)

    def short(x: Num) -> Num:
        return _reshaped(x, lambda atom: known.get(atom) or within(atom, short))

    return short


def _reshaped(x: Num, image: Callable[[Atom], Num]) -> Num:
    """Return x with something else for each atom."""
    terms = ((c, (image(atom) ** exponent for atom, exponent in m)) for m, c in terms_of(x).items())
    return total((reduce(mul, factors, 1), c) for c, factors in terms)


def _entry(cost: Cost, name: str, form: Sum, rest: str) -> str:
    """Return a metric's formula under its name."""
    pieces = _terms(form)
    pieces += [f"+ … ({escape(rest)})"] if rest else []
    about = f"<span>{escape(metric(name).about)} [{escape(cost.units(name))}]</span>"
    return f"<dt>{escape(name)} {about}</dt><dd>= {' '.join(pieces)}</dd>"


def _excerpt(cost: Cost, name: str, env: Env) -> tuple[Sum, str]:
    """Return a formula, or its largest terms and the rest in words."""
    whole = plain(cost.poly(name))
    if len(whole.products) <= MOST_TERMS:
        return whole, ""
    part = formula(cost, name, leading=MOST_TERMS, at=env)
    return part.form, part.part.rest() if part.part else ""


def _terms(form: Sum) -> list[str]:
    """Return the terms of a formula, each by itself, so that lines break between them."""
    return [piece for i, product in enumerate(form.products) for piece in _pieces(product, i)] or ["0"]


def _pieces(product: Product, place: int) -> Iterator[str]:
    """Give a term with its sign; of a largest or least of several amounts, each of these is a piece with terms."""
    if product.choice is None:
        negative, text = term(product, MATHML)
        yield f"{_sign(negative, place)}{_math(text)}"
        return
    front, word, options = product.choice
    negative, text = term(plain(front).products[0], MATHML)
    factor = "" if text == MATHML.number(1) else f"{_math(text)} "
    yield f"{_sign(negative, place)}{factor}{word}("
    for i, option in enumerate(options):
        *head, last = _terms(plain(option))
        yield from head
        yield f"{last}{')' if i == len(options) - 1 else ';'}"


def _sign(negative: bool, place: int) -> str:
    return "− " if negative else "+ " if place else ""


def _math(element: str) -> str:
    """Return one element as a piece of mathematics, which is a row by itself."""
    inner = element.removeprefix("<mrow>").removesuffix("</mrow>") if element.startswith("<mrow>") else element
    return f"<math>{inner}</math>"


def _with(named: Sequence[Name]) -> str:
    if not named:
        return ""
    return f'<p class="with">with {", ".join(_means(name) for name in named)}</p>'


def _means(name: Name) -> str:
    return f"<math>{mathml_name(name.name)}<mo>=</mo>{typeset(plain(name.value), MATHML)}</math>"


def _held(cost: Cost) -> str:
    held = ", ".join(condition.text for condition in conditions(cost.graph))
    return f"<p>The formulas hold for {escape(held)}.</p>" if held else ""


def _symbols(cost: Cost) -> str:
    return f'<dl class="symbols">{"".join(_symbol(cost))}</dl>' if cost.symbols else ""


def _symbol(cost: Cost) -> Iterator[str]:
    for name, symbol in cost.symbols.items():
        yield f"<dt>{_math(mathml_name(name))}</dt><dd>{escape(symbol.about or symbol.kind)}</dd>"
