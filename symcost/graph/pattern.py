"""Which applications of ops a rule speaks of: a pattern over tags, and conditions on fields and on places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from symcost.graph.model import Node

_FORM = re.compile(r"([\w*?]+)(?:\[([\w=, .-]+)\])?")


@dataclass(frozen=True)
class Pattern:
    """Ops of some tags, in some places.

    ``upsample[mode=bilinear]`` speaks of an op whose field has this value, ``linear[logits]`` of one that plays this
    part (``Node.roles``); all conditions must hold.

    Attributes:
        text: as written.
        tag: pattern over tags.
        fields: what fields must be.
        roles: what parts the node must play.
    """

    text: str
    tag: str
    fields: tuple[tuple[str, str], ...] = ()
    roles: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Read ``TAG`` or ``TAG[CONDITION, ...]``.

        Raises:
            ValueError: it is not of this form.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"'{text}' is not of the form TAG[FIELD=VALUE, ROLE]")
        tag, inside = found.groups()
        words = [word.strip() for word in inside.split(",")] if inside else []
        fields = tuple((name, value) for word in words if "=" in word for name, _, value in [word.partition("=")])
        return cls(text, tag, fields, frozenset(word for word in words if "=" not in word))

    def matches(self, node: Node) -> bool:
        """Tell whether a node is one of those spoken of."""
        return (
            fnmatchcase(node.op.tag, self.tag)
            and self.roles <= set(node.roles)
            and all(_is(node, name, value) for name, value in self.fields)
        )


def _is(node: Node, name: str, value: str) -> bool:
    return str(getattr(node.op, name, None)).lower() == value.lower()
