"""Expressions over exact numbers, by a walk over Python's own syntax tree."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from tests.specs.naive.columns import gcd, isqrt, over
from tests.specs.naive.terms import Names


def evaluate(written: Any, names: Names) -> Any:
    """Return the exact value of what stands in a spec: of each part of a list, of an expression, or itself."""
    if isinstance(written, list):
        return [evaluate(part, names) for part in written]
    value = worth(parse(written), names) if isinstance(written, str) else written
    if isinstance(value, float):
        value = Fraction(str(value))
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


@cache
def parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def worth(node: ast.expr, names: Names) -> Any:
    """Return the value of an expression: that of its parts, put together."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int) else Fraction(str(node.value))
    if isinstance(node, ast.Name):
        return WORDS[node.id] if node.id in WORDS else names[node.id]
    parts = [worth(part, names) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    match node:
        case ast.IfExp():
            return parts[1] if parts[0] else parts[2]
        case ast.Compare(ops=ops):
            return all(OPERATORS[type(op)](*two) for op, two in zip(ops, pairwise(parts), strict=True))
        case ast.Call():
            return parts[0](*parts[1:])
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.UnaryOp(op=op):
            return OPERATORS[type(op)](*parts)
    raise TypeError(f"no meaning: {ast.dump(node)}")


def make_divisible(v: Fraction, divisor: int, min_value: int | None = None) -> int:
    """Return torchvision's _make_divisible, in exact numbers."""
    rounded = max(min_value or divisor, math.floor(v + Fraction(divisor, 2)) // divisor * divisor)
    return rounded + divisor if rounded < Fraction(9, 10) * v else rounded


WORDS: Names = {
    "true": True, "false": False, "make_divisible": make_divisible, "ceil": math.ceil, "floor": math.floor,
    "min": min, "max": max, "gcd": gcd, "isqrt": isqrt,
}  # fmt: skip
OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: over,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: lambda a, b: over(a, 1) ** b,
    ast.USub: operator.neg, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Not: operator.not_, ast.And: lambda *parts: all(parts),
    ast.Or: lambda *parts: any(parts),
}  # fmt: skip
