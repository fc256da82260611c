"""The verb ``train``."""

from __future__ import annotations

import typer

from symcost.cli.options import AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give


def train(
    spec: SpecName,
    words: Words = None,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    r"""Show what a step and a run of training take.

    `symcost list --settings` shows all that can be said of it; what is said decides how much is told:

        symcost train resnet50 B=256 precision=mixed_bf16 device=h100 \
            examples=1281167 epochs=90

    The answer is no, with exit code 1, where a worker needs more memory than its device has.
    """
    from symcost.cli.question import answered, ask
    from symcost.views.train import train as answer

    asked = ask(spec, words, free=names(free), convention=convention)
    found, fits = answered(asked, lambda q: answer(q.architecture, q.cost, q.sizes()))
    give(found, as_json=as_json)
    if not fits:
        raise typer.Exit(1)
