"""The shipped spec files, and what a glance at a spec's text tells without reading it in full."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_ENTRY = re.compile(r"^  ([A-Za-z_][\w.-]*):(?: +(.*))?$", re.MULTILINE | re.ASCII)
_FLOW = re.compile(r"([A-Za-z_]\w*): *(\{[^{}]*\}|[^,{}]+)", re.ASCII)
_DEFAULT = re.compile(r"\bdefault: *([^,{}]+)")


@cache
def folder() -> Path:
    """Return the folder of the shipped specs: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_specs"
    return installed if installed.is_dir() else package.parent / "specs"


def files() -> list[Path]:
    """Return the shipped spec files by name."""
    return sorted(folder().glob("*.yaml"))


def section(text: str, key: str) -> str:
    """Return what stands under a key of a spec's text, empty where there is none."""
    _, _, rest = f"\n{text}".partition(f"\n{key}:")
    end = re.search(r"\n[^\s#]", rest)
    return rest[: end.start()] if end else rest


def variants(text: str) -> tuple[str, ...]:
    """Return the names of the variants in a spec's text."""
    return tuple(name for name, _ in _ENTRY.findall(section(text, "variants")))


def symbols(text: str) -> dict[str, str]:
    """Return the symbols in a spec's text, with their defaults as written, empty where none is seen."""
    told = section(text, "symbols")
    entries = _ENTRY.findall(told) or _FLOW.findall(told.strip().removeprefix("{").removesuffix("}"))
    return {name: _default(value) for name, value in entries}


def _default(value: str) -> str:
    value = re.sub(r"(^|\s)#.*", "", value).strip()
    if value.startswith("{"):
        found = _DEFAULT.search(value)
        value = found[1].strip() if found else ""
    return "" if value in ("~", "null") else value.strip("'\"")
