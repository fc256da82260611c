"""The shipped spec files, and how a name finds its own: case and signs between words do not matter."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from symcost.shelf import files, folder, section
from symcost.spec.models import Spec
from symcost.spec.read import read_spec

__all__ = ["files", "find_shipped", "folder", "names", "plain", "shipped", "underscored"]

_SIGNS = re.compile(r"[-._ ]")


@cache
def shipped(path: Path) -> Spec:
    """Return the spec of a shipped file, read once."""
    return read_spec(path)


def names() -> dict[str, Path]:
    """Return every shipped name, those of variants included, with its file."""
    found: dict[str, Path] = {}
    for path in files():
        found[path.stem] = path
        found.update(dict.fromkeys(shipped(path).variants, path))
    return found


def find_shipped(name: str) -> tuple[Path, str | None] | None:
    """Return the file of a shipped name and the variant in it, None where nothing is called so."""
    family = folder() / f"{name}.yaml"
    if _SIGNS.sub("", name).isidentifier() and family.is_file():
        return family, None
    for path in files():
        if f"\n  {name}:" in _variants(path) and name in shipped(path).variants:
            return path, name
    return _spelled(name)


def _spelled(name: str) -> tuple[Path, str | None] | None:
    """Return the file and variant of a name that is written otherwise, if there is just one."""
    written = "[-._ ]?".join(map(re.escape, plain(name)))
    found: list[tuple[Path, str | None]] = []
    for path in files():
        if plain(path.stem) == plain(name):
            found.append((path, None))
        if re.search(rf"^  {written}:", _variants(path), re.MULTILINE | re.IGNORECASE):
            found += [(path, variant) for variant in shipped(path).variants if plain(variant) == plain(name)]
    for spelled in (underscored, plain):
        alike = [hit for hit in found if spelled(hit[1] or hit[0].stem) == spelled(name)]
        if len(alike) == 1:
            return alike[0]
    return None


def _variants(path: Path) -> str:
    """Return the part of a file that declares variants; reading it in full may ask for this very name."""
    return section(path.read_text(encoding="utf-8"), "variants")


def underscored(name: str) -> str:
    """Return a name in small letters and with one sign between words: ``gpt2-XL`` is ``gpt2_xl``."""
    return _SIGNS.sub("_", name).lower()


def plain(name: str) -> str:
    """Return a name without signs, which people leave out: ``ResNet-50`` is ``resnet50``."""
    return _SIGNS.sub("", name).lower()
