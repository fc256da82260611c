"""What a word on the command line means: a shipped name, or a file and perhaps a variant in it."""

from __future__ import annotations

import re
from pathlib import Path

from symcost.errors import Problem, SpecError, did_you_mean
from symcost.spec.shipped import files, find_shipped, folder, names, shipped

__all__ = ["files", "find", "folder", "names", "shipped"]


def find(source: str | Path) -> tuple[Path | str, str | None]:
    """Return the file that a name or path means, and the variant in it.

    Raises:
        SpecError: nothing is called so.
    """
    text = str(source)
    if text == "-" or isinstance(source, Path) or _is_path(text):
        return _split(text) if isinstance(source, str) else (source, None)
    if found := find_shipped(text):
        return found
    hint = _file_meant(text) or f"{did_you_mean(text, names())}; `symcost list` shows them all"
    raise SpecError(Problem(f"there is no spec '{text}'{hint}"))


def _file_meant(text: str) -> str:
    """Return that a file is called so but for its ending, or nothing."""
    found = next((path for ending in (".yaml", ".yml", ".json") if (path := Path(text + ending)).is_file()), None)
    return f"; did you mean the file '{found}'?" if found else ""


def _is_path(text: str) -> bool:
    return "/" in text or "\\" in text or re.search(r"\.(ya?ml|json)(:|$)", text) is not None or Path(text).exists()


def _split(text: str) -> tuple[str, str | None]:
    """Split ``PATH:VARIANT``; a colon that belongs to the path stays."""
    if Path(text).exists() or text == "-":
        return text, None
    path, colon, variant = text.rpartition(":")
    return (path, variant) if colon and Path(path).exists() else (text, None)
