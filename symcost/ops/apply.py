"""Apply one op to shapes, outside any graph: what its cases are checked with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symcost.algebra.expression import Expr
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, symbol
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape
from symcost.ops.op import Op, Refused

Env = Mapping[str, Num]


def stated(op: Op, ins: tuple[Shape, ...], env: Env | None = None) -> tuple[Facts, tuple[Need, ...]]:
    """Return the facts of an application, and all conditions on it, decided or not."""
    fixed, bind_needs = op.bind(env or {})
    axes, equal = fixed.match(ins)
    facts = fixed.emit(axes)
    return facts, (*bind_needs, *equal, *facts.needs)


def apply(op: Op, ins: tuple[Shape, ...], env: Env | None = None) -> Facts:
    """Return the facts of an application that no condition forbids.

    Raises:
        Refused: the op does not take these inputs.
    """
    facts, needs = stated(op, ins, env)
    for need in needs:
        if need.decide({}) is False:
            raise Refused(f"asks for {need.phrase({})}")
    return facts


def shape(text: str, env: Env) -> Shape:
    """Return the sizes of a shape: expressions separated by spaces, where ``W - 8`` is one."""
    return tuple(value(part, env) for part in split(text))


def split(text: str) -> list[str]:
    """Return the sizes of a shape, each as text."""
    return [part for part in re.split(r"(?<![-+*/(,])\s+(?![-+*/),])", text.strip()) if part]


def shapes(text: str, env: Env) -> tuple[Shape, ...]:
    """Return the shapes of several outputs, separated by commas."""
    return tuple(shape(part, env) for part in re.split(r",(?![^(]*\))", text))


def value(text: int | str, env: Env) -> Num:
    """Return the value of an expression in symbols."""
    if isinstance(text, int):
        return text
    result = Expr.parse(text).evaluate(env)
    assert not isinstance(result, bool)
    return result


def symbols(op: Op, case: Case) -> dict[str, Num]:
    """Return the symbols that a case is written in, each as itself."""
    parts = [part for text in case.ins for part in split(text)]
    written = {name for part in parts for name in Expr.parse(part).names}
    return {name: symbol(name) for name in sorted(written | names(op.fields()))}


def names(written: Any) -> frozenset[str]:
    """Return the names in the expressions among an op's fields."""
    if isinstance(written, Expr):
        return written.names
    inner = written.values() if isinstance(written, Mapping) else written if isinstance(written, tuple) else ()
    return frozenset(name for part in inner for name in names(part))
