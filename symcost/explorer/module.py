"""ES modules as one text, for a page's ``<script type="module">`` and for a notebook's widget.

A module that others import becomes a function that is called once, so that its own names stay its own; what it exports
is taken from what that returns. Comments and indentation are left out: what is read by people are the files.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|let|class) (\w+))", re.MULTILINE)
_AGAIN = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
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
    stem = entry.removesuffix(".js")
    _read(stem, made)
    last = made.pop(stem)
    return "".join([*(_called(name, text) for name, text in made.items()), _bare(last)])


def _read(stem: str, made: dict[str, str]) -> None:
    """Add a module after those that it imports."""
    text = _SPACE.sub("", _COMMENT.sub("", asset(f"{stem}.js")))
    for _, other in _IMPORT.findall(text):
        if other not in made:
            _read(other, made)
    made[stem] = text


def _called(stem: str, text: str) -> str:
    """Return a module as a constant that holds its exports."""
    given = [name for names in _AGAIN.findall(text) for name in _names(names)]
    exports = ", ".join(dict.fromkeys([*_EXPORT.findall(text), *given]))
    body = _EXPORT.sub("", _AGAIN.sub("", _bare(text)))
    return f"const {_constant(stem)} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


def _bare(text: str) -> str:
    """Return a module that takes what it imports from constants."""
    return _IMPORT.sub(lambda found: f"const {{{_taken(found[1])}}} = {_constant(found[2])};\n", text)


def _taken(names: str) -> str:
    return f" {', '.join(name.replace(' as ', ': ') for name in _names(names))} "


def _names(names: str) -> list[str]:
    return [name for part in names.split(",") if (name := " ".join(part.split()))]


def _constant(stem: str) -> str:
    return f"${stem.replace('-', '_')}"
