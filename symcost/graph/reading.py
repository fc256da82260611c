"""Which symbols a network depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, Poly, symbols_of
from symcost.graph.model import Node
from symcost.ops.facts import Shape


def read_by(nodes: Sequence[Node], inputs: Mapping[str, Shape], needs: Iterable[Need]) -> frozenset[str]:
    """Return the names that occur in sizes, in fields of ops, in counts of rounds or in conditions."""
    alike = {(id(node.facts), node.loops): node for node in nodes}
    sizes = set(_sizes(inputs.values()))
    for node in alike.values():
        sizes.update(_sizes([*node.facts.outs, *node.facts.weights.values(), *node.op.fields().values()]))
        sizes.update(loop.count for loop in node.loops if isinstance(loop.count, Poly))
    return frozenset().union(*map(symbols_of, sizes), *(need.symbols for need in needs))


def _sizes(values: Iterable[object]) -> Iterator[Num]:
    for value in values:
        if isinstance(value, Poly):
            yield value
        elif isinstance(value, tuple):
            yield from _sizes(value)
