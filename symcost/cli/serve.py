"""The verb ``serve``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, SpecName, Words
from symcost.cli.output import give


def serve(
    spec: SpecName,
    words: Words = None,
    prompt: Annotated[int, typer.Option(min=1, metavar="N", help="Tokens that each sequence begins with.")] = 1024,
    tokens: Annotated[int, typer.Option(min=1, metavar="N", help="Tokens that each is given.")] = 128,
    as_json: AsJson = False,
) -> None:
    """Show how a decoder is served on a device.

    The time of the prompt and of each token after it, memory, and the largest batch and context that fit:

        symcost serve llama3-8b B=8 device=h100 precision=bf16 --prompt 2048

    The answer is no, with exit code 1, where it needs more memory than the device has.
    """
    from symcost.cli.question import ask
    from symcost.kernels import serving
    from symcost.views.serve import serve as answer

    asked = ask(spec, words)
    found = serving(asked.architecture, prompt, tokens, at=asked.given)
    told, fits = answer(asked.architecture, found, asked.given)
    give(told, as_json=as_json)
    if not fits:
        raise typer.Exit(1)
