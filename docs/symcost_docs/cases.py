"""The cases beside an op as examples: a step of a spec, shapes, and what it costs as formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symcost.algebra.expression import Expr
from symcost.algebra.poly import symbol
from symcost.notation.latex import latex
from symcost.ops.case import Case
from symcost.ops.op import MODIFIERS, Op
from symcost.spec.read import short_fields
from symcost_docs.markdown import code, fenced, prose

SPACE = re.compile(r"(?<![-+*/(,])\s+(?![-+*/),])")
"""Between sizes of a shape, where ``W - 8`` is one."""
COMMA = re.compile(r",(?![^(]*\))")
"""Between shapes."""


def example(tag: str, case: Case) -> str:
    """Return a case as Markdown."""
    given = " and ".join(map(_shape, case.ins)) or "nothing"
    amounts = ", ".join(f"{what} {formula(n)}" for what, n in _counts(case).items() if n)
    source = f" ({prose(case.source)})" if case.source else ""
    said = f"{given} to {' and '.join(map(_shape, COMMA.split(case.out)))}" + (f"; {amounts}" if amounts else "")
    return f"{fenced('- ' + step(tag, case.fields), 'yaml')}\n{said}{source}\n"


def _counts(case: Case) -> dict[str, int | str]:
    return {"params": case.params, "buffers": case.buffers, "MACs": case.macs, **case.work}


def _shape(text: str) -> str:
    return code(f"({', '.join(part for part in SPACE.split(text.strip()) if part)})")


def formula(amount: int | str) -> str:
    """Return a number with its thousands apart, or an expression in symbols as it is typeset."""
    if isinstance(amount, int):
        return f"{amount:,}"
    expression = Expr.parse(amount)
    value = expression.evaluate({name: symbol(name) for name in expression.names})
    assert not isinstance(value, bool)
    return f"${latex(value)}$"


def step(tag: str, fields: Mapping[str, Any]) -> str:
    """Return a step as a spec has it."""
    if not fields:
        return tag
    if len(fields) == 1 and fields.keys() <= _first(tag):
        return f"{tag}: {_value(next(iter(fields.values())))}"
    return f"{tag}: {_value(fields)}"


def _first(tag: str) -> set[str]:
    """Return the spellings of an op's first field, which a bare value stands for."""
    first = next((name for name in Op.known[tag].model_fields if name not in ("op", *MODIFIERS)), "")
    return {first, *(short for short, full in short_fields().get(tag, {}).items() if full == first)}


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_value(one)}' for key, one in value.items())}}}"
    quoted = isinstance(value, str) and re.search(r"[,:{}\[\]#]", value)
    return f'"{value}"' if quoted else plain(value)


def plain(value: object) -> str:
    """Return a value as YAML has it."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
