"""A reader of a page's static part: what a person without scripts sees, as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from tests.notation.readers import mathml as reader

VOID = {"meta", "wbr", "br", "hr", "img", "input", "link"}
MATH = re.compile(r"<math>(.*?)</math>", re.DOTALL)


class Nesting(HTMLParser):
    """Tags as they nest; what closes another tag than the one last opened is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def formulas(page: str, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the value of each metric's formula in a page, its short names read too."""
    env = dict(point)
    for text in re.findall(r'<p class="with">(.*?)</p>', page):
        for equation in MATH.findall(text):
            name, _, *right = _root(equation)
            env[reader._name(name)] = reader._list(right, env)
    entries = re.findall(r"<dt>([\w.]+) <span>.*?</dt><dd>= (.*?)</dd>", page, re.DOTALL)
    return {name: _value(text, env) for name, text in entries}


def _value(text: str, env: Mapping[str, Fraction]) -> Fraction:
    """Return the value of terms with signs, largest and least ones of several among them."""
    found: list[Fraction] = []

    def read(match: re.Match[str]) -> str:
        found.append(reader._list(list(_root(match[1])), env))
        return f"F[{len(found) - 1}]"

    sum_ = unescape(MATH.sub(read, text)).replace("−", "-").replace(";", ",")
    assert not set(re.sub(r"max|min|F\[\d+\]", "", sum_)) - set("+-,() 0"), sum_
    return Fraction(eval(re.sub(r"\] (?=m)", "]*", sum_), {"F": found}))  # noqa: S307 - of the signs above alone


def _root(text: str) -> ET.Element:
    return ET.fromstring(f'<math xmlns="{reader.SPACE.strip("{}")}">{text}</math>')  # noqa: S314
