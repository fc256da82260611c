"""Work that a forward pass does: contractions, elementwise operations, and FLOPs at a convention's prices."""

from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.ops.facts import KINDS


def _macs(node: Node, _: Basis) -> Num:
    return node.facts.work.get("mac", 0)


def _flops(node: Node, basis: Basis) -> Num:
    return basis.convention.flops(node)


def _elementwise(node: Node, _: Basis) -> Num:
    return total((amount, 1) for kind, amount in node.facts.work.items() if kind != "mac")


def _kind(kind: str) -> Metric:
    def amount(node: Node, _: Basis) -> Num:
        return node.facts.work.get(kind, 0)

    return Metric(f"elementwise.{kind}", f"{kind} operations", f"elementwise work: {KINDS[kind]}", amount, shown=False)


METRICS = (
    Metric("macs", "MACs", "multiply-accumulates of contractions", _macs),
    Metric("flops", "FLOPs", "floating point operations, as the convention counts them", _flops, priced=True),
    Metric("elementwise", "operations", "elementwise operations of all kinds", _elementwise),
    *map(_kind, (kind for kind in KINDS if kind != "mac")),
)
