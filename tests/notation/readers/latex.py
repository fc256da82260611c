"""A reader of LaTeX formulas that gives their value: it knows LaTeX, and nothing of how symcost writes it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction

from tests.notation.readers.rounding import make_divisible

_INDEX = r"(?:_\{(?:[^{}]|\{[^{}]*\})*\})?"
_WORD = re.compile(
    rf"(?P<number>\d+)|(?P<operator>\\(?:operatorname\{{\w+\}}|gcd|max|min){_INDEX})"
    r"|(?P<space>\\,|\\cdot|\\left|\\right|\\Bigl|\\Bigr|\\quad|\s+)|(?P<command>\\frac|\\lceil|\\rceil|\\lfloor|\\rfloor)"
    rf"|(?P<name>(?:\\mathrm\{{[^{{}}]*\}}|\\[a-z]+|[A-Za-z]){_INDEX})|(?P<sign>[-+^{{}}(),])"
)


def value(text: str, env: Mapping[str, Fraction]) -> Fraction:
    """Return the value of a formula, given those of its names as they are written."""
    reader = _Reader(text, env)
    found = reader.sum()
    assert reader.next() == "", f"{reader.next()} is left over"
    return found


class _Reader:
    def __init__(self, text: str, env: Mapping[str, Fraction]) -> None:
        self.words: list[str] = []
        self.env = env
        position = 0
        while position < len(text):
            match = _WORD.match(text, position)
            assert match, f"cannot read {text[position:]!r}"
            position = match.end()
            if match.lastgroup != "space":
                self.words.append(match[0])

    def next(self) -> str:
        return self.words[0] if self.words else ""

    def take(self, *expected: str) -> str:
        word = self.words.pop(0)
        assert not expected or word in expected, f"{word} where {expected} is expected"
        return word

    def sum(self) -> Fraction:
        sign = -1 if self.next() == "-" and self.take() else 1
        found = sign * self.product()
        while self.next() in {"+", "-"}:
            found += self.product() if self.take() == "+" else -self.product()
        return found

    def product(self) -> Fraction:
        found = self.power()
        while self.next() not in {"", "+", "-", "}", ")", ",", r"\rceil", r"\rfloor"}:
            found *= self.power()
        return found

    def power(self) -> Fraction:
        base = self.base()
        if self.next() != "^":
            return base
        self.take()
        exponent = self.group("{", "}")
        assert exponent.denominator == 1
        return base ** int(exponent)

    def group(self, opening: str, closing: str) -> Fraction:
        self.take(opening)
        found = self.sum()
        self.take(closing)
        return found

    def base(self) -> Fraction:
        word = self.next()
        if word == "(":
            return self.group("(", ")")
        if word == r"\lceil":
            return Fraction(math.ceil(self.group(r"\lceil", r"\rceil")))
        if word == r"\lfloor":
            return Fraction(math.floor(self.group(r"\lfloor", r"\rfloor")))
        self.take()
        if word.isdigit():
            return Fraction(word)
        if word == r"\frac":
            return self.group("{", "}") / self.group("{", "}")
        return self.call(word) if word.startswith((r"\operatorname", r"\gcd", r"\max", r"\min")) else self.env[word]

    def call(self, word: str) -> Fraction:
        self.take("(")
        arguments = [self.sum()]
        while self.take(")", ",") == ",":
            arguments.append(self.sum())
        if word == r"\gcd":
            return Fraction(math.gcd(*map(int, arguments)))
        if word in {r"\max", r"\min"}:
            return max(arguments) if word == r"\max" else min(arguments)
        match = re.fullmatch(r"\\operatorname\{round\}_\{(\d+)(?:,(\d+))?\}", word)
        assert match, word
        return make_divisible(arguments[0], int(match[1]), int(match[2] or match[1]))
