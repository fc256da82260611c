"""Formulas as presentation MathML, within MathML Core: what browsers draw and screen readers speak without help.

Factors are joined by the invisible times sign, which is spoken and does not show. Numbers stand without separators, as
in every other notation, so that they can be found and copied.

Viewers of notebooks that do not trust a page take unknown tags out and leave their text, and a fraction H/16 would read
H16. Where they may, a formula is *legible*: what it says by place alone - a fraction's bar, a power, factors side by
side - stands in it as a sign too, which is neither drawn nor spoken: without its tags the formula reads H/16.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, pairwise
from typing import Literal

from symcost.algebra.poly import Num
from symcost.notation.form import Sum, plain
from symcost.notation.lines import formula_terms
from symcost.notation.typeset import GREEK, split, term, typeset

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
TIMES = "<mo>\u2062</mo>"
DOT = "<mo>·</mo>"
APPLY = "<mo>\u2061</mo>"
_LETTERS = dict(zip(sorted(GREEK), "αβχδεγηικλμνωφπψρστθξζ", strict=True))
_NUMBERS = ("<mn>", "<msup><mn>")
_FENCES = {"floor": "⌊⌋", "ceil": "⌈⌉"}


@dataclass(frozen=True)
class _MathMl:
    legible: bool = False

    def number(self, n: int) -> str:
        return f"<mn>{n}</mn>"

    def name(self, stem: str, index: str) -> str:
        letter = f"<mi>{escape(_LETTERS.get(stem, stem))}</mi>"
        mark = "" if index[:1].isdigit() else "_"
        return f"<msub>{self._marked(letter, mark)}{_index(index)}</msub>" if index else letter

    def product(self, factors: Sequence[str]) -> str:
        times = TIMES + self._unseen("*")
        between = (DOT if a.startswith("<mn>") and b.startswith(_NUMBERS) else times for a, b in pairwise(factors))
        whole = "".join(chain(factors[:1], *zip(between, factors[1:], strict=True)))
        return _row(whole) if len(factors) > 1 else whole

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{self._marked(self._closed(above), '/')}{self._closed(below)}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{self._marked(base, '**')}{self._closed(exponent)}</msup>"

    def brackets(self, inner: str) -> str:
        return _fenced("()", inner)

    def rounded(self, kind: Literal["floor", "ceil"], inner: str) -> str:
        return _fenced(_FENCES[kind], inner)

    def call(self, function: str, index: str, arguments: Sequence[str]) -> str:
        name = f"<mi>{function}</mi>"
        name = f"<msub>{self._marked(name, '_')}{_index(index)}</msub>" if index else name
        return _row(f"{name}{APPLY}{_fenced('()', '<mo>,</mo>'.join(arguments))}")

    def sum(self, terms: Sequence[tuple[bool, str]]) -> str:
        (negative, head), *rest = terms
        if not rest and not negative:
            return head
        return _row(("<mo>−</mo>" if negative else "") + head + "".join(map(_following, rest)))

    def _unseen(self, sign: str) -> str:
        return f'<mo style="display:none">{sign}</mo>' if self.legible and sign else ""

    def _marked(self, inner: str, sign: str) -> str:
        """Return a piece that has a sign after it where tags are taken out."""
        mark = self._unseen(sign)
        return _row(inner + mark) if mark else inner

    def _closed(self, inner: str) -> str:
        """Return a piece that stands in brackets where tags are taken out, unless it is one token."""
        if not self.legible or not inner.startswith("<mrow>"):
            return inner
        return _row(self._unseen("(") + inner + self._unseen(")"))


MATHML = _MathMl()
LEGIBLE = _MathMl(legible=True)


def mathml(x: Num | Sum) -> str:
    """Return x as a ``math`` element that stands in a line of text; its plain text is the alternative to it."""
    form = x if isinstance(x, Sum) else plain(x)
    return math(typeset(form, MATHML), " ".join(formula_terms(form.expanded())))


def math(body: str, alternative: str, *, display: bool = False) -> str:
    """Return a ``math`` element, by itself where ``display`` and in a line otherwise."""
    block = ' display="block"' if display else ""
    return f'<math xmlns="{NAMESPACE}"{block} alttext="{escape(alternative)}">{body}</math>'


def legible(x: Num) -> str:
    """Return a formula that reads right without its tags too: a ``math`` element a term, so that lines end between."""
    head, *rest = mathml_terms(plain(x), LEGIBLE)
    terms = [head, *(term.replace("<mo>", '<mo form="infix">', 1) for term in rest)]
    return " ".join(f"<math>{term}</math>" for term in terms)


def mathml_terms(form: Sum, style: _MathMl = MATHML) -> list[str]:
    """Return a formula as terms that follow one another, the first without a plus."""
    (negative, head), *rest = [term(product, style) for product in form.products] or [(False, style.number(0))]
    return [f"<mo>−</mo>{head}" if negative else head, *map(_following, rest)]


def mathml_name(name: str) -> str:
    """Return the name of a symbol: ``L1`` gets an index, ``alpha`` is the letter."""
    return MATHML.name(*split(name))


def _following(term: tuple[bool, str]) -> str:
    return f"<mo>{'−' if term[0] else '+'}</mo>{term[1]}"


def _row(inner: str) -> str:
    return f"<mrow>{inner}</mrow>"


def _fenced(pair: str, inner: str) -> str:
    return _row(f'<mo fence="true" form="prefix">{pair[0]}</mo>{inner}<mo fence="true" form="postfix">{pair[1]}</mo>')


def _index(index: str) -> str:
    parts = [f"<mn>{word}</mn>" if word.isdigit() else f"<mi>{escape(word)}</mi>" for word in index.split(",")]
    return _row("<mo>,</mo>".join(parts)) if len(parts) > 1 else parts[0]
