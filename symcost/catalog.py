"""The shipped specs: where they are, and how a name finds its file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from symcost.errors import Problem, SpecError, did_you_mean
from symcost.spec import Spec, read_spec


@cache
def folder() -> Path:
    """Return the folder of the shipped specs: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_specs"
    return installed if installed.is_dir() else here.parent / "specs"


@cache
def shipped(path: Path) -> Spec:
    """Return the spec of a shipped file, read once."""
    return read_spec(path)


def files() -> list[Path]:
    """Return the shipped spec files by name."""
    return sorted(folder().glob("*.yaml"))


def find(source: str | Path) -> tuple[Path | str, str | None]:
    """Return the file that a name or path means, and the variant in it.

    Raises:
        SpecError: nothing is called so.
    """
    text = str(source)
    if text == "-" or isinstance(source, Path) or _is_path(text):
        return _split(text) if isinstance(source, str) else (source, None)
    family = folder() / f"{text}.yaml"
    if family.is_file():
        return family, None
    for path in files():
        if _has_variant(path, text):
            return path, text
    raise SpecError(Problem(f"there is no spec '{text}'{did_you_mean(text, names())}; `symcost list` shows them all"))


def names() -> dict[str, Path]:
    """Return every shipped name, those of variants included, with its file."""
    found: dict[str, Path] = {}
    for path in files():
        found[path.stem] = path
        found.update(dict.fromkeys(shipped(path).variants, path))
    return found


def _is_path(text: str) -> bool:
    return "/" in text or "\\" in text or re.search(r"\.(ya?ml|json)(:|$)", text) is not None or Path(text).exists()


def _split(text: str) -> tuple[str, str | None]:
    """Split ``PATH:VARIANT``; a colon that belongs to the path stays."""
    if Path(text).exists() or text == "-":
        return text, None
    path, colon, variant = text.rpartition(":")
    return (path, variant) if colon and Path(path).exists() else (text, None)


def _has_variant(path: Path, name: str) -> bool:
    """Tell whether a file declares a variant, reading it in full only when its text may."""
    if re.search(rf"^  {re.escape(name)}:", path.read_text(encoding="utf-8"), re.MULTILINE) is None:
        return False
    return name in shipped(path).variants
