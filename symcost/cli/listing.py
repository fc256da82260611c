"""The verb ``list``."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from symcost.cli.options import AsJson
from symcost.cli.output import give
from symcost.cli.progress import say

VIEWS = {
    "": ("listing", "listing"),
    "ops": ("listing", "ops"),
    "settings": ("settings", "settings"),
    "optimizers": ("optimizers", "optimizers"),
    "preparation": ("preparations", "preparations"),
    "scaling": ("scaling", "scaling"),
    "storage": ("storages", "storages"),
    "collectives": ("collectives", "collectives"),
    "devices": ("devices", "devices"),
}
"""Where each list is made: a module of ``symcost.views``, imported when it is asked for, and a function."""


def listing(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="What names or titles hold.", show_default=False)
    ] = None,
    ops: Annotated[bool, typer.Option("--ops", help="List the ops that specs are made of, and their fields.")] = False,
    settings: Annotated[
        bool, typer.Option("--settings", help="List what a network can be trained or served with.")
    ] = False,
    optimizers: Annotated[
        bool, typer.Option("--optimizers", help="List the optimizers, and what each keeps and does.")
    ] = False,
    preparation: Annotated[
        bool, typer.Option("--preparation", help="List the steps that prepare data, and their work.")
    ] = False,
    scaling: Annotated[
        bool, typer.Option("--scaling", help="List scaling laws: the best size and tokens for a budget.")
    ] = False,
    storage: Annotated[
        bool, typer.Option("--storage", help="List the ways to store a sparse matrix, and when each is worth it.")
    ] = False,
    collectives: Annotated[
        bool, typer.Option("--collectives", help="List what workers do together: bytes sent, and steps.")
    ] = False,
    devices: Annotated[
        bool, typer.Option("--devices", help="List the devices: peaks, memory, bandwidth and power.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List networks, ops or settings, all or by words.

    symcost list llama 8b
    """
    from symcost.errors import UsageError

    given = {
        "ops": ops,
        "settings": settings,
        "optimizers": optimizers,
        "preparation": preparation,
        "scaling": scaling,
        "storage": storage,
        "collectives": collectives,
        "devices": devices,
    }
    asked = [name for name, is_asked in given.items() if is_asked]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(f'--{name}' for name in asked)} are {len(asked)} lists; ask for one")
    say("reading what is shipped")
    module, view = VIEWS[asked[0] if asked else ""]
    give(getattr(import_module(f"symcost.views.{module}"), view)(words or ()), as_json=as_json)
