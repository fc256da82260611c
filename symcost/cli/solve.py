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
        list[str] | None, typer.Option(metavar="BUDGET", help="Such as 'macs <= 2G'; may be repeated.")
    ] = None,
    multiple_of: Annotated[int | None, typer.Option(min=1, help="What is to divide the answer.")] = None,
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
    """
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.solver import solve as invert
    from symcost.views.answer import Answer, wrapped

    if not for_ or not budget:
        raise UsageError("solve takes a symbol and a budget, as in --for C --budget 'macs <= 2G'")
    asked = ask(spec, words, free=names(free), unknowns=(for_,), convention=convention)
    found = invert(
        asked.cost, for_, budget, asked.given, multiple_of=multiple_of, smallest=smallest, allowed=allowed or None
    )
    *said, circumstances = map(wrapped, str(found).splitlines())
    give(Answer(("\n".join(said), circumstances), found.to_json()), as_json=as_json)
