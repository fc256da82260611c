"""Examples that stand beside an op and feed its documentation, its regression tests and its oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example of an op.

    Attributes:
        fields: the op's fields as a spec writes them.
        ins: input shapes, sizes separated by spaces: integers or expressions in symbols.
        out: shape of the output; several outputs are separated by commas.
        params: trainable elements.
        macs: multiply-accumulates of contractions.
        work: further work by kind, where the example fixes it.
        source: where the figure comes from, or what the example shows.
        op: the tag, where the op has several.
        buffers: elements of state that is not trained.
    """

    fields: Mapping[str, Any]
    ins: tuple[str, ...]
    out: str
    params: int | str = 0
    macs: int | str = 0
    work: Mapping[str, int | str] = field(default_factory=dict)
    source: str = ""
    op: str = ""
    buffers: int | str = 0
