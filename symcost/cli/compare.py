"""The verb ``compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from symcost.cli.options import AsJson, Convention, Depth, Metrics
from symcost.cli.output import give
from symcost.cli.progress import say

if TYPE_CHECKING:
    from symcost.architecture import Architecture
    from symcost.views.answer import Answer

SPEC = "A path, PATH:VARIANT, - for standard input, or a shipped name."


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=SPEC, show_default=False)],
    b: Annotated[
        str | None, typer.Argument(metavar="B", help=f"{SPEC} Not with --conventions.", show_default=False)
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help="Values of symbols: of both, or as a.NAME=VALUE and b.NAME=VALUE of one.",
            show_default=False,
        ),
    ] = None,
    metric: Metrics = None,
    by: Annotated[str, typer.Option(metavar="block|op|node", help="What a row stands for.")] = "block",
    depth: Depth = 0,
    along: Annotated[
        list[str] | None,
        typer.Option(
            "--in", "--along", metavar="NAME", help="A size to let grow: H, or H=W together; may be repeated."
        ),
    ] = None,
    convention: Convention = "symcost",
    conventions: Annotated[
        str, typer.Option(metavar="NAMES", help="Compare what conventions count of A instead: torch,fvcore,thop.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Compare two networks: how they differ, and what explains it.

    Differences are B minus A, as formulas; the blocks that explain them, and where one overtakes the other:

        symcost compare regnet_y_400mf regnet_y_400mf a.se=false

    With --conventions one network under several conventions, term by term; differences are from the first:

        symcost compare resnet50 --conventions torch,fvcore,thop
    """
    if conventions:
        give(_priced(a, [*([b] if b else []), *(words or ())], conventions), as_json=as_json)
        return
    from symcost.comparison import compare as difference
    from symcost.views.comparison import comparison as answer

    both, own = _split(words or ())
    networks = _network(a, both, own["a"]), _network(_second(b), both, own["b"])
    at = _sizes(networks, both)
    names = metric or ["macs"]
    say("comparing")
    found = [
        difference(*networks, name, by=by, depth=depth, at=at, convention=convention) for name in dict.fromkeys(names)
    ]
    give(answer(networks, found, along or ()), as_json=as_json)


def _priced(spec: str, words: Sequence[str], conventions: str) -> Answer:
    """Return what conventions count of a network."""
    from symcost.cli.question import ask
    from symcost.comparison.pricing import compare_conventions
    from symcost.views.pricing import pricing

    asked = ask(spec, words)
    return pricing(asked.architecture, compare_conventions(asked.cost, _names(conventions), asked.given))


def _names(text: str) -> list[str]:
    """Return the conventions in a list; a comma may also stand between the switches of one."""
    found: list[str] = []
    for part in filter(None, map(str.strip, text.split(","))):
        if found and "=" in part and ":" not in part:
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found


def _second(b: str | None) -> str:
    from symcost.errors import UsageError

    if b is None:
        raise UsageError("two networks are compared, or one under --conventions torch,fvcore")
    return b


def _split(words: Sequence[str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the values given for both networks, and those for each alone."""
    from symcost.cli.question import read_words

    both: dict[str, str] = {}
    own: dict[str, dict[str, str]] = {"a": {}, "b": {}}
    for key, value in read_words(words).items():
        side, dot, name = key.partition(".")
        if dot and side in own:
            own[side][name] = value
        else:
            both[key] = value
    return both, own


def _network(spec: str, both: Mapping[str, str], own: Mapping[str, str]) -> Architecture:
    """Return a network with its own values put in, and of those for both what decides its structure."""
    from symcost.cli.question import known, put_in, read, set_up

    network, own_sizes = set_up(read(spec), {**both, **own})
    own_sizes = {name: value for name, value in own_sizes.items() if name in own}
    network = put_in(known(network, tuple(own_sizes)), own_sizes)
    fixed = {name: value for name, value in both.items() if name not in own and network.decides(name)}
    return put_in(network, fixed)


def _sizes(networks: tuple[Architecture, Architecture], both: Mapping[str, str]) -> dict[str, str]:
    """Return the values for both that stay in the formulas of one at least.

    Raises:
        UsageError: neither network has a symbol of a name.
    """
    from symcost.errors import UsageError, did_you_mean, quoted
    from symcost.setup import settings

    names = [name for network in networks for name in network.spec.symbols]
    for name in both:
        if name not in names and name not in settings():
            raise UsageError(f"neither network has a symbol {quoted(name)}{did_you_mean(name, names)}")
    return {k: v for k, v in both.items() if any(k in n.symbols and not n.symbols[k].structural for n in networks)}
