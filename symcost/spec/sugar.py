"""Turn the short spellings of YAML into the canonical form: every step an object whose ``op`` says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from symcost.errors import did_you_mean, quoted
from symcost.spec.document import Tree
from symcost.spec.origin import Path
from symcost.spec.source_paths import SourcePaths
from symcost.spec.vocabulary import CONTROLS, MODIFIERS, Vocabulary, first_arguments

NONE_USED: Mapping[str, str | None] = {}
_MAX_PROBLEMS = 100
_NO_STEPS = "a list of steps is needed here, each starting with '- '"


@dataclass(frozen=True, slots=True)
class Canonical:
    """A spec in canonical form.

    Attributes:
        tree: the spec; parts that were canonical already are shared with the source.
        problems: path in the source and message of whatever has no canonical form, 100 at most; where there are any,
            the tree is of no use.
        source: turns a path of ``tree`` into the path of the same part in the source.
    """

    tree: dict[str, Tree]
    problems: tuple[tuple[Path, str], ...]
    source: SourcePaths


def canonical(
    tree: dict[str, Tree],
    op_names: Mapping[str, str | None],
    short_fields: Mapping[str, Mapping[str, str]],
    used: Mapping[str, str | None] = NONE_USED,
) -> Canonical:
    """Return a spec with every step of ``model`` and of the blocks in canonical form.

    Args:
        tree: the spec as it was read.
        op_names: the first field of each op, which a bare value gives; None for an op without fields.
        short_fields: full name of each short field name, by op, such as ``{"conv2d": {"out": "out_channels"}}``.
        used: the first argument of each block of another spec that this one uses.
    """
    blocks = tree.get("blocks")
    vocabulary = Vocabulary(op_names, short_fields, {**used, **first_arguments(blocks)})
    sugar = _Sugar(vocabulary)
    result = dict(tree)
    with suppress(_TooMany):
        for name, message in vocabulary.clashes():
            sugar.note(("use",) if name in used else ("blocks", name), message)
        if blocks is not None:
            result["blocks"] = sugar.blocks(blocks)
        if "model" in tree:
            result["model"] = sugar.steps(tree["model"], ("model",))
    return Canonical(result, tuple(sugar.problems), SourcePaths(tree, vocabulary))


class _TooMany(Exception):
    """More problems than anyone reads."""


class _Sugar:
    """One spec being rewritten. Each method takes a part and its path in the source, and returns the canonical part."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.problems: list[tuple[Path, str]] = []

    def note(self, path: Path, message: str) -> None:
        self.problems.append((path, message))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _TooMany

    def blocks(self, blocks: Tree) -> Tree:
        if not isinstance(blocks, dict):
            self.note(("blocks",), "a mapping of names to blocks is needed here")
            return blocks
        return {name: self.block(block, ("blocks", name)) for name, block in blocks.items()}

    def block(self, block: Tree, path: Path) -> Tree:
        if not isinstance(block, dict):
            self.note(path, "a block is a mapping with the keys 'args' and 'body'")
            return block
        if not isinstance(block.get("args", {}), dict):
            self.note((*path, "args"), "a mapping of arguments to defaults is needed here, as in {c: ~, k: 1}")
        return self.bodies(block, ("body",), path)

    def steps(self, steps: Tree, path: Path) -> Tree:
        if not isinstance(steps, list):
            self.note(path, _NO_STEPS)
            return steps
        return [self.step(step, (*path, i)) for i, step in enumerate(steps)]

    def bodies(self, part: dict[str, Tree], keys: tuple[str, ...], path: Path) -> dict[str, Tree]:
        """Rewrite the fields of a part that hold steps."""
        return {**part, **{key: self.steps(part[key], (*path, key)) for key in keys if key in part}}

    def step(self, step: Tree, path: Path) -> Tree:
        if isinstance(step, dict):
            return self.plain(step, path) if "op" in step else self.sugared(step, path)
        if isinstance(step, str):
            return self.bare(step, path)
        kind = "empty" if step is None else "a list" if isinstance(step, list) else str(step).lower()
        self.note(path, f"a step names an op or a block, this is {kind}")
        return step

    def bare(self, word: str, path: Path) -> Tree:
        if word in self.vocabulary.ops:
            return {"op": word}
        if word in self.vocabulary.blocks:
            return {"op": "call", "block": word, "args": {}}
        self.note(path, f"'{word}' needs a value" if word in CONTROLS else self.vocabulary.unknown(word))
        return word

    def plain(self, step: dict[str, Tree], path: Path) -> Tree:
        """Rewrite what is inside a step that is canonical itself."""
        op = step["op"]
        if not isinstance(op, str):
            self.note((*path, "op"), "the name of an op is needed here")
        elif op in self.vocabulary.ops:
            short = self.vocabulary.short.get(op)
            return step if short is None or short.keys().isdisjoint(step) else self.fields(op, step, path)
        elif op == "branches":
            return {**step, "branches": self.branches(step.get("branches"), (*path, "branches"))}
        elif op in CONTROLS:
            return self.bodies(step, CONTROLS[op].bodies, path)
        elif op == "call":
            self.check_block(step.get("block"), path)
        elif op in self.vocabulary.blocks:
            self.note((*path, "op"), f"'{op}' is a block; write {{op: call, block: {op}, args: ...}}")
        else:
            self.note((*path, "op"), self.vocabulary.unknown(op))
        return step

    def check_block(self, block: Tree, path: Path) -> None:
        if isinstance(block, str) and block not in self.vocabulary.blocks:
            hint = did_you_mean(block, self.vocabulary.blocks)
            self.note((*path, "block"), f"no block is named {quoted(block)}{hint}")

    def sugared(self, step: dict[str, Tree], path: Path) -> Tree:
        head = self.vocabulary.head(step)
        if head is None:
            self.note(path, f"a step names an op or a block, this has {' and '.join(step) or 'no key'}")
            return step
        self.check_keys(step, head, path)
        here = (*path, head)
        if head in CONTROLS:
            body = self.control(step, head, path)
        elif head in self.vocabulary.ops:
            body = self.op(head, step[head], here)
        elif head in self.vocabulary.blocks:
            body = self.call(head, step[head], here)
        else:
            self.note(here, self.vocabulary.unknown(head))
            return step
        return body if len(step) == 1 else {**body, **{key: step[key] for key in MODIFIERS if key in step}}

    def check_keys(self, step: dict[str, Tree], head: str, path: Path) -> None:
        """Note the keys that do not belong beside the head of a step."""
        if len(step) == 1:
            return
        allowed = (*MODIFIERS, *(CONTROLS[head].beside if head in CONTROLS else ()))
        for key in step:
            if key != head and key not in allowed:
                self.note((*path, key), self.misplaced(key, head, allowed))

    def misplaced(self, key: str, head: str, allowed: tuple[str, ...]) -> str:
        if self.vocabulary.knows(key):
            return f"a step has one op, and this has {quoted(head)} and {quoted(key)}; start each with '- '"
        hint = did_you_mean(key, allowed)
        if not hint and head not in CONTROLS and self.vocabulary.knows(head):
            hint = f"; write it inside {head}: {{...}} if it belongs to it"
        return f"{quoted(key)} has no meaning beside {quoted(head)}{hint}"

    def op(self, op: str, value: Tree, path: Path) -> dict[str, Tree]:
        if value is None:
            return {"op": op}
        if isinstance(value, dict):
            for key in ("op", *MODIFIERS):
                if key in value:
                    self.note((*path, key), f"'{key}' stands beside '{op}', not inside it")
            return self.fields(op, {"op": op, **value}, path)
        first = self.vocabulary.ops[op]
        if first is None:
            self.note(path, f"'{op}' takes no value")
            return {"op": op}
        return {"op": op, first: value}

    def fields(self, op: str, fields: dict[str, Tree], path: Path) -> dict[str, Tree]:
        """Write the fields of an op in full."""
        if op not in self.vocabulary.short:
            return fields
        full: dict[str, Tree] = {}
        for key, value in fields.items():
            name = self.vocabulary.full(op, key)
            if name in full or (name != key and name in fields):
                self.note((*path, key), f"'{key}' and its other spelling are both given; give one")
            full[name] = value
        return full

    def call(self, block: str, value: Tree, path: Path) -> dict[str, Tree]:
        if value is None or isinstance(value, dict):
            return {"op": "call", "block": block, "args": value or {}}
        first = self.vocabulary.blocks[block]
        if isinstance(value, list) and first is not None:
            self.note(path, f"arguments are given by name, as in {block}: {{{first}: ...}}")
        if first is None:
            self.note(path, f"block '{block}' has no arguments")
            return {"op": "call", "block": block, "args": {}}
        return {"op": "call", "block": block, "args": {first: value}}

    def control(self, step: dict[str, Tree], head: str, path: Path) -> dict[str, Tree]:
        control, value = CONTROLS[head], step[head]
        beside = {key: step[key] for key in control.beside if key in step}
        if head == "residual":
            return {"op": head, **self.residual(value, (*path, head))}
        if head == "branches":
            return {"op": head, "branches": self.branches(value, (*path, head)), **beside}
        if value is None or isinstance(value, (dict, list)):
            meaning = {"repeat": "how often", "when": "a condition", "experts": "how many"}[head]
            self.note((*path, head), f"'{head}' takes {meaning}, with 'do' beside it")
        return self.bodies({"op": head, control.field: value, **beside}, control.bodies, path)

    def residual(self, value: Tree, path: Path) -> dict[str, Tree]:
        if not isinstance(value, dict):
            return {"main": self.steps(value, path)}
        for key in value:
            if key not in CONTROLS["residual"].bodies:
                hint = did_you_mean(key, CONTROLS["residual"].bodies)
                self.note((*path, key), f"{quoted(key)} has no meaning in 'residual'{hint}")
        return self.bodies(value, CONTROLS["residual"].bodies, path)

    def branches(self, value: Tree, path: Path) -> Tree:
        if not isinstance(value, list):
            self.note(path, "a list of branches is needed here, each a list of steps")
            return value
        return [self.steps(branch, (*path, i)) for i, branch in enumerate(value)]
