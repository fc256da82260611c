"""How libraries write other ops than attention out: copies, norms, activations, steps; see ``written``."""

from __future__ import annotations

from dataclasses import replace

from symcost.algebra.extent import ceil_div
from symcost.graph import Node
from symcost.ops.facts import INPUT, Kept
from symcost.ops.state_space_dual import StateSpaceDual
from symcost.ops.window import fixed
from tests.specs.layout import Layout
from tests.specs.written import Writing, made


def _own_input(_: Layout, node: Node) -> tuple[Kept, ...]:
    first, *others = node.facts.keeps
    return replace(made("image", node.ins[0].shape), to=first.to), *others


def _raised(_: Layout, node: Node) -> tuple[Kept, ...]:
    raised = made("raised", node.ins[1].shape)
    return tuple(replace(raised, to=one.to) if one.index == 1 else one for one in node.facts.keeps)


def _largest(_: Layout, node: Node) -> tuple[Kept, ...]:
    return (made("places", node.facts.outs[0], dtype="index"),)


OWN_INPUT = Writing("an image is copied first: brought in order by contiguous(), or padded, if by nothing", _own_input)
RAISED = Writing("a divisor is raised by a small number first", _raised)
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

# --- state spaces and other steps ---------------------------------------------------------------------------


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
