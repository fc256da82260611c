"""HTML as it is read: elements with their text, and what a viewer shows that takes unknown tags out."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br"}


@dataclass
class Element:
    """One element; text stands among its children."""

    tag: str
    attrs: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """Return the elements of a tag inside this one."""
        inner = [child for child in self.children if isinstance(child, Element)]
        return [found for child in inner for found in ([child] if child.tag == tag else []) + child.all(tag)]

    @property
    def text(self) -> str:
        """The text of all tags, as where tags are taken out; a style sheet goes with its tag."""
        if self.tag == "style":
            return ""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attrs))
        self.stack[-1].children.append(made)
        if tag not in VOID:
            self.stack.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def read(html: str) -> Element:
    """Read HTML whose every element is closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.stack) == 1, f"<{reader.stack[-1].tag}> is open at the end"
    return reader.stack[0]
