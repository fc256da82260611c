"""The spec that a name or a path in ``use`` means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from symcost.errors import did_you_mean, quoted

if TYPE_CHECKING:
    from symcost.spec.models import Spec, Variant

SUFFIXES = (".yaml", ".yml", ".json")
_reading: ContextVar[tuple[Path, ...]] = ContextVar("_reading", default=())


class Unusable(Exception):
    """There is no spec to use; the message says why."""


@contextmanager
def reading(file: Path | None) -> Iterator[None]:
    """Remember that a file is being read, so that one that uses itself is found out."""
    token = _reading.set((*_reading.get(), file.resolve()) if file else _reading.get())
    try:
        yield
    finally:
        _reading.reset(token)


def find_used(source: str, folder: Path | None) -> tuple[Spec, Variant]:
    """Return the spec that a name or a relative path means, and the variant in it, empty where none is meant.

    Raises:
        Unusable: there is none.
        SpecError: it is not a spec.
    """
    spec, variant = _found(source, folder)
    if variant and variant not in spec.variants:
        raise Unusable(f"there is no variant {quoted(variant)} to use{did_you_mean(variant, spec.variants)}")
    from symcost.spec.models import Variant

    return spec, spec.variants[variant] if variant else Variant()


def _found(source: str, folder: Path | None) -> tuple[Spec, str | None]:
    from symcost.spec.read import read_spec
    from symcost.spec.shipped import find_shipped, names, shipped

    path, _, variant = source.partition(":")
    if "/" in source or "\\" in source or path.endswith(SUFFIXES):
        return _once(_file(path, folder), read_spec), variant
    found = find_shipped(source)
    if found is None:
        hint = did_you_mean(source, names(), "; a path ends in .yaml or .json")
        raise Unusable(f"there is no spec {quoted(source)} to use{hint}")
    return _once(found[0], shipped), found[1]


def _file(path: str, folder: Path | None) -> Path:
    if folder is None:
        way_out = "it can use shipped specs by name"
        raise Unusable(f"{quoted(path)} is relative to a file, and this spec is none; {way_out}")
    if Path(path).is_absolute() or not path.endswith(SUFFIXES):
        meant = "a name, or a path relative to this file that ends in .yaml or .json"
        raise Unusable(f"{quoted(path)}: a spec to use is {meant}")
    if not (folder / path).is_file():
        raise Unusable(f"there is no file {quoted(path)} to use")
    return folder / path


def _once(file: Path, read: Callable[[Path], Spec]) -> Spec:
    """Read a spec, unless it is being read already."""
    chain = _reading.get()
    if file.resolve() in chain:
        way = [path.name for path in chain[chain.index(file.resolve()) :]]
        raise Unusable(f"a spec cannot use itself: {' -> '.join((*way, file.name))}")
    return read(file)
