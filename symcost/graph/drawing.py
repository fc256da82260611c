"""What is drawn of a graph: boxes inside groups, and arrows between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["input", "op", "weights", "block", "output"]


class Box(NamedTuple):
    """What is drawn as one.

    Attributes:
        id: letters and digits, unique in the drawing.
        lines: its name, its op where the name does not say it, and the shapes that it gives.
        kind: an op that has weights is ``weights``.
    """

    id: str
    lines: tuple[str, ...]
    kind: Kind


class Group(NamedTuple):
    """A block that is drawn around its parts."""

    id: str
    title: str
    parts: tuple[Box | Group, ...]


class Arrow(NamedTuple):
    """Tensors that go from one box to another: their shapes, each once."""

    start: str
    end: str
    shapes: tuple[str, ...]


class Link(NamedTuple):
    """Weights that two boxes have in common, under a name."""

    start: str
    end: str
    name: str


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a graph.

    JupyterLab shows it as a picture.

    Attributes:
        name: of the network.
        parts: inputs, the network in order, outputs.
        arrows: from makers to readers.
        links: between boxes that share weights.
    """

    name: str
    parts: tuple[Box | Group, ...]
    arrows: tuple[Arrow, ...]
    links: tuple[Link, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All boxes, in order."""
        return tuple(_boxes(self.parts))

    def to_mermaid(self, *, shapes: bool = False) -> str:
        """Return it as a Mermaid flowchart; with ``shapes``, arrows say what goes along them."""
        from symcost.graph.mermaid import to_mermaid

        return to_mermaid(self, shapes=shapes)

    def to_dot(self, *, shapes: bool = False) -> str:
        """Return it as Graphviz reads it; with ``shapes``, arrows say what goes along them."""
        from symcost.graph.dot import to_dot

        return to_dot(self, shapes=shapes)

    def bundle(self) -> dict[str, str]:
        """Return it as notebooks take it, by MIME type; nothing that is too large for them to draw."""
        from symcost.graph.mermaid import drawable

        return {"text/vnd.mermaid": self.to_mermaid()} if drawable(self) else {}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.to_mermaid(), **self.bundle()}


def _boxes(parts: Iterable[Box | Group]) -> Iterator[Box]:
    for part in parts:
        if isinstance(part, Group):
            yield from _boxes(part.parts)
        else:
            yield part
