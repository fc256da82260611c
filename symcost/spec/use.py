"""Blocks of other specs: what ``use`` brings into a spec.

Blocks arrive under the names they are asked for, with the blocks that they apply as ``SPEC.BLOCK`` and the symbols that
they read. All is settled while a spec is read, so that its canonical form stands alone, wherever it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from symcost.errors import Problem, SpecError, did_you_mean, quoted
from symcost.spec.needed import symbols_read, with_applied
from symcost.spec.origin import Path, dotted
from symcost.spec.symbols import Symbol

if TYPE_CHECKING:
    from symcost.spec.models import Block, Spec, Variant

_FORM = "takes, for each spec, the blocks taken from it, as in {resnet: [features]} or {resnet: {NAME HERE: features}}"
_SUFFIXES = (".yaml", ".yml", ".json")
_reading: ContextVar[tuple[FilePath, ...]] = ContextVar("_reading", default=())


@dataclass(frozen=True)
class Own:
    """What a spec declares itself.

    Attributes:
        folder: where its file is, None for a text that is no file.
        blocks: names of its blocks.
        symbols: names of its symbols.
    """

    folder: FilePath | None
    blocks: frozenset[str]
    symbols: frozenset[str]

    @classmethod
    def of(cls, tree: Mapping[str, Any], folder: FilePath | None) -> Own:
        """Return what a spec declares, as plain data or as models."""
        named = (tree.get(key) for key in ("blocks", "symbols"))
        return cls(folder, *(frozenset(part) if isinstance(part, dict) else frozenset[str]() for part in named))


@dataclass
class Arrivals:
    """What comes from other specs, and what is wrong with that: paths in ``use``, each with a message."""

    blocks: dict[str, Block] = field(default_factory=dict)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    problems: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def first_arguments(self) -> dict[str, str | None]:
        """The first argument of each block, None for a block without arguments."""
        return {name: next(iter(block.args), None) for name, block in self.blocks.items()}

    def joined(self, tree: Mapping[str, Any]) -> dict[str, Any]:
        """Return a spec with what it uses put in."""
        rest = {key: value for key, value in tree.items() if key != "use"}
        parts: dict[str, Mapping[str, Any]] = {"blocks": self.blocks, "symbols": self.symbols}
        return rest | {key: {**(rest.get(key) or {}), **part} for key, part in parts.items() if part}


@contextmanager
def reading(file: FilePath | None) -> Iterator[None]:
    """Remember that a file is being read, so that one that uses itself is found out."""
    token = _reading.set((*_reading.get(), file.resolve()) if file else _reading.get())
    try:
        yield
    finally:
        _reading.reset(token)


def arrivals(use: Any, own: Own) -> Arrivals:
    """Return the blocks and symbols that a spec uses of others.

    Raises:
        SpecError: one of the others is not a spec.
    """
    found = Arrivals()
    if not isinstance(use, Mapping):
        found.problems.append((("use",), f"use: {_FORM}"))
        return found
    for source, asked in use.items():
        _arrive(source, asked, own, found)
    return found


def with_used(data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a spec built in Python with what it uses put in; paths are those of the working directory.

    Raises:
        SpecError: there is no such spec or block, or something of its name is there already.
    """
    used = arrivals(data["use"], Own.of(data, FilePath()))
    if used.problems:
        raise SpecError(*(Problem(message, dotted(path)) for path, message in used.problems))
    return used.joined(data)


def _arrive(source: str, asked: Any, own: Own, found: Arrivals) -> None:
    """Add what comes from one spec."""
    wanted = _wanted(asked)
    spec, variant = _member(source, own.folder) if wanted else (f"use: {_FORM}", None)
    if isinstance(spec, str):
        found.problems.append((("use", source), spec))
        return
    missing = [name for name in wanted.values() if name not in spec.blocks]
    for name in missing:
        message = f"{quoted(source)} has no block {quoted(name)}{did_you_mean(name, spec.blocks)}"
        found.problems.append((("use", source), message))
    if not missing:
        _take(source, spec, variant, wanted, own, found)


def _take(source: str, spec: Spec, variant: Variant | None, wanted: dict[str, str], own: Own, found: Arrivals) -> None:
    fixed = {name: value for name, value in (variant.set if variant else {}).items() if name not in own.symbols}
    blocks = with_applied(spec, wanted, _prefix(source, found), fixed)
    for name in blocks:
        if name in own.blocks or name in found.blocks:
            message = f"block {quoted(name)} is there already; write {source}: {{OTHER_NAME: {wanted.get(name, name)}}}"
            found.problems.append((("use", source), message))
    found.blocks.update(blocks)
    spec = spec.with_defaults(variant.default) if variant else spec
    for name, symbol in symbols_read(spec, blocks.values(), fixed).items():
        if name not in own.symbols and found.symbols.setdefault(name, symbol) != symbol:
            message = f"symbol {quoted(name)} of {quoted(source)} is not the one of a spec above; declare it here"
            found.problems.append((("use", source), message))


def _wanted(asked: Any) -> dict[str, str]:
    """Return the blocks asked for, by their names here; none where it is not said so."""
    if not isinstance(asked, (Mapping, list, tuple)):
        return {}
    wanted = asked if isinstance(asked, Mapping) else {str(name): name for name in asked}
    return dict(wanted) if all(isinstance(name, str) for name in wanted.values()) else {}


def _member(source: str, folder: FilePath | None) -> tuple[Spec | str, Variant | None]:
    """Return the spec that a name or a relative path means, or why there is none, and the variant in it."""
    from symcost.spec.read import read_spec
    from symcost.spec.shipped import find_shipped, names, shipped

    path, _, variant = source.partition(":")
    if "/" in source or "\\" in source or path.endswith(_SUFFIXES):
        file = _file(path, folder)
        spec = file if isinstance(file, str) else _once(file, read_spec)
    elif found := find_shipped(source):
        spec, variant = _once(found[0], shipped), found[1] or ""
    else:
        hint = did_you_mean(source, names(), "; a path ends in .yaml or .json")
        return f"there is no spec {quoted(source)} to use{hint}", None
    if isinstance(spec, str) or not variant:
        return spec, None
    if variant not in spec.variants:
        return f"there is no variant {quoted(variant)} to use{did_you_mean(variant, spec.variants)}", None
    return spec, spec.variants[variant]


def _file(path: str, folder: FilePath | None) -> FilePath | str:
    if folder is None:
        return f"{quoted(path)} is relative to a file, and this spec is none; it can use shipped specs by name"
    if FilePath(path).is_absolute() or not path.endswith(_SUFFIXES):
        return f"{quoted(path)}: a spec to use is a name, or a path relative to this file that ends in .yaml or .json"
    return folder / path if (folder / path).is_file() else f"there is no file {quoted(path)} to use"


def _once(file: FilePath, read: Any) -> Spec | str:
    """Read a spec, unless it is being read already."""
    chain = _reading.get()
    if file.resolve() in chain:
        way = [path.name for path in chain[chain.index(file.resolve()) :]]
        return f"a spec cannot use itself: {' -> '.join((*way, file.name))}"
    spec: Spec = read(file)
    return spec


def _prefix(source: str, found: Arrivals) -> str:
    """Return what the names of blocks begin with that nobody asked for."""
    stem = FilePath(source.partition(":")[0]).stem if source.endswith(_SUFFIXES) else source
    taken = {name.partition(".")[0] for name in found.blocks if "." in name}
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 99))) if name not in taken) + "."
