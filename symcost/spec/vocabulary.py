"""The words a step may begin with, and what may stand beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from symcost.errors import did_you_mean, quoted
from symcost.spec.document import Tree

MODIFIERS = ("name", "from", "weights", "only", "frozen")
"""Keys that any step may have."""


class Control(NamedTuple):
    """A step that applies other steps.

    Attributes:
        field: what its own value means.
        beside: further keys that stand beside it.
        bodies: fields that hold steps.
    """

    field: str
    beside: tuple[str, ...]
    bodies: tuple[str, ...]


CONTROLS = {
    "repeat": Control("count", ("do", "index"), ("do",)),
    "residual": Control("main", (), ("main", "shortcut")),
    "when": Control("cond", ("do", "else"), ("do", "else")),
    "branches": Control("branches", ("join", "dim"), ()),
    "experts": Control("count", ("top_k", "capacity", "router", "gating", "do"), ("router", "gating", "do")),
}
_ELSEWHERE = {
    "attention": "multihead_attention",
    "dense": "linear",
    "fc": "linear",
    "fullyconnected": "linear",
    "mha": "multihead_attention",
    "selfattention": "multihead_attention",
    "skip": "residual",
    "swish": "silu",
    "view": "reshape",
}
"""What papers and other libraries call a step, without underscores."""
_NOT_FOR_BLOCKS = {"op", "call", *MODIFIERS, *(key for control in CONTROLS.values() for key in control.beside)}


@dataclass(frozen=True)
class Vocabulary:
    """Every op and block that steps may name.

    Attributes:
        ops: the first field of each op, None for an op without fields.
        short: short spellings of fields, by op.
        blocks: the first argument of each block, None for a block without arguments.
    """

    ops: Mapping[str, str | None]
    short: Mapping[str, Mapping[str, str]]
    blocks: Mapping[str, str | None] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """Tell whether a step may begin with a word."""
        return word in self.ops or word in self.blocks or word in CONTROLS

    def head(self, step: Mapping[str, Tree]) -> str | None:
        """Return the key that says what a step is: the first known one, or else the first that is no modifier."""
        keys = [key for key in step if key not in MODIFIERS]
        control = next((key for key in keys if key in CONTROLS), None)
        return control or next(filter(self.knows, keys), keys[0] if keys else None)

    def tag(self, head: str) -> str:
        """Return the value of ``op`` in the canonical form of a step that begins with a word."""
        return "call" if head in self.blocks and head not in self.ops else head

    def full(self, op: str, key: str) -> str:
        """Return the full spelling of a field of an op."""
        return self.short.get(op, {}).get(key, key)

    def unknown(self, word: str) -> str:
        """Return the message about a word that no step begins with."""
        owners = [name for name, control in CONTROLS.items() if word in control.beside]
        if owners:
            return f"{quoted(word)} is part of a step with {_or(owners)}; inside [ ], put {{ }} around both"
        return f"no op or block is named {quoted(word)}{self._way_out(word)}"

    def _way_out(self, word: str) -> str:
        """Return the op or block that a word most likely means: ``maxpool`` is ``max_pool2d``, and not in 3d."""
        called, bracket, _ = word.partition("(")
        if bracket and self.knows(called):
            return f"; write '{called}: ...', with the values it takes after the colon"
        begun, _, value = word.replace(":", " ", 1).partition(" ")
        if value.strip() and self.knows(begun):
            return f"; write {quoted(f'{begun}: {value.strip()}')}, with a space after the colon"
        if "depthwise" in word.lower():
            return "; write conv2d: {out: C_now, kernel: ..., groups: C_now}"
        plain = word.lower().replace("_", "")
        if self.knows(_ELSEWHERE.get(plain, "")):
            return f"; did you mean {quoted(_ELSEWHERE[plain])}?"
        near = [op for op in self.ops if op.replace("_", "") in (plain, f"{plain}2d")]
        return did_you_mean(word, near or [*self.blocks, *self.ops, *CONTROLS], "; `symcost list --ops` shows all ops")

    def clashes(self) -> Iterator[tuple[str, str]]:
        """Find the blocks whose names mean something else, with a message each."""
        for block in self.blocks:
            if block in self.ops or block in CONTROLS:
                kind = "an op" if block in self.ops else "a step"
                yield block, f"block {quoted(block)} is named like {kind} of the language; name it otherwise"
            elif block in _NOT_FOR_BLOCKS:
                yield block, f"block {quoted(block)} is named like a key of steps; name it otherwise"


def _or(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def first_arguments(blocks: Tree) -> dict[str, str | None]:
    """Return the first argument of each block of a spec, None for a block without arguments."""
    found: dict[str, str | None] = {}
    for name, block in blocks.items() if isinstance(blocks, dict) else ():
        args = block.get("args") if isinstance(block, dict) else None
        found[name] = next(iter(args), None) if isinstance(args, dict) else None
    return found
