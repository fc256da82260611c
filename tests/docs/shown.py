"""Pages that people read, with what their blocks show made anew: ``python -m tests.docs.shown [PAGE ...]`` writes them.

A block of ``console`` shows commands and what they print, one of ``pycon`` Python and what it gives; Python goes on
where the page's last one ended. A block whose first line is ``# NAME.yaml`` or ``# NAME.py`` is a file beside them.
What cannot run has ``% not run: WHY`` in the line before it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symcost.cli.main import main
from symcost.ops.op import Op

ROOT = Path(__file__).parents[2]
FENCED = re.compile(
    r"^(?P<mark>%[^\n]*\n)?(?P<fence>```+)(?P<language>\{?\w*\}?)[^\n]*\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
FILE = re.compile(r"# ([\w-]+\.(?:ya?ml|py))\n")
MADE = ("_build", "generated", "jupyter_execute")
"""Folders of ``docs`` that a build makes."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        language: what it is written in; in braces for a directive.
        text: its lines.
        mark: the comment before it, empty where there is none.
    """

    language: str
    text: str
    mark: str

    @property
    def file(self) -> str:
        """The name of the file that it is; empty where it is none."""
        found = FILE.match(self.text)
        return found[1] if found else ""


def pages() -> list[Path]:
    """Return every page that is written by hand."""
    made = {ROOT / "docs" / folder for folder in MADE}
    own = (path for path in sorted((ROOT / "docs").rglob("*.md")) if not made & {*path.parents})
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(path for path in own if path.name != "published.md")]


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page."""
    return [Block(found["language"], found["text"], found["mark"] or "") for found in FENCED.finditer(page)]


def renewed(page: str) -> str:
    """Return a page with what its commands print and its Python gives."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), _importable(folder):
        for block in blocks(page):
            if block.file:
                Path(block.file).write_text(block.text, encoding="utf-8")
        names: dict[str, Any] = {"__name__": "__main__"}
        return FENCED.sub(lambda found: _block(found, names), page)


@contextlib.contextmanager
def _importable(folder: str) -> Iterator[None]:
    """Let Python import what is in a folder, and forget it afterwards, ops that it defines too."""
    known, modules = dict(Op.known), {*sys.modules}
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        Op.known.clear()
        Op.known.update(known)
        for name in {*sys.modules} - modules:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(folder):
                del sys.modules[name]


def _block(found: re.Match[str], names: dict[str, Any]) -> str:
    language, text = found["language"], found["text"]
    if found["mark"] or language not in {"console", "pycon"}:
        return found[0]
    shown = "".join(_commands(text) if language == "console" else _session(text, names))
    return found[0].replace(text, shown) if text else found[0]


def _commands(text: str) -> Iterator[str]:
    """Yield each command and what it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield f"$ {command}\n"
        yield _printed(shlex.split(command)) if command.startswith("symcost ") else printed


def _printed(words: list[str]) -> str:
    """Return what a command prints; nothing where it goes into a file, as in ``symcost ... > FILE``."""
    into = words.pop() if words[-2:-1] == [">"] else ""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main([word for word in words[1:] if word != ">"])
    if into:
        Path(into).write_text(out.getvalue(), encoding="utf-8")
    return "" if into else _clean(out.getvalue())


def _clean(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
    return f"{lines}\n" if lines else ""


def _session(text: str, names: dict[str, Any]) -> Iterator[str]:
    """Yield the parts of a session: what stands between examples as it stands, each example with what it gives."""
    for part in doctest.DocTestParser().parse(text):
        if isinstance(part, str):
            yield part
            continue
        first, *more = part.source.rstrip("\n").split("\n")
        yield "".join([f">>> {first}\n", *(f"... {line}".rstrip() + "\n" for line in more)])
        yield _given(part.source, names)


def _given(source: str, names: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(source, "<page>", "single"), names)  # noqa: S102 - our own pages
        except Exception as error:  # noqa: BLE001 - a page may show how something fails
            print("Traceback (most recent call last):\n    ...")  # noqa: T201
            print("".join(traceback.format_exception_only(error)), end="")  # noqa: T201
    return re.sub(r"^\n", "<BLANKLINE>\n", _clean(out.getvalue()), flags=re.MULTILINE)  # as doctest has them


if __name__ == "__main__":
    for path in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        before = path.read_text(encoding="utf-8")
        after = renewed(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stderr.write(f"{os.path.relpath(path)} is new\n")
