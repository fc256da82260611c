"""Arguments and options that verbs share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

METRICS = "such as params, buffers, macs, flops, elementwise, activations or elementwise.mul"
SpecName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SPEC", help="A path, PATH:VARIANT, - for standard input, or a shipped name.", show_default=False
    ),
]
Words: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Values of symbols.", show_default=False)
]
Free: TypeAlias = Annotated[
    str, typer.Option("--free", metavar="NAMES", help="Symbols that the variant fixes, to be free again: L1,L2.")
]
Convention: TypeAlias = Annotated[
    str, typer.Option("--convention", metavar="NAME", help="How FLOPs are counted: symcost, textbook or torch.")
]
Metrics: TypeAlias = Annotated[
    list[str] | None, typer.Option("--metric", metavar="NAME", help=f"A metric to show, {METRICS}; may be repeated.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list such as ``L1,L2``."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
