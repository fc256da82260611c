"""Find where a part of the canonical form came from, by walking the source once more; only errors ask."""

from __future__ import annotations

from dataclasses import dataclass

from symcost.spec.document import Tree
from symcost.spec.origin import Path
from symcost.spec.vocabulary import CONTROLS, MODIFIERS, Vocabulary

_BODIES = {key for control in CONTROLS.values() for key in control.bodies}


@dataclass(frozen=True, slots=True)
class SourcePaths:
    """The way from paths of the canonical form to paths of the source.

    A path may name the tag of a step after its position, as pydantic does: ``("model", 3, "conv2d", "out_channels")``.
    """

    tree: dict[str, Tree]
    vocabulary: Vocabulary

    def __call__(self, path: Path) -> Path:
        """Return the path in the source; what has no source keeps the end of its path."""
        match path:
            case ("model", *rest):
                return ("model", *self._steps(self.tree.get("model"), tuple(rest)))
            case ("blocks", str(name), "body", *rest):
                body = _at(self.tree.get("blocks"), (name, "body"))
                return ("blocks", name, "body", *self._steps(body, tuple(rest)))
        return path

    def _steps(self, steps: Tree, path: Path) -> Path:
        if not path:
            return path
        return (path[0], *self._step(_at(steps, path[:1]), path[1:]))

    def _step(self, step: Tree, path: Path) -> Path:
        """Translate what follows the position of a step."""
        if not isinstance(step, dict):
            return ()
        head = step.get("op") if "op" in step else self.vocabulary.head(step)
        if not isinstance(head, str):
            return path
        path = _without_tag(path, self.vocabulary.tag(head))
        if not path:
            return path
        key, rest = str(path[0]), path[1:]
        start = self._field(step, head, key)
        part = _at(step, start)
        if key == "branches" and rest:
            return (*start, rest[0], *self._steps(_at(part, rest[:1]), rest[1:]))
        return (*start, *(self._steps(part, rest) if key in _BODIES and head in CONTROLS else rest))

    def _field(self, step: dict[str, Tree], head: str, key: str) -> Path:
        """Return the path in a step of a field of its canonical form."""
        if key in MODIFIERS or (head in CONTROLS and key in CONTROLS[head].beside):
            return (key,)
        if "op" in step:
            return (self._spelled(step, head, key),)
        if head in CONTROLS:
            return (head, key) if isinstance(step[head], dict) else (head,)
        if head in self.vocabulary.ops:
            value = step[head]
            return (head, self._spelled(value, head, key)) if isinstance(value, dict) else (head,)
        return (head,)

    def _spelled(self, fields: dict[str, Tree], op: str, key: str) -> str:
        """Return the spelling that was used for a field."""
        used = (short for short, full in self.vocabulary.short.get(op, {}).items() if full == key and short in fields)
        return key if key in fields else next(used, key)


def _without_tag(path: Path, tag: str) -> Path:
    """Leave out a tag that a path begins with; ``branches`` is a field too, and then a position follows."""
    is_field = tag == "branches" and len(path) > 1 and isinstance(path[1], int)
    return path[1:] if path and path[0] == tag and not is_field else path


def _at(tree: Tree, path: Path) -> Tree:
    """Return the part at a path, None where it leads nowhere."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(str(step))
        elif isinstance(tree, list) and isinstance(step, int) and 0 <= step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree
