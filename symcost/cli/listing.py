"""The verb ``list``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson
from symcost.cli.output import give


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
    from symcost.views import listing as views
    from symcost.views.collectives import collectives as known_collectives
    from symcost.views.devices import devices as known_devices
    from symcost.views.optimizers import optimizers as known_optimizers
    from symcost.views.preparations import preparations
    from symcost.views.scaling import scaling as laws
    from symcost.views.settings import settings as known_settings
    from symcost.views.storages import storages

    lists = {"--ops": (ops, views.ops), "--settings": (settings, known_settings)}
    lists |= {"--optimizers": (optimizers, known_optimizers), "--preparation": (preparation, preparations)}
    lists |= {"--scaling": (scaling, laws), "--storage": (storage, storages)}
    lists |= {"--collectives": (collectives, known_collectives), "--devices": (devices, known_devices)}
    asked = [name for name, (given, _) in lists.items() if given]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} are {len(asked)} lists; ask for one")
    view = lists[asked[0]][1] if asked else views.listing
    give(view(words or ()), as_json=as_json)
