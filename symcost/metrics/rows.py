"""Break-downs of what metrics come to: by node, by block, by kind of op."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from symcost.algebra.atoms import Box
from symcost.algebra.poly import Num, total
from symcost.errors import UsageError
from symcost.graph.model import Node
from symcost.metrics.book import Book
from symcost.metrics.metric import metric

if TYPE_CHECKING:
    import sympy

_Amounts: TypeAlias = tuple[Node, dict[str, Num]]


@dataclass(frozen=True)
class Row:
    """One line of a break-down; the rows of a break-down add up to the total, of a peak the largest row is the total.

    Attributes:
        name: of the node, block or op.
        op: tag of the op, empty where several come together.
        count: how many applications of ops it stands for.
        values: amount of each metric.
        times: for how many rounds of a repetition it stands, each the same block.
    """

    name: str
    op: str
    count: Num
    values: Mapping[str, Num]
    times: Num = 1

    def sympy(self, name: str) -> sympy.Expr:
        """Return the amount of a metric as a SymPy expression."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.values[name])


def by_node(book: Book, names: Iterable[str]) -> list[Row]:
    """Return a row for every node, in order."""
    return [Row(node.name, node.op.tag, node.count, values) for node, values in book.amounts(names)]


def by_block(book: Book, depth: int, names: Iterable[str]) -> list[Row]:
    """Return a row for every block down to a depth, in order.

    Raises:
        UsageError: a depth below 1.
    """
    if depth < 1:
        raise UsageError(f"blocks are told apart down to a depth of 1 or more, got {depth}")
    groups = _grouped(book, lambda node: ".".join(node.name.split(".")[:depth]), names)
    rounds = {block: book.graph.rounds([node.name for node, _ in group]) for block, group in groups.items()}
    return [replace(row, times=rounds[row.name]) for row in _rows(groups, book.box)]


def by_op(book: Book, names: Iterable[str]) -> list[Row]:
    """Return a row for every kind of op, in order of first use."""
    return _rows(_grouped(book, lambda node: node.op.tag, names), book.box)


def broken_down(book: Book, by: str, depth: int, names: Iterable[str]) -> list[Row]:
    """Return a break-down by ``block``, ``node`` or ``op``.

    What is of the network as a whole has rows of its own: one, or one for each metric that is a part of it.

    Raises:
        UsageError: there is no such break-down.
    """
    if by not in ("block", "node", "op"):
        raise UsageError(f"there is no break-down by '{by}'; there are block, node and op")
    asked = tuple(names)
    parted = [name for name in asked if not metric(name).of_network]
    rows = _parted(book, by, depth, parted) if parted else []
    found = _of_network(book, asked)
    zeros = dict.fromkeys(asked, 0)
    rows = [replace(row, values={**zeros, **row.values}) for row in rows] if found else rows
    return [*rows, *(Row(part, "", 1, {**zeros, **values}) for part, values in found.items() if values)]


def _parted(book: Book, by: str, depth: int, names: Iterable[str]) -> list[Row]:
    if by == "block":
        return by_block(book, depth, names)
    return by_node(book, names) if by == "node" else by_op(book, names)


def _of_network(book: Book, names: Iterable[str]) -> dict[str, dict[str, Num]]:
    """Return for each part of what is of the network as a whole the metrics that it adds to."""
    found: dict[str, dict[str, Num]] = {}
    for m in map(metric, names):
        for part in (m.parts or ("network",)) if m.of_network else ():
            amount = book.poly(part if m.parts else m.name)
            found.setdefault(part, {}).update({m.name: amount} if amount != 0 else {})
    return found


def _grouped(book: Book, key: Callable[[Node], str], names: Iterable[str]) -> dict[str, list[_Amounts]]:
    groups: dict[str, list[_Amounts]] = {}
    for node, values in book.amounts(names):
        groups.setdefault(key(node), []).append((node, values))
    return groups


def _rows(groups: Mapping[str, list[_Amounts]], box: Box) -> list[Row]:
    return [_row(name, group, box) for name, group in groups.items()]


def _row(name: str, group: list[_Amounts], box: Box) -> Row:
    tags = {node.op.tag for node, _ in group}
    values = {m: metric(m).together((values[m] for _, values in group), box) for m in group[0][1]}
    return Row(name, tags.pop() if len(tags) == 1 else "", total((node.count, 1) for node, _ in group), values)
