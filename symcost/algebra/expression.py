"""Read expressions such as ``2*floor(c/8)`` from text that nobody vouches for, and give their exact values.

The text is checked word by word (``tokens``), parsed by Python's ``ast`` and turned into nested functions
(``compiler``); nothing of it is ever run as Python.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from symcost.algebra.arithmetic import FUNCTIONS, Value
from symcost.algebra.atoms import Box
from symcost.algebra.compiler import TRUTHS, Compiler, Env, Run
from symcost.algebra.order import Undecided
from symcost.algebra.tokens import KEYWORDS, MAX_LENGTH, WORDS, ExprError, check
from symcost.errors import quoted

__all__ = ["RESERVED", "Env", "Expr", "ExprError", "Undecided", "Value"]

RESERVED = KEYWORDS | WORDS | FUNCTIONS.keys() | TRUTHS.keys()
"""Words that cannot be the name of a value."""

_NO_BOX: Box = {}
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression in named values; equal when its text is.

    Attributes:
        text: as it was written.
        names: the names whose values it needs.
    """

    text: str
    names: frozenset[str] = field(compare=False, repr=False)
    _run: Run = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Expr:
        """Read an expression.

        Raises:
            ExprError: the text is not one, or is larger than any that is written in earnest.
        """
        return _parse(text if len(text) > MAX_LENGTH else text.strip())

    def evaluate(self, env: Env, box: Box = _NO_BOX) -> Value:
        """Return the exact value under values of its names: a number, a polynomial, or true or false.

        Args:
            env: a value for each name.
            box: ranges of the symbols inside those values, which can decide comparisons; a dimension is at
                least 1 without it.

        Raises:
            ExprError: a name is not known, or an operation has no exact value.
            Undecided: a comparison depends on the value of a symbol.
        """
        return self._run(env, box)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Expr({self.text!r})"

    def with_values(self, values: Mapping[str, object]) -> Expr:
        """Return the expression with numbers or expressions written in place of some names."""
        if self.names.isdisjoint(values):
            return self
        known = {name: f"({_written(value)})" for name, value in values.items() if name in self.names}
        return Expr.parse(_NAME.sub(lambda found: known.get(found[0], found[0]), self.text))

    def __reduce__(self) -> tuple[Callable[[str], Expr], tuple[str]]:
        return Expr.parse, (self.text,)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(maxsize=1 << 14)
def _parse(text: str) -> Expr:
    check(text)
    try:
        tree = ast.parse(re.sub(r"\s", " ", text), mode="eval")
    except SyntaxError:
        raise ExprError(f"{quoted(text)} is not an expression{_syntax_hint(text)}") from None
    compiler = Compiler(text)
    run = compiler.visit(tree.body)
    return Expr(text, frozenset(compiler.names), run)


def _syntax_hint(text: str) -> str:
    words = set(re.findall(r"\w+", text))
    if words & {"if", "else"}:
        return "; a choice is written a if c else b"
    return "; put brackets around the part with not" if "not" in words else ""
