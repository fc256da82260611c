"""The verb ``asymptotics``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give


def asymptotics(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[
        str, typer.Option(metavar="EXPR", help=f"A metric, {METRICS}, or an expression: '6*macs'.")
    ] = "flops",
    in_: Annotated[
        str, typer.Option("--in", metavar="NAMES", help="What grows: T, or together E,T=2 (T as the square of E).")
    ] = "",
    per: Annotated[str, typer.Option(metavar="EXPR", help="What it is divided by: params or 'B*T'.")] = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show how a metric grows with a size: by order, and per unit.

    FLOPs of a training step per parameter, of a language model that gets wider and wider:

        symcost asymptotics gpt2 --metric '6*macs' --in E --per params
    """
    from symcost.calculus import asymptotics as grow
    from symcost.cli.question import ask, read_powers
    from symcost.errors import UsageError
    from symcost.views.asymptotics import asymptotics as answer

    if not in_:
        raise UsageError("asymptotics takes the size that grows, as in --in T")
    asked = ask(spec, words, free=names(free), convention=convention)
    found = grow(asked.cost, metric, read_powers(names(in_)), per=per, at=asked.given)
    give(answer(asked.architecture, asked.cost, found), as_json=as_json)
