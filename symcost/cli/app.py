"""The verbs."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import cleandoc
from typing import Annotated

import typer

from symcost.cli.asymptotics import asymptotics
from symcost.cli.check import check
from symcost.cli.compare import compare
from symcost.cli.crossover import crossover
from symcost.cli.evaluate import evaluate
from symcost.cli.explain import explain
from symcost.cli.export import export
from symcost.cli.formula import formula
from symcost.cli.growth import growth
from symcost.cli.iso import iso
from symcost.cli.knobs import knobs
from symcost.cli.listing import listing
from symcost.cli.memory import memory
from symcost.cli.optimize import optimize
from symcost.cli.output import write
from symcost.cli.pareto import pareto
from symcost.cli.peak import peak
from symcost.cli.reconcile import reconcile
from symcost.cli.report import report
from symcost.cli.schema import schema
from symcost.cli.sensitivity import sensitivity
from symcost.cli.serve import serve
from symcost.cli.solve import solve
from symcost.cli.time import time
from symcost.cli.train import train

EXAMPLES = """\
Exact costs of neural networks, from declared architectures: derive, evaluate and invert them.

    symcost formula resnet50 --metric macs
    symcost solve resnet50 --for C --budget 'macs <= 2G'

`symcost --help` shows all verbs, `symcost list` all networks.
"""

app = typer.Typer(add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False)


def start(
    context: typer.Context,
    ops: Annotated[
        list[str] | None,
        typer.Option("--ops", metavar="FILE", help="A Python file, or module, with ops of your own; it is run."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Exact costs of neural networks, from declared architectures: derive, evaluate and invert them.

    SPEC is a path, PATH:VARIANT, - for standard input, or a shipped name; NAME=VALUE words set symbols: H=256,
    r=3/4, v1=true. Each verb's --help has examples; two to begin with:

        symcost report resnet50

        symcost solve resnet50 --for C --budget 'macs <= 2G'

    NO_COLOR=1 leaves out colours, FORCE_COLOR=1 writes them into pipes too.
    """
    if ops:
        from symcost.cli.own_ops import run

        run(ops)
    if version:
        from symcost import __version__

        write(f"symcost {__version__}\n")
    elif context.invoked_subcommand is None:
        write(EXAMPLES)


VERBS: dict[str, Callable[..., None]] = {
    "report": report,
    "formula": formula,
    "eval": evaluate,
    "solve": solve,
    "sensitivity": sensitivity,
    "knobs": knobs,
    "asymptotics": asymptotics,
    "crossover": crossover,
    "growth": growth,
    "optimize": optimize,
    "iso": iso,
    "compare": compare,
    "reconcile": reconcile,
    "pareto": pareto,
    "peak": peak,
    "train": train,
    "memory": memory,
    "time": time,
    "serve": serve,
    "explain": explain,
    "export": export,
    "check": check,
    "schema": schema,
    "list": listing,
}


def _help(verb: Callable[..., None]) -> str:
    """Return the docstring of a verb, with a mark before each example that keeps its lines."""
    return re.sub(r"\n\n *(?=symcost )", "\n\n\b\n    ", cleandoc(verb.__doc__ or ""))


app.callback(invoke_without_command=True, help=_help(start))(start)
for name, verb in VERBS.items():
    app.command(name, help=_help(verb))(verb)
