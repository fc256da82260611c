"""Blocks of other specs: what ``use`` brings into a spec.

Blocks arrive under the names they are asked for, with the blocks that they apply as ``SPEC.BLOCK`` and the symbols that
they read. All is settled while a spec is read, so that its canonical form stands alone, wherever it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from symcost.errors import Problem, SpecError, did_you_mean, quoted
from symcost.ops.fields import Argument
from symcost.spec.needed import names_given, names_read, symbols_read, with_applied
from symcost.spec.origin import Path, dotted
from symcost.spec.symbols import Symbol
from symcost.spec.used_spec import SUFFIXES, Unusable, find_used

if TYPE_CHECKING:
    from symcost.spec.models import Block, Spec

_FORM = "takes specs with their blocks, as in {resnet50: [features]} or {resnet50: {blocks: [features], set: {C: 32}}}"


class Use(BaseModel):
    """What is taken from another spec.

    Attributes:
        blocks: names of its blocks, or names to give them here, each with its name there.
        set: what its symbols are here: numbers, or expressions in the symbols of this spec.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    blocks: tuple[str, ...] | dict[str, str]
    set: dict[str, Argument] = {}

    @property
    def named(self) -> dict[str, str]:
        """The name there of each block by its name here."""
        return self.blocks if isinstance(self.blocks, dict) else {name: name for name in self.blocks}


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
    use = _asked(asked)
    if use is None:
        found.problems.append((("use", source), f"use: {_FORM}"))
        return
    try:
        spec, variant = find_used(source, own.folder)
    except Unusable as error:
        found.problems.append((("use", source), str(error)))
        return
    if problems := list(_unknown(source, use, spec)):
        found.problems += [(("use", source), problem) for problem in problems]
        return
    fixed = {name: value for name, value in variant.set.items() if name not in own.symbols}
    blocks = with_applied(spec, use.named, _prefix(source, found), {**fixed, **use.set})
    symbols = symbols_read(spec.with_defaults(variant.default), blocks.values(), {**fixed, **use.set})
    found.problems += [(("use", source), message) for message in _clashes(source, use, own, found, blocks, symbols)]
    found.blocks.update(blocks)
    found.symbols.update({name: symbol for name, symbol in symbols.items() if name not in own.symbols})


def _asked(asked: Any) -> Use | None:
    """Return what is asked for of one spec, None where it is not said as it is to be."""
    try:
        use = Use.model_validate({"blocks": asked} if isinstance(asked, (list, tuple)) else asked)
    except ValidationError:
        return None
    return use if use.named else None


def _unknown(source: str, use: Use, spec: Spec) -> Iterator[str]:
    for name in use.named.values():
        if name not in spec.blocks:
            yield f"{quoted(source)} has no block {quoted(name)}{did_you_mean(name, spec.blocks)}"
    for name in use.set:
        if name not in spec.symbols:
            yield f"{quoted(source)} has no symbol {quoted(name)}{did_you_mean(name, spec.symbols)}"


def _clashes(
    source: str, use: Use, own: Own, found: Arrivals, blocks: dict[str, Block], symbols: dict[str, Symbol]
) -> Iterator[str]:
    """Find the names that mean something else here."""
    for name in blocks:
        if name in own.blocks or name in found.blocks:
            yield f"block {quoted(name)} is there already; write blocks: {{OTHER_NAME: {use.named.get(name, name)}}}"
    for name, symbol in symbols.items():
        if name not in own.symbols and found.symbols.get(name, symbol) != symbol:
            yield f"symbol {quoted(name)} of {quoted(source)} is not the one of a spec above; declare it here or set it"
    hidden = sorted(names_given(blocks.values()) & frozenset().union(*map(names_read, use.set.values())))
    if hidden:
        yield f"set: {quoted(hidden[0])} is something else inside the blocks of {quoted(source)}; give it another name"


def _prefix(source: str, found: Arrivals) -> str:
    """Return what the names of blocks begin with that nobody asked for."""
    stem = FilePath(source.partition(":")[0]).stem if source.partition(":")[0].endswith(SUFFIXES) else source
    taken = {name.partition(".")[0] for name in found.blocks if "." in name}
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 99))) if name not in taken) + "."
