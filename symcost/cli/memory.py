"""The verb ``memory``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Free, SpecName, Words, names
from symcost.cli.output import give


def memory(
    spec: SpecName,
    words: Words = None,
    depth: Annotated[int, typer.Option(min=1, metavar="N", help="Levels of blocks to tell apart.")] = 1,
    size: Annotated[
        str, typer.Option("--in", metavar="NAME", help="The size to show the totals as formulas in.")
    ] = "B",
    interval: Annotated[
        bool, typer.Option("--interval", help="Find how many rounds to take from one checkpoint to the next.")
    ] = False,
    free: Free = "",
    as_json: AsJson = False,
) -> None:
    """Show the memory of training and inference.

    By role, as bytes and as formulas in the batch, and what blocks keep for the backward pass:

        symcost memory resnet50 B=32 precision=mixed_bf16 optimizer=adamw
    """
    from symcost.checkpoints import checkpoint_interval
    from symcost.cli.question import answered, ask
    from symcost.views.memory import memory as answer

    asked = ask(spec, words, free=names(free))
    found = checkpoint_interval(asked.architecture, asked.given) if interval else None
    told = answered(asked, lambda q: answer(q.architecture, q.cost, q.sizes(), depth, size, found), but=(size,))
    give(told, as_json=as_json)
