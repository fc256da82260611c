"""Which symbols a network depends on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, Poly, symbols_of
from symcost.graph.model import Node
from symcost.ops.facts import Shape
from symcost.spec.models import Spec

_CHOICE = re.compile(r'"([^"]* if [^"]*)"')
_NAME = re.compile(r"[A-Za-z_]\w*")


def read_by(nodes: Sequence[Node], inputs: Mapping[str, Shape], needs: Iterable[Need]) -> frozenset[str]:
    """Return the names that occur in sizes, in fields of ops, in counts of rounds or in conditions."""
    alike = {(id(node.facts), node.loops): node for node in nodes}
    sizes = set(_sizes(inputs.values()))
    for node in alike.values():
        sizes.update(_sizes([*node.facts.outs, *node.facts.weights.values(), *node.op.fields().values()]))
        sizes.update(loop.count for loop in node.loops if isinstance(loop.count, Poly))
    return frozenset().union(*map(symbols_of, sizes), *(need.symbols for need in needs))


def unread(spec: Spec, env: Mapping[str, Num | bool], read: Collection[str]) -> dict[str, str]:
    """Return the free symbols that are not read, each with why: of ``S if decode else 0``, "with decode = false"."""
    idle = [key for key, value in env.items() if isinstance(value, Poly) and key not in read]
    asked = _CHOICE.findall(spec.model_dump_json(include={"inputs", "blocks", "model"})) if idle else []
    choices = [set(_NAME.findall(text)) for text in asked]
    fixed = {key: str(value).lower() for key, value in env.items() if not isinstance(value, Poly)}
    found = {}
    for key in idle:
        asked_of = [f"{name} = {value}" for name, value in fixed.items() if any({key, name} <= c for c in choices)]
        found[key] = f"with {' and '.join(asked_of)}" if asked_of else "as flags and constants are set here"
    return found


def _sizes(values: Iterable[object]) -> Iterator[Num]:
    for value in values:
        if isinstance(value, Poly):
            yield value
        elif isinstance(value, tuple):
            yield from _sizes(value)
