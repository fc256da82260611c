"""Read JSON, fast, with places that are looked up only when there is something to say about them."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from symcost.errors import Problem, SpecError, quoted
from symcost.spec.document import MAX_DIGITS, MAX_NESTING, Document, Tree
from symcost.spec.origin import Path

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?'  # a text, and the colon that makes it a key
    r"|[{}\[\]]"
    rf"|-?Infinity|NaN|(?<![0-9.eE+])-?[0-9]{{{MAX_DIGITS + 1},}}(?![0-9.eE])",  # what is no number here
    re.DOTALL,
)


class _FaultInside(ValueError):
    """The text is JSON, and breaks a rule of specs."""


def read_json(text: str, file: str) -> Document:
    """Read a JSON object; no key twice, no NaN, at most 60 brackets inside one another.

    Raises:
        SpecError: with the place of the first fault.
    """
    try:
        tree = json.loads(text, **_RULES)
        _check_nesting(tree)
    except json.JSONDecodeError as error:
        raise _error(f"is not JSON here: {error.msg}", text, error.pos, file) from None
    except (_FaultInside, RecursionError) as error:
        message, offset = _first_fault(text, error)
        raise _error(message, text, offset, file) from None
    if not isinstance(tree, dict):
        raise _error("a spec is an object with the keys 'symcost', 'name', 'inputs', 'model'", text, 0, file)
    return Document(tree, file, JsonMarks(text))


def _unique(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise _FaultInside("an object has a key twice")
    return tree


def _integer(digits: str) -> int:
    length = len(digits.removeprefix("-"))
    if length > MAX_DIGITS:
        raise _FaultInside(f"a number of {length:,} digits is more than {MAX_DIGITS}")
    return int(digits)


def _not_finite(word: str) -> NoReturn:
    raise _FaultInside(f"{word} is not a number")


_RULES: dict[str, Any] = {
    "object_pairs_hook": _unique,
    "parse_int": _integer,
    "parse_float": str,
    "parse_constant": _not_finite,
}


def _check_nesting(tree: Tree) -> None:
    level: list[Any] = [tree]
    for _ in range(MAX_NESTING):
        parts = (part.values() if type(part) is dict else part for part in level)
        level = [inner for part in parts for inner in part if type(inner) is dict or type(inner) is list]
        if not level:
            return
    raise _FaultInside("brackets nest too deep")


def _first_fault(text: str, error: Exception) -> tuple[str, int]:
    """Return the message and offset of the first repeated key, forbidden number, or bracket too deep."""
    keys: list[set[str]] = [set()]
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            keys.append(set())
            if len(keys) > MAX_NESTING + 1:
                return f"brackets nest more than {MAX_NESTING} deep", token.start()
        elif token[0] in "}]":
            keys.pop()
        elif token[1]:
            key, _ = _DECODER.raw_decode(text, token.start())
            if key in keys[-1]:
                return f"key {quoted(key)} stands twice in the same object", token.start()
            keys[-1].add(key)
        elif token[0][0] != '"':
            return str(error), token.start()
    return str(error), 0


def _error(message: str, text: str, offset: int, file: str) -> SpecError:
    line, column = _place(text, offset)
    return SpecError(Problem(message, file=file, line=line, column=column))


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class JsonMarks:
    """Places in a JSON text: a path is followed through the text, and each container is looked through once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: dict[int, dict[str | int, tuple[int, int]]] = {}

    def locate(self, path: Path) -> tuple[int, int]:
        """Return the line and column of the key or element at a path, or of the last one on the way to it."""
        value = mark = self._after_space(0)
        for step in path:
            found = self._children(value).get(step)
            if found is None:
                break
            mark, value = found
        return _place(self._text, mark)

    def _children(self, container: int) -> dict[str | int, tuple[int, int]]:
        """Return the offsets of each child's key (or itself, in a list) and value."""
        if container not in self._seen:
            kind = self._text[container]
            read = self._pairs if kind == "{" else self._elements if kind == "[" else None
            self._seen[container] = read(container + 1) if read else {}
        return self._seen[container]

    def _pairs(self, offset: int) -> dict[str | int, tuple[int, int]]:
        found: dict[str | int, tuple[int, int]] = {}
        mark = self._after_space(offset)
        while self._text[mark] == '"':
            key, end = _DECODER.raw_decode(self._text, mark)
            value = self._after_space(self._after_space(end) + 1)
            found[key] = mark, value
            mark = self._next(value)
        return found

    def _elements(self, offset: int) -> dict[str | int, tuple[int, int]]:
        found: dict[str | int, tuple[int, int]] = {}
        value = self._after_space(offset)
        while self._text[value] != "]":
            found[len(found)] = value, value
            value = self._next(value)
        return found

    def _next(self, value: int) -> int:
        """Return the offset of what follows a value: the next key or element, or the closing bracket."""
        end = self._after_space(_DECODER.raw_decode(self._text, value)[1])
        return self._after_space(end + 1) if self._text[end] == "," else end

    def _after_space(self, offset: int) -> int:
        match = _SPACE.match(self._text, offset)
        return match.end() if match else offset
