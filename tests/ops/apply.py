"""Make ops by their tags, and find the cases that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import symcost.ops
import symcost.ops.apply
from symcost.algebra.poly import Num
from symcost.ops.apply import Env, apply, names, shape, shapes, split, stated, value
from symcost.ops.case import Case
from symcost.ops.op import Op

__all__ = ["Env", "all_cases", "apply", "make", "named", "names", "shape", "shapes", "split", "stated", "symbols"]
__all__ += ["bound", "value"]


def make(tag: str, fields: Mapping[str, Any]) -> Op:
    """Return the op that a spec would write with these fields."""
    return Op.known[tag].model_validate({"op": tag, **fields})


def bound(op: Op, env: Env) -> Op:
    """Return the op with every expression replaced by its value."""
    return op.bind(env)[0]


def symbols(tag: str, case: Case) -> dict[str, Num]:
    """Return the symbols that a case is written in, each as itself."""
    return symcost.ops.apply.symbols(make(tag, case.fields), case)


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
