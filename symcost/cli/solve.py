"""The verb ``solve``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give


def solve(
    spec: SpecName,
    words: Words = None,
    for_: Annotated[
        str, typer.Option("--for", metavar="NAME", help="The symbol to solve for.", show_default=False)
    ] = "",
    budget: Annotated[
        list[str] | None,
        typer.Option(metavar="BUDGET", help="Such as 'macs <= 2G', or 'macs ~ 569M' for a figure as printed."),
    ] = None,
    multiple_of: Annotated[int | None, typer.Option(min=1, help="What is to divide the answer.")] = None,
    step: Annotated[str, typer.Option(metavar="NUMBER", help="A ratio is to be a multiple of it: 1/8.")] = "",
    between: Annotated[str, typer.Option(metavar="LOW:HIGH", help="Least and greatest value to consider.")] = "",
    allowed: Annotated[
        str, typer.Option("--in", metavar="VALUES", help="The values to choose from: 32,48,64 or 8:256:8.")
    ] = "",
    smallest: Annotated[bool, typer.Option("--smallest", help="Ask for the least value, not the greatest.")] = False,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Find the greatest value of a symbol within budgets.

    The answer is proven on the exact formula: its value is within the budgets, the next one's is not.
    Other sizes may follow the unknown, as W=H.

    symcost solve resnet50 --for H W=H --budget 'macs <= 2G'

    symcost solve mobilenet_v1 --for alpha --budget 'macs ~ 325M'
    """
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.solver import Offered, solve_among
    from symcost.views.answer import Answer, wrapped

    if not for_ or not budget:
        raise UsageError("solve takes a symbol and a budget, as in --for C --budget 'macs <= 2G'")
    asked = ask(spec, words, free=names(free), unknowns=(for_,), convention=convention)
    offered = Offered(multiple_of, step or None, _ends(between), allowed or None)
    structural = asked.architecture.spec.symbols[for_].structural
    network = asked.architecture if structural else asked.cost
    found = solve_among(network, for_, budget, asked.given, offered, smallest=smallest, convention=convention)
    *said, circumstances = map(wrapped, str(found).splitlines())
    give(Answer(("\n".join(said), circumstances), found.to_json()), as_json=as_json)


def _ends(text: str) -> tuple[str | None, str | None] | None:
    """Return the ends of LOW:HIGH, None for one that is left out."""
    from symcost.errors import UsageError, quoted

    if not text:
        return None
    low, colon, high = (part.strip() for part in text.partition(":"))
    if not colon or ":" in high:
        raise UsageError(f"--between takes LOW:HIGH, such as 32:512 or 32:, got {quoted(text)}")
    return low or None, high or None
