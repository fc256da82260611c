"""Shipped specs hold nothing that nobody reads: each block is applied by the model, and each symbol is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from symcost.catalog import files, shipped
from symcost.spec import Spec, read_spec
from symcost.spec.needed import applied, names_read, symbols_read, with_applied

SPEC = """
symcost: 1
name: idle
symbols: {B: 1, C: 8, D: 8, E: {default: 8, multiple_of: D}, K: 8, n: {default: 1, about: read by nobody}}
inputs: {x: [B, C]}
blocks:
  one: {body: [two]}
  two: {body: [linear: E]}
  three: {body: [linear: K]}
model: [one]
"""


def idle(spec: Spec) -> tuple[list[str], list[str]]:
    """Return the blocks that the model does not apply, and the symbols that it does not read."""
    blocks = with_applied(spec, {name: name for name in applied(spec.model)}, "", {})
    read = {
        *symbols_read(spec, blocks.values(), {}),
        *names_read(spec.model),
        *names_read(tuple(spec.inputs.values())),
        *(name for symbol in spec.symbols.values() for name in names_read(tuple(dict(symbol).values()))),
    }
    return sorted(spec.blocks.keys() - blocks), sorted(spec.symbols.keys() - read)


def test_what_nobody_reads_is_found() -> None:
    assert idle(read_spec(SPEC)) == (["three"], ["K", "n"])


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_all_blocks_are_applied_and_all_symbols_read(path: Path) -> None:
    assert idle(shipped(path)) == ([], [])
