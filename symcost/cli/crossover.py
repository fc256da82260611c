"""The verb ``crossover``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, Plot, SpecName, Words, ends, names
from symcost.cli.output import give

AMOUNT = "macs, 'macs of linear' (an op or block), '6*macs' or '12*B*T*E**2*L'"


def crossover(
    spec: SpecName,
    words: Words = None,
    first: Annotated[str, typer.Option(metavar="EXPR", help=f"An amount: {AMOUNT}.")] = "",
    second: Annotated[str, typer.Option(metavar="EXPR", help="The amount it may overtake.")] = "",
    in_: Annotated[str, typer.Option("--in", metavar="NAME", help="The size that grows.")] = "",
    between: Annotated[str, typer.Option(metavar="LOW:HIGH", help="Values to look at, such as 1:4096 or 64:.")] = "",
    plot: Plot = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    r"""Show where one amount overtakes another as a size grows.

    The answer is a formula, and value by value, proved. Attention against the dense layers of a GPT:

        symcost crossover gpt2 --first 'macs of scaled_dot_product_attention' \
            --second '12*B*T*E**2*L' --in T P=9999
    """
    from symcost.calculus import crossover as cross
    from symcost.calculus.amount import amount_of
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.views.crossover import crossover as answer

    if not (first and second and in_):
        raise UsageError("crossover takes two amounts and a size, as in --first macs --second '100*params' --in H")
    path = picture_path(plot)
    asked = ask(spec, words, free=names(free), unknowns=(in_,), convention=convention)
    pair = (amount_of(asked.cost, first, "first"), amount_of(asked.cost, second, "second"))
    found = cross(*pair, in_, of=asked.cost, at=asked.given, between=ends(between), names=(first, second))
    if path is not None:
        write_picture(path, found.draw)
    give(answer(asked.architecture, asked.cost, found), as_json=as_json)
