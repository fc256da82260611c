"""How libraries write attention out, and where it knows positions; see ``written``."""

from __future__ import annotations

from collections.abc import Callable

from symcost.graph import Node
from symcost.ops.facts import Kept, Shape, numel
from symcost.ops.relative_position_bias import RelativePositionBias
from symcost.ops.scaled_dot_product_attention import ScaledDotProductAttention
from tests.specs.layout import Layout
from tests.specs.written import Writing, made, read


def _served(layout: Layout, node: Node, at: int) -> Kept:
    """Return what is kept of keys or values: repeated for all the heads that they serve, but for a single one."""
    heads, shape = node.ins[0].shape[:-2], node.ins[at].shape
    if layout.sizes((numel(heads),)) == layout.sizes((numel(shape[:-2]),)):
        return read(layout, node, at)
    if layout.sizes(shape[:-2]) == (1, 1):
        return Kept("input", at)
    return made(f"served {at}", heads, shape[-2:])


def _pairs(node: Node) -> Shape:
    queries, keys, _ = (tensor.shape for tensor in node.ins)
    return (*queries[:-1], keys[-2])


def _products(layout: Layout, node: Node) -> tuple[Kept, ...]:
    assert isinstance(node.op, ScaledDotProductAttention)
    tanh = ("tanh",) if node.op.softcap != 0 else ()
    drop = ("noise", "dropped") if node.op.dropout_p != 0 else ()
    ins = (read(layout, node, 0), _served(layout, node, 1), _served(layout, node, 2))
    return (*ins, *(made(what, _pairs(node)) for what in ("shares", *tanh, *drop)))


def _scaled(layout: Layout, node: Node) -> tuple[Kept, ...]:
    queries, keys, _ = (tensor.shape for tensor in node.ins)
    scaled = made("scaled queries", queries), made("scaled keys", keys)
    return (*scaled, made("shares", _pairs(node)), _served(layout, node, 2))


def _joint(layout: Layout, node: Node) -> tuple[Kept, ...]:
    return (*_scaled(layout, node)[:3], made("queries, keys, values", (3,), node.ins[2].shape))


def _of_one(attend: Callable[[Layout, Node], tuple[Kept, ...]], at: int) -> Callable[[Layout, Node], tuple[Kept, ...]]:
    def keeps(layout: Layout, node: Node) -> tuple[Kept, ...]:
        found = attend(layout, node)
        whole = made("queries, keys, values", (3,), node.ins[2].shape)
        return tuple(whole if (each.what, each.index) == ("input", at) else each for each in found)

    return keeps


def _own_values(layout: Layout, node: Node) -> tuple[Kept, ...]:
    shape = node.ins[2].shape
    windows = layout.sizes(shape[:1]) != (layout.env["B"],)
    return _scaled(layout, node) if windows else (*_scaled(layout, node)[:3], made("values", shape))


def _own_second(layout: Layout, node: Node) -> tuple[Kept, ...]:
    return read(layout, node, 0), made("second", node.ins[1].shape)


def _scaled_queries(layout: Layout, node: Node) -> tuple[Kept, ...]:
    queries = made("scaled queries", node.ins[0].shape)
    return queries, read(layout, node, 1), read(layout, node, 2), made("shares", _pairs(node))


PRODUCTS = Writing("attention written out: products, softmax, and in dropout noise and what it leaves; keys and values "
                   "are repeated for the heads that they serve", _products)  # fmt: skip
SCALED_QUERIES = Writing("attention written out: queries are scaled, products, softmax", _scaled_queries)
SCALED = Writing("torch's attention without a fused kernel: queries and keys times the root of the scale, products",
                 _scaled)  # fmt: skip
JOINT = Writing("torch.nn.MultiheadAttention brings queries, keys and values of all examples into one copy; the values "
                "are a part of it", _joint)  # fmt: skip
PRODUCTS_OF_ONE = Writing("one layer makes queries, keys and values, of which a single example's values are a view",
                          _of_one(_products, 2))  # fmt: skip
OWN_VALUES = Writing(SCALED.reason + "; over all tokens, values are brought in order first", _own_values)
OWN_SECOND = Writing("keys, and values, are brought in order first, for a kernel", _own_second)
KEYS_SCALED = Writing("torch's attention without a fused kernel scales the keys as well", _own_second)
SCALED_OF_ONE = Writing(PRODUCTS_OF_ONE.reason, _of_one(_scaled, 2))


def _places(layout: Layout, node: Node) -> tuple[Kept, ...]:
    assert isinstance(node.op, RelativePositionBias)
    pairs = node.ins[0].shape[-2:]
    clipped = layout.sizes(pairs[:1]) != layout.sizes((numel(node.op.window),))
    return (made("places", pairs, dtype="index"),) if clipped else ()


def _rows(layout: Layout, node: Node) -> tuple[Kept, ...]:
    queries = node.ins[1].shape
    alone = layout.sizes((numel(queries[:-2]),)) == (1,)
    return node.facts.keeps if alone else (*node.facts.keeps, made("queries by rows", queries))


ROWS = Writing("queries are turned to meet the vectors of rows, a copy unless there is one head of one example", _rows)


def _table(_: Layout, node: Node) -> tuple[Kept, ...]:
    hidden = next(kept for kept in node.facts.keeps if kept.what == "hidden")
    return (*node.facts.keeps, *(made(what, hidden.shape) for what in ("noise", "dropped")))


DROPPED_TABLE = Writing("what makes the table of positions drops some of its hidden numbers", _table)
PLACES = Writing("rows of a table of positions are looked up by a part of a buffer, copied, if windows are clipped",
                 _places)  # fmt: skip


def _logits(_: Layout, node: Node) -> tuple[Kept, ...]:
    return tuple(made(f"queries by {axis}", node.ins[0].shape) for axis in ("rows", "columns"))


LOGITS = Writing("queries are turned to meet the vectors of rows and those of columns, two copies", _logits)
