"""Text of docstrings and data as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc

Sections = dict[str, str]
ALONE = "---\norphan: true\n---\n\n"
"""Begins a page that has no entry in the sidebar: there are many of its kind, and a page of them all."""
_SIGNS = re.compile(r"([\\`*_{}\[\]<>$|#~%^@!=+-])")
_PAPER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
_HEAD = re.compile(r"^([A-Z][A-Za-z]+): *(?=\S)|^([A-Z][A-Za-z]+):$", re.MULTILINE)


def prose(text: str) -> str:
    """Return text as Markdown that reads as it stands; what is in doubled backticks is code, and papers are links."""
    parts = re.split(r"``(.+?)``", text, flags=re.DOTALL)
    return "".join(code(part) if i % 2 else _linked(part) for i, part in enumerate(parts))


def _linked(text: str) -> str:
    parts = _PAPER.split(text)
    return "".join(
        f"[arXiv:{part}](https://arxiv.org/abs/{part})" if i % 2 else _SIGNS.sub(r"\\\1", part)
        for i, part in enumerate(parts)
    )


def code(text: object) -> str:
    """Return a text as code within a line; nothing where it is empty."""
    shown = " ".join(str(text).split())
    ticks = "``" if "`" in shown else "`"
    return f"{ticks}{shown}{ticks}" if shown else ""


def fenced(text: str, language: str = "text") -> str:
    """Return lines as a block of code."""
    return f"```{language}\n{text.strip(chr(10))}\n```\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Return a table of cells that are Markdown; ``align`` has r for each column of numbers."""
    marks = ["---:" if mark == "r" else "---" for mark in align.ljust(len(head))]
    lines = [head, marks, *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Return a cell in one line; a bar within code ends a cell all the same, unless it is marked."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def page(title: str, lead: str, *parts: str) -> str:
    """Return a page of parts."""
    return "\n".join([f"# {title}\n", f"{lead}\n", *parts])


def terms(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a list of terms with what each is: Markdown, where what follows may have blocks."""
    return "\n".join(f"{term}\n: {_indented(text)}\n" for term, text in pairs)


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n  ")


def sections(docstring: str) -> tuple[str, Sections]:
    """Return what a docstring says first, and its sections such as ``Shapes: ...`` by name."""
    text = cleandoc(docstring)
    heads = list(_HEAD.finditer(text))
    if not heads:
        return text.strip(), {}
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return text[: heads[0].start()].strip(), {
        (head[1] or head[2]): _flush(text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    }


def _flush(text: str) -> str:
    """Return the lines of a section without their common margin."""
    first, _, rest = text.partition("\n")
    return f"{first.strip()}\n{cleandoc(chr(10) + rest)}".strip()


def block(text: str) -> str:
    """Return the text of a section: prose, with what follows ``::`` as it stands."""
    return "\n\n".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    while "::\n" in text:
        before, _, text = text.partition("::\n")
        yield prose(f"{before}:")
        lines = text.strip("\n").splitlines()
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        shown = next(
            (i for i, line in enumerate(lines) if line.strip() and not line.startswith(" " * max(margin, 1))),
            len(lines),
        )
        yield fenced(cleandoc("\n".join(lines[:shown]))).strip()
        text = "\n".join(lines[shown:])
    if text.strip():
        yield prose(text)


def attributes(docstring: str) -> dict[str, str]:
    """Return what the section ``Attributes`` of a docstring says of each."""
    body = sections(docstring)[1].get("Attributes", "")
    found = re.findall(r"^(\w+): (.+?)(?=^\w+: |\Z)", body, re.MULTILINE | re.DOTALL)
    return {name: " ".join(text.split()) for name, text in found}
