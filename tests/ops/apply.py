"""Apply one op to shapes outside any graph, and read the cases that stand beside the ops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import symcost.ops
from symcost.algebra.expression import Expr
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, symbol
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape
from symcost.ops.op import Op, Refused

Env = Mapping[str, Num]


def make(tag: str, fields: Mapping[str, Any]) -> Op:
    """Return the op that a spec would write with these fields."""
    return Op.known[tag].model_validate({"op": tag, **fields})


def bound(op: Op, env: Env) -> Op:
    """Return the op with every expression replaced by its value."""
    return op.bind(env)[0]


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


def all_cases() -> Iterator[tuple[str, Case]]:
    """Yield every case of every op, with the tag it is about."""
    for module in iter_modules(symcost.ops.__path__):
        loaded = import_module(f"symcost.ops.{module.name}")
        own = [tag for tag, op in Op.known.items() if op.__module__ == loaded.__name__]
        for case in getattr(loaded, "CASES", ()):
            yield case.op or own[0], case


def named(cases: list[tuple[str, Case]]) -> list[str]:
    """Return a name for each case, for pytest to print."""
    texts = (re.sub(r"[^a-z0-9]+", "_", str(dict(case.fields)).lower()).strip("_")[:40] for _, case in cases)
    return [f"{tag}-{text}" for (tag, _), text in zip(cases, texts, strict=True)]


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


def symbols(tag: str, case: Case) -> dict[str, Num]:
    """Return the symbols that a case is written in, each as itself."""
    parts = [part for text in case.ins for part in split(text)]
    written = {name for part in parts for name in Expr.parse(part).names}
    return {name: symbol(name) for name in sorted(written | names(make(tag, case.fields).fields()))}


def names(written: Any) -> frozenset[str]:
    """Return the names in the expressions among an op's fields."""
    if isinstance(written, Expr):
        return written.names
    inner = written.values() if isinstance(written, Mapping) else written if isinstance(written, tuple) else ()
    return frozenset(name for part in inner for name in names(part))
