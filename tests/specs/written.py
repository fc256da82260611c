"""How libraries write the ops of a graph out in torch's own, and what autograd keeps of these.

A graph says what an op has to keep. A library that writes an op out in several keeps what each of them does; these
rules say which tensors that are, and so the graph is read again with them in place (``as_written``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil_div
from symcost.graph import Graph, Node
from symcost.ops.facts import INPUT, Dtype, Facts, Kept, Shape, numel
from symcost.ops.relative_position_bias import RelativePositionBias
from symcost.ops.scaled_dot_product_attention import ScaledDotProductAttention
from symcost.ops.state_space_dual import StateSpaceDual
from symcost.ops.window import fixed
from tests.specs.layout import Layout


class Writing(NamedTuple):
    """How a library writes an op out, and what is then kept."""

    reason: str
    keeps: Callable[[Layout, Node], tuple[Kept, ...]]


Writings = Mapping[str, Writing]
"""By the op's tag, or by the end of the name of single nodes."""


def as_written(graph: Graph, writings: Writings, env: Mapping[str, Number]) -> Graph:
    """Return the graph with what nodes keep by how they are written out, at some sizes."""
    layout = Layout(graph, env)
    nodes = (replace(node, facts=_facts(layout, writings, place, node)) for place, node in enumerate(graph.nodes))
    return replace(graph, nodes=tuple(nodes))


def _facts(layout: Layout, writings: Writings, place: int, node: Node) -> Facts:
    facts = replace(node.facts, view=False) if place in layout.copied else node.facts
    found = [
        writing
        for name, writing in writings.items()
        if name in (node.op.tag, node.name) or node.name.endswith("." + name)
    ]
    return replace(facts, keeps=found[-1].keeps(layout, node)) if found else facts


def made(what: str, *shape: Shape, dtype: Dtype = "float") -> Kept:
    return Kept(what, shape=tuple(size for part in shape for size in part), dtype=dtype)


def read(layout: Layout, node: Node, at: int, apart: int = 2) -> Kept:
    """Return what a product keeps of an input: itself, or the copy that it needs to see all but some axes as one."""
    tensor = node.ins[at]
    to = node.facts.keeps[at].to if len(node.facts.keeps) > at else ()
    kept = Kept("input", at, to=to)
    return kept if layout.merges(tensor, apart) else replace(made(f"copy {at}", tensor.shape), to=to)


def _linear(layout: Layout, node: Node) -> tuple[Kept, ...]:
    return (read(layout, node, 0, apart=1),) if len(node.ins[0].shape) > 2 else node.facts.keeps


def _matmul(layout: Layout, node: Node) -> tuple[Kept, ...]:
    return read(layout, node, 0), read(layout, node, 1)


LINEAR = Writing("its input in two axes, a copy where the others do not lie one after the other", _linear)
MATMUL = Writing("its inputs in three axes, copies where the others do not lie one after the other", _matmul)

# --- attention ----------------------------------------------------------------------------------------------


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
        return tuple(whole if each == Kept("input", at) else each for each in found)

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


SCALED_QUERIES = Writing("attention written out: queries are scaled, products, softmax", _scaled_queries)
PRODUCTS = Writing("attention written out: products, softmax, and in dropout noise and what it leaves; keys and values "
                   "are repeated for the heads that they serve", _products)  # fmt: skip
SCALED = Writing("torch's attention without a fused kernel: queries and keys times the root of the scale, products",
                 _scaled)  # fmt: skip
JOINT = Writing("torch.nn.MultiheadAttention brings queries, keys and values of all examples into one copy; the values "
                "are a part of it", _joint)  # fmt: skip
PRODUCTS_OF_ONE = Writing("one layer makes queries, keys and values, of which a single example's values are a view",
                          _of_one(_products, 2))  # fmt: skip
OWN_VALUES = Writing(SCALED.reason + "; over all tokens, values are brought in order first", _own_values)
OWN_SECOND = Writing("keys, and values, are brought in order first, for a kernel", _own_second)
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


def _own_input(_: Layout, node: Node) -> tuple[Kept, ...]:
    first, *others = node.facts.keeps
    return replace(made("image", node.ins[0].shape), to=first.to), *others


def _raised(_: Layout, node: Node) -> tuple[Kept, ...]:
    raised = made("raised", node.ins[1].shape)
    return tuple(replace(raised, to=one.to) if one.index == 1 else one for one in node.facts.keeps)


def _logits(_: Layout, node: Node) -> tuple[Kept, ...]:
    return tuple(made(f"queries by {axis}", node.ins[0].shape) for axis in ("rows", "columns"))


def _largest(_: Layout, node: Node) -> tuple[Kept, ...]:
    return (made("places", node.facts.outs[0], dtype="index"),)


OWN_INPUT = Writing("an image is copied first: brought in order by contiguous(), or padded, if by nothing", _own_input)
RAISED = Writing("a divisor is raised by a small number first", _raised)
LOGITS = Writing("queries are turned to meet the vectors of rows and those of columns, two copies", _logits)
LARGEST = Writing("torch.max with a dim keeps the places of the largest, torch.amax what it reads and makes", _largest)

# --- norms and activations ----------------------------------------------------------------------------------


def _rms_norm(_: Layout, node: Node) -> tuple[Kept, ...]:
    return (*node.facts.keeps, made("normalised", node.ins[0].shape))


def _rms_norm_plus_one(_: Layout, node: Node) -> tuple[Kept, ...]:
    shape = node.ins[0].shape
    return (*node.facts.keeps, made("normalised", shape), made("1 + weight", shape[-1:]))


def _gelu(_: Layout, node: Node) -> tuple[Kept, ...]:
    return INPUT, *(made(what, node.ins[0].shape) for what in ("tanh", "1 + tanh", "half"))


RMS_NORM = Writing("written out: what is normalised is kept for the gradient of the weight", _rms_norm)
RMS_NORM_PLUS_ONE = Writing("written out: what is normalised is kept, and the weight is 1 + w", _rms_norm_plus_one)
GELU = Writing("written out: the cube keeps the input, the product 0.5 x and 1 + tanh, and tanh its output", _gelu)

# --- state spaces, steps -------------------------------------------------------------------------------------------


def _scan(_: Layout, node: Node) -> tuple[Kept, ...]:
    (batch, tokens, width), states = node.ins[0].shape, node.ins[2].shape[-1]
    grid = (batch, tokens, width, states)
    return (
        *node.facts.keeps,
        *(made(what, (width, states)) for what in ("exp(A_log)", "A")),
        *(made(what, grid) for what in ("factors", "steps times b")),
        made("states", (batch, tokens + 1, width, states)),
    )


SCAN = Writing("a loop over tokens: factors and steps times b for all of them, A and exp(A_log), all states and the "
               "first of zeros", _scan)  # fmt: skip


def _dual(layout: Layout, node: Node) -> tuple[Kept, ...]:
    assert isinstance(node.op, StateSpaceDual)
    (batch, tokens, heads, width), states = node.ins[0].shape, node.ins[2].shape[-1]
    chunk = fixed(node.op.chunk_size, "chunk_size")
    n = ceil_div(tokens, chunk)
    filled = (batch, n * chunk, heads)
    copies = ("b for scores", "c for scores") if layout.sizes((batch,)) != (1,) else ()
    return (
        *node.facts.keeps,
        *(made(what, (heads,)) for what in ("exp(A_log)", "A")),
        made("clamped steps", node.ins[1].shape),
        *(made(what, filled, (width,)) for what in ("filled x", "steps times x")),
        *(made(what, filled, (states,)) for what in ("b of each head", "c of each head", "decayed b", *copies)),
        made("decayed scores", (batch, n, heads, chunk, chunk)),
        made("masks of chunks", (2, chunk, chunk), dtype="bool"),
        made("masks between chunks", (2, n + 1, n + 1), dtype="bool"),
    )


def _gate(_: Layout, node: Node) -> tuple[Kept, ...]:
    """Return what the gate of a mixer keeps: what it multiplies is the first tokens of filled up chunks of 256."""
    batch, tokens, width = node.ins[0].shape
    return made("filled y", (batch, 256 * ceil_div(tokens, 256), width)), Kept("input", 1)


DUAL = Writing("products written out: b and c are repeated for heads, and copied if there are several examples, steps "
               "are clamped, sums of decays keep masks; all with the last chunk filled up", _dual)  # fmt: skip
FILLED = Writing("the mixture is cut out of chunks that were filled up", _gate)


def _lstm(_: Layout, node: Node) -> tuple[Kept, ...]:
    return (*node.facts.keeps, made("tanh of memories", node.facts.outs[0]))


LSTM = Writing("on a CPU torch steps in Python's ops: tanh of the memories is kept too, a GPU makes it again", _lstm)
