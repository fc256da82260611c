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
    list[str] | None, typer.Argument(metavar="NAME=VALUE", help="Values of symbols.", show_default=False)
]
Free: TypeAlias = Annotated[
    str, typer.Option("--free", metavar="NAMES", help="Symbols that the variant fixes, to be free again: L1,L2.")
]
Convention: TypeAlias = Annotated[
    str,
    typer.Option(
        "--convention",
        metavar="NAME",
        help="How FLOPs are counted: symcost, torch, fvcore, megatron, ...; with switches, as in torch:causal=half.",
    ),
]
Metrics: TypeAlias = Annotated[
    list[str] | None, typer.Option("--metric", metavar="NAME", help=f"A metric to show, {METRICS}; may be repeated.")
]
Depth: TypeAlias = Annotated[
    int, typer.Option("--depth", min=0, metavar="N", help="How many levels of blocks are told apart; 0 chooses.")
]
Plot: TypeAlias = Annotated[
    str, typer.Option("--plot", metavar="FILE", help="Draw it too, as .png, .svg or .pdf.", show_default=False)
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ends(text: str) -> tuple[str | None, str | None] | None:
    """Return the ends of LOW:HIGH, None for one that is left out; None for nothing.

    Raises:
        UsageError: it is not of this form.
    """
    from symcost.errors import UsageError, quoted

    if not text:
        return None
    low, colon, high = (part.strip() for part in text.partition(":"))
    if not colon or ":" in high:
        raise UsageError(f"--between takes LOW:HIGH, such as 32:512 or 32:, got {quoted(text)}")
    return low or None, high or None


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list such as ``L1,L2``."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
