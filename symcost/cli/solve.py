"""The verb ``solve``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, SpecName, Words, ends, names
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
    multiple_of: Annotated[int | None, typer.Option(min=1, metavar="N", help="What is to divide the answer.")] = None,
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

    The answer is proven on the exact formula: its value is within the budgets, the next one's is not. Other sizes may
    follow the unknown, as W=H.

        symcost solve resnet50 --for H W=H --budget 'macs <= 2G'

        symcost solve mobilenet_v1 --for alpha --budget 'macs ~ 325M'
    """
    from symcost.cli.question import Question, answered, ask
    from symcost.errors import UsageError
    from symcost.solver import Offered, Solution, solve_among
    from symcost.views.answer import Answer, data, wrapped
    from symcost.views.plain import units
    from symcost.views.sizes import listed

    if not for_ or not budget:
        raise UsageError("solve takes a symbol and a budget, as in --for C --budget 'macs <= 2G'")
    asked = ask(spec, words, free=names(free), unknowns=(for_,), convention=convention)
    offered = Offered(multiple_of, step or None, ends(between), allowed or None)
    structural = for_ in asked.architecture.spec.symbols and asked.architecture.spec.symbols[for_].structural
    first = asked.architecture

    def tell(q: Question) -> tuple[Question, Solution]:
        network = q.architecture if structural else q.cost
        return q, solve_among(network, for_, budget, q.given, offered, smallest=smallest, convention=convention)

    asked, found = answered(asked, tell, but=(for_,))
    put = {name: value for name, value in asked.architecture.fixed.items() if name not in first.fixed}
    *said, circumstances = map(wrapped, str(found).splitlines())
    said += [wrapped(f"with {listed(put)} put into the network")] if put else []
    whole = data(asked.architecture, asked.cost, found.at, {**found.to_json(), "units": units(asked.cost, found.value)})
    give(Answer(("\n".join(said), circumstances), whole), as_json=as_json)
