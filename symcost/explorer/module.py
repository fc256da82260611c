"""ES modules as one text, for a page's ``<script type="module">`` and for a notebook's widget.

A module stands after those that it imports, in one scope with them: so names at the top of two modules differ, and
what is imported keeps its name. Comments and indentation are left out: what is read by people are the files.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import chain
from zlib import compress

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:\{[^}]*\};\n)?", re.MULTILINE)
_TOP = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
_SPACE = re.compile(r"^[ \t]+|^\n", re.MULTILINE)


def asset(name: str) -> str:
    """Return the text of a file of ``assets``."""
    return files("symcost.explorer").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def joined(entry: str = "core.js") -> str:
    """Return a module and all that it imports as one text, which exports what the module does.

    Comments stand in lines of their own, imports name what they take, and no text of several lines means its
    indentation: so the modules are written.
    """
    made: dict[str, str] = {}
    _read(entry.removesuffix(".js"), made)
    twice = [name for name, times in Counter(chain(*map(names_at_top, made))).items() if times > 1]
    assert not twice, f"of the modules of {entry} two declare {', '.join(twice)}; give one another name"
    *inner, last = made.values()
    return "".join([*(_EXPORT.sub("", _IMPORT.sub("", text)) for text in inner), _IMPORT.sub("", last)])


@cache
def packed(entry: str) -> str:
    """Return a module and all that it imports as text that a page unpacks: deflated, in letters."""
    return b64encode(compress(joined(entry).encode(), 9)).decode()


def names_at_top(stem: str) -> list[str]:
    """Return what a module of ``assets`` declares outside of all functions."""
    return _TOP.findall(asset(f"{stem}.js"))


def _read(stem: str, made: dict[str, str]) -> None:
    """Add a module after those that it imports."""
    text = _SPACE.sub("", _COMMENT.sub("", asset(f"{stem}.js")))
    for other in _IMPORT.findall(text):
        if other not in made:
            _read(other, made)
    made[stem] = text
