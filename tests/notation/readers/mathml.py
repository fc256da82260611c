"""A reader of presentation MathML that gives the value of a formula, as a reader of the page would take it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

from symcost.notation.typeset import split
from tests.notation.readers.rounding import make_divisible

SPACE = "{http://www.w3.org/1998/Math/MathML}"
TIMES, APPLY = "\u2062", "\u2061"
GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "rho": "ρ", "phi": "φ"}
CORE = {"math", "mrow", "mi", "mn", "mo", "mfrac", "msup", "msub", "mtext", "mtable", "mtr", "mtd"}


def shown(name: str) -> str:
    """Return the name of a symbol as it is found in a formula."""
    stem, index = split(name)
    stem = GREEK.get(stem, stem)
    return f"{stem}_{index}" if index else stem


def value(text: str, env: Mapping[str, Fraction]) -> Fraction:
    """Return the value of a ``math`` element, given those of its names, a name with an index as stem_index."""
    root = ET.fromstring(text)  # noqa: S314
    assert all(element.tag.removeprefix(SPACE) in CORE for element in root.iter())
    return _list(list(root), env)


def equations(text: str, env: dict[str, Fraction]) -> dict[str, Fraction]:
    """Return the value of each left side in a table of equations, the last first: names are read before their use."""
    root = ET.fromstring(text)  # noqa: S314
    found: list[tuple[str, list[ET.Element]]] = []
    for row in root[0]:
        left, _, right = (list(cell) for cell in row)
        if left:
            found.append((_name(left[-1]), right))
        else:
            found[-1][1].extend(right)
    first, *names = found
    values = dict(env)
    for name, right in [*names, first]:
        values[name] = _list(right, values)
    return values


def _list(nodes: Sequence[ET.Element], env: Mapping[str, Fraction]) -> Fraction:
    """Return the value of nodes side by side: a sum of products."""
    if _mo(nodes[0]) in "(⌈⌊" and _mo(nodes[0]):
        return _fenced(nodes, env)[0]
    if len(nodes) > 1 and _mo(nodes[1]) == APPLY:
        return _call(nodes[0], _fenced(list(nodes[2]), env))
    total, sign, product = Fraction(0), 1, Fraction(1)
    for before, node in pairwise([None, *nodes]):
        assert node is not None
        match _mo(node):
            case "":
                assert before is None or _mo(before), "factors without a sign between them"
                product *= _node(node, env)
            case "+" | "−" as mark:
                total += sign * product if before is not None else 0
                sign, product = (1 if mark == "+" else -1), Fraction(1)
            case mark:
                assert mark in {TIMES, "·"}, mark
    return total + sign * product


def _fenced(nodes: Sequence[ET.Element], env: Mapping[str, Fraction]) -> list[Fraction]:
    opening, *inner, closing = nodes
    assert opening.get("form") == "prefix" and closing.get("form") == "postfix"
    parts: list[list[ET.Element]] = [[]]
    for node in inner:
        if _mo(node) == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    values = [_list(part, env) for part in parts]
    match _mo(opening) + _mo(closing):
        case "()":
            return values
        case "⌈⌉":
            return [Fraction(math.ceil(values[0]))]
        case "⌊⌋":
            return [Fraction(math.floor(values[0]))]
    raise AssertionError(_mo(opening))


def _node(node: ET.Element, env: Mapping[str, Fraction]) -> Fraction:
    match node.tag.removeprefix(SPACE):
        case "mn":
            return Fraction(node.text or "")
        case "mi" | "msub":
            return env[_name(node)]
        case "mfrac":
            return _node(node[0], env) / _node(node[1], env)
        case "msup":
            exponent = _node(node[1], env)
            assert exponent.denominator == 1
            return _node(node[0], env) ** int(exponent)
        case "mrow":
            return _list(list(node), env)
    raise AssertionError(node.tag)


def _call(function: ET.Element, arguments: list[Fraction]) -> Fraction:
    match _name(function).split("_"):
        case ["gcd"]:
            return Fraction(math.gcd(*map(int, arguments)))
        case ["max"]:
            return max(arguments)
        case ["min"]:
            return min(arguments)
        case ["round", index]:
            divisor, _, least = index.partition(",")
            return make_divisible(arguments[0], int(divisor), int(least or divisor))
    raise AssertionError(_name(function))


def _name(node: ET.Element) -> str:
    return "_".join("".join(part.itertext()) for part in node) if len(node) else node.text or ""


def _mo(node: ET.Element) -> str:
    return node.text or "" if node.tag == f"{SPACE}mo" else ""
