"""The verb ``peak``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Free, Plot, SpecName, Words, names
from symcost.cli.output import give


def peak(
    spec: SpecName,
    words: Words = None,
    size: Annotated[
        str, typer.Option("--in", metavar="NAME", help="A size: each branch's derivative, and which is largest where.")
    ] = "",
    training: Annotated[bool, typer.Option("--training", help="Of a step of training, in bytes.")] = False,
    plot: Plot = "",
    free: Free = "",
    as_json: AsJson = False,
) -> None:
    """Show peak memory: while which node, of what, and as formulas.

    Of an evaluation in elements, or of a step of training in bytes:

        symcost peak resnet50 B=8 --in H

        symcost peak gpt2 B=8 precision=mixed_bf16 checkpoint=full --training

    A picture shows what is in memory while one node after the other runs:

        symcost peak resnet50 B=32 --training --plot memory.png
    """
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.memory import Peak
    from symcost.memory import peak as find
    from symcost.training_memory import TrainingPeak, training_peak
    from symcost.views.peak import peak as answer
    from symcost.views.peak import training as answer_of_training

    if training and size:
        raise UsageError("--in is of an evaluation's peak, and --training of another; ask for one")
    path = picture_path(plot)
    asked = ask(spec, words, free=names(free))
    top: TrainingPeak | Peak
    if training:
        top = training_peak(asked.cost, asked.given)
        found = answer_of_training(asked.architecture, asked.cost, top)
    else:
        top = find(asked.cost, asked.given)
        found = answer(asked.architecture, asked.cost, top, size)
    if path is not None:
        write_picture(path, top.draw)
    give(found, as_json=as_json)
