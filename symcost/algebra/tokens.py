"""Check the text of an expression word by word, before Python's own parser sees it.

Python's parser is slow, deep or cryptic on text that is wrong or meant to do harm, so what reaches it is
short, shallow, made of known words, and values and operators take turns in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import kwlist
from typing import NamedTuple

from symcost.errors import quoted

MAX_LENGTH = 500
MAX_BRACKETS = 40
MAX_DIGITS = 40

WORDS = frozenset(("and", "or", "not", "if", "else", "True", "False"))
"""Python's keywords that an expression may use."""

KEYWORDS = frozenset(kwlist) - WORDS

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\.?[0-9](?:[eE][-+]?[0-9]|[0-9A-Za-z_.])*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|//|[<>=!]=|[-+*/%(),<>])",
    re.ASCII,
)
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = re.compile(rf"({_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE]([-+]?[0-9]+))?")
_PRODUCT = re.compile(r"([1-9][0-9.]*)([A-Za-z_]\w*)")
_LETTERS = {"not": "!", "+": "+", "-": "+", "(": "(", ")": ")", ",": ",", "True": "1", "False": "1"}
_NO_OPERATOR = re.compile(r"[1a)](?=[1a!])|[1)](?=\()")
_NO_VALUE = re.compile(r"(?:^|[+*!,]|(?<!a)\()(?=[*),]|$)|(?<=a)\((?=[*,])")
_HINTS = {
    "^": "; write ** for a power",
    "=": "; write == to compare, and give arguments by position",
    "!": "; write != or not",
    "&": "; write and",
    "|": "; write or",
    ".": "; a name has no parts",
    "[": "; there are no lists and no indices",
    "'": "; text has no value",
    '"': "; text has no value",
    "×": "; write *",
    "·": "; write *",
    "÷": "; write /",
    "−": "; write -",
}


class ExprError(ValueError):
    """An expression cannot be read, or has no value; the message is one line."""


class Token(NamedTuple):
    """One word of an expression: a ``number``, a ``name`` or a ``sign``, and its 1-based column."""

    kind: str
    text: str
    column: int


def check(text: str) -> None:
    """Refuse text that is not a plausible expression.

    Raises:
        ExprError: it is empty, long or deep, has a word without meaning, or lacks a value, an operator or
            a bracket.
    """
    if not text:
        raise ExprError("the text is empty where an expression is needed")
    if len(text) > MAX_LENGTH:
        raise ExprError(f"{quoted(text)}: {len(text):,} characters, and an expression has at most {MAX_LENGTH}")
    try:
        tokens = list(_tokens(text))
        _check_brackets(tokens)
        _check_order(tokens)
    except ExprError as error:
        raise ExprError(f"{quoted(text)}: {error}") from None


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ExprError(_no_meaning(text[position], position + 1))
        token = Token(match.lastgroup, match[0], position + 1)
        position = match.end()
        if token.kind == "number":
            _check_number(token.text)
        elif token.text in KEYWORDS:
            raise ExprError(f"{quoted(token.text)} has no meaning in an expression")
        if token.kind != "space":
            yield token


def _no_meaning(character: str, column: int) -> str:
    hint = _HINTS.get(character, "")
    if not hint and character.isalpha():
        hint = "; names are made of the letters A to Z and a to z, digits and _"
    return f"{quoted(character)} at column {column} has no meaning in an expression{hint}"


def _check_number(text: str) -> None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        product = _PRODUCT.fullmatch(text)
        hint = f"; write {product[1]}*{product[2]}" if product else ""
        raise ExprError(f"{quoted(text)} is not a number{hint}")
    digits, exponent = match[1], match[2] or "0"
    if len(digits) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent)) > MAX_DIGITS:
        raise ExprError(f"a number has at most {MAX_DIGITS} digits, and an exponent within -{MAX_DIGITS}..{MAX_DIGITS}")
    if digits.isdecimal() and digits[0] == "0" != digits and not match[2]:
        raise ExprError(f"{quoted(text)} starts with a zero; write {int(digits)}")


def _check_brackets(tokens: list[Token]) -> None:
    """Check that brackets close and do not nest deeply, and that commas stand inside those of a function."""
    opened: list[int] = []
    for i, token in enumerate(tokens):
        if token.text == "(":
            opened.append(i)
            if len(opened) > MAX_BRACKETS:
                raise ExprError(f"brackets nest more than {MAX_BRACKETS} deep")
        elif token.text in {")", ","} and not opened:
            raise ExprError(f"{quoted(token.text)} at column {token.column} stands outside of any brackets")
        elif token.text == ")":
            opened.pop()
        elif token.text == "," and not _is_call(tokens, opened[-1]):
            raise ExprError(f"',' at column {token.column}: only functions take several values")
    if opened:
        raise ExprError(f"'(' at column {tokens[opened[-1]].column} is never closed")


def _is_call(tokens: list[Token], bracket: int) -> bool:
    return bracket > 0 and _letter(tokens[bracket - 1]) == "a"


def _check_order(tokens: list[Token]) -> None:
    """Check that values and operators take turns, on a text with one letter per token."""
    shape = "".join(map(_letter, tokens))
    if fault := _NO_OPERATOR.search(shape):
        left, right = (quoted(token.text) for token in tokens[fault.end() - 1 : fault.end() + 1])
        raise ExprError(f"an operator is missing between {left} and {right}")
    if fault := _NO_VALUE.search(shape):
        i = fault.end()
        place = f"before {quoted(tokens[i].text)}" if i < len(tokens) else f"after {quoted(tokens[-1].text)}"
        raise ExprError(f"a value is missing {place}")


def _letter(token: Token) -> str:
    """Return the letter of a token: 1 number, a name, + a sign of either kind, ! not, * another operator."""
    if token.kind == "number":
        return "1"
    return _LETTERS.get(token.text) or ("*" if token.kind == "sign" or token.text in WORDS else "a")
