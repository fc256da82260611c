"""A script in fewer signs: no space that nothing needs, and short names for what the script itself names.

It knows as much of JavaScript as tells a name from a property, which keeps its own. What is read by people are the
files of ``assets``: they end their statements with semicolons, and call nothing of their own as a browser calls what it
gives to scripts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from string import ascii_letters
from typing import Literal

_SPACE = re.compile(r"\s*")
_ALONE = re.compile(r"[\w$]{2}|\+\+|--")
_TOKEN = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<word>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)"""
    r"""|(?P<sign>=>|\?\?=|\|\|=|&&=|\*\*=|\?\.|\.\.\.|\?\?|&&|\|\||\*\*|[-+*/%<>=!]=+|\+\+|--|[^\s\w])"""
)
_PATTERN = re.compile(r"(?P<pattern>/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/[a-z]*)")
_TEMPLATE = re.compile(r"(?P<template>[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{))", re.DOTALL)
_WORDS = """async await break case catch class const continue default delete do else export extends false finally for
function if import in instanceof let new null of return static super switch this throw true try typeof undefined var
void while with yield"""
_RESERVED = frozenset(_WORDS.split())
_ENDS_VALUE = frozenset((")", "]", "}", "++", "--"))
_OPENS_BLOCK = frozenset(("", ")", "=>", "else", "try", "finally", "do", ";", "{", "}"))
_PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass
class _Token:
    """A piece of a script.

    Attributes:
        kind: ``word``, ``text``, ``number``, ``pattern``, ``template`` or ``sign``.
        text: as it stands in the script.
        use: of a word: a ``name``; a ``short`` form for a property and a name; nothing for a property and what the
            language reserves.
    """

    kind: str
    text: str
    use: Literal["", "name", "short"] = ""


@dataclass
class _Bracket:
    """An open bracket: where it stands, and whether it holds properties."""

    place: int
    text: str
    properties: bool = False
    inside: list[int] = field(default_factory=list)


def shortened(script: str) -> str:
    """Return a script that does the same; it exports nothing."""
    tokens = list(_tokens(script))
    names = _short(tokens, _declared(tokens))
    written = (_written(token, names) for token in _needed(tokens))
    return "".join(_spaced(chain.from_iterable(written)))


def _tokens(script: str) -> Iterator[_Token]:
    """Give the pieces of a script, without space; what stands in a template is in pieces too."""
    place, last = _skipped(script, 0), _Token("sign", "")
    depths: list[int] = []
    while place < len(script):
        closes = script[place] == "}" and bool(depths) and depths[-1] == 0
        if closes:
            depths.pop()
        pattern = script[place] == "/" and not _is_value(last)
        kind = _TEMPLATE if closes or script[place] == "`" else _PATTERN if pattern else _TOKEN
        found = kind.match(script, place)
        assert found is not None, f"a script cannot be read at {script[place : place + 40]!r}"
        last = _Token(str(found.lastgroup), found[0])
        if last.kind == "template" and last.text.endswith("${"):
            depths.append(0)
        elif depths and last.text in "{}":
            depths[-1] += 1 if last.text == "{" else -1
        yield last
        place = _skipped(script, found.end())


def _skipped(script: str, place: int) -> int:
    """Return the place of the next sign that is no space."""
    space = _SPACE.match(script, place)
    return space.end() if space else place


def _is_value(token: _Token) -> bool:
    """Tell whether a stroke after a token divides."""
    if token.kind == "word":
        return token.text not in _RESERVED
    return token.kind in {"number", "text", "pattern"} or token.text in _ENDS_VALUE or token.text.endswith("`")


def _declared(tokens: Sequence[_Token]) -> set[str]:
    """Return the names that a script declares, having told what each word is used as."""
    names: set[str] = set()
    stack = [_Bracket(-1, "")]
    for i, token in enumerate(tokens):
        if token.kind == "word":
            token.use = _use(tokens, i, stack[-1])
            stack[-1].inside += [i] if token.use else []
            names |= {token.text} if token.use and _is_declared(tokens, i) else set()
        elif token.kind == "sign" and token.text in _PAIRS:
            stack.append(_Bracket(i, token.text, token.text == "{" and not _is_block(tokens, i)))
        elif token.kind == "sign" and token.text in _PAIRS.values():
            closed = stack.pop()
            names |= {tokens[k].text for k in closed.inside} if _declares(tokens, closed, i) else set()
            stack[-1].inside += closed.inside if closed.text != "{" or closed.properties else []
    return names


def _is_declared(tokens: Sequence[_Token], i: int) -> bool:
    return _text(tokens, i - 1) in {"const", "let", "function"} or _text(tokens, i + 1) == "=>"


def _is_block(tokens: Sequence[_Token], i: int) -> bool:
    """Tell whether a curly bracket holds statements."""
    return not i or (tokens[i - 1].kind in {"word", "sign"} and tokens[i - 1].text in _OPENS_BLOCK)


def _use(tokens: Sequence[_Token], i: int, bracket: _Bracket) -> Literal["", "name", "short"]:
    text, before, after = tokens[i].text, _text(tokens, i - 1), _text(tokens, i + 1)
    if text in _RESERVED or before in {".", "?."}:
        return ""
    if not bracket.properties or before not in {"{", ",", "async"}:
        return "name"
    return "" if after in {":", "("} else "short"


def _declares(tokens: Sequence[_Token], bracket: _Bracket, end: int) -> bool:
    """Tell whether what stands in a bracket are names that are declared there: a pattern, or parameters."""
    before, after = _text(tokens, bracket.place - 1), _text(tokens, end + 1)
    if bracket.text != "(":
        return before in {"const", "let"}
    if after == "=>" or before in {"catch", "function"} or _text(tokens, bracket.place - 2) == "function":
        return True
    called = tokens[bracket.place - 1]
    return after == "{" and called.kind == "word" and called.text not in _RESERVED


def _text(tokens: Sequence[_Token], i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) and tokens[i].kind in {"word", "sign"} else ""


def _short(tokens: Sequence[_Token], declared: set[str]) -> dict[str, str]:
    """Return short names for those that are declared, the shortest for the commonest."""
    used = Counter(token.text for token in tokens if token.use)
    taken = _RESERVED | (used.keys() - declared)
    letters = ("".join(pair) for pair in chain(product(ascii_letters), product(ascii_letters, ascii_letters)))
    free = (name for name in letters if name not in taken)
    return {name: next(free) for name, _ in used.most_common() if name in declared}


def _needed(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """Give the tokens without those that change nothing: last commas and semicolons, brackets around one parameter."""
    for i, token in enumerate(tokens):
        if token.kind == "word":
            yield _Token("word", "let") if token.text == "const" else token
        elif token.kind != "sign" or not _is_idle(tokens, i):
            yield token


def _is_idle(tokens: Sequence[_Token], i: int) -> bool:
    after = _text(tokens, i + 1)
    match tokens[i].text:
        case ";":
            return after == "}"
        case ",":
            return after in {"}", ")"}
        case "(":
            return [_text(tokens, i + k) for k in (2, 3)] == [")", "=>"] and bool(tokens[i + 1].use)
        case ")":
            return after == "=>" and _text(tokens, i - 2) == "(" and bool(tokens[i - 1].use)
    return False


def _written(token: _Token, names: dict[str, str]) -> Iterator[str]:
    name = names.get(token.text, token.text) if token.use else token.text
    if token.use == "short" and name != token.text:
        yield from (token.text, ":")
    yield name


def _spaced(pieces: Iterator[str]) -> Iterator[str]:
    """Give pieces with a space between those that would run together."""
    last = ""
    for piece in pieces:
        joint = last[-1:] + piece[:1]
        yield f" {piece}" if _ALONE.fullmatch(joint) else piece
        last = piece
