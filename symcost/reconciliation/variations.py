"""The networks that a name may have meant: other members of its family, flags turned, other input sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symcost.algebra.atoms import Number
from symcost.architecture import Architecture, variant_of
from symcost.cost import Cost
from symcost.errors import SpecError

SIDES = (
    *(32, 96, 112, 128, 160, 176, 192, 208, 224, 227, 231, 240, 256, 260, 288, 299, 300, 320, 331, 336, 380, 384, 400),
    *(416, 448, 456, 480, 512, 528, 600, 608, 640, 800, 1024),
)
"""Sides of images that networks are published with, in pixels."""
LENGTHS = (77, 128, 197, 256, 384, 512, 1024, 2048, 4096, 8192, 16384, 32768, 131072)
"""Lengths of sequences, in tokens."""
IMAGE, SEQUENCE = ("H", "W"), ("T",)


@dataclass(frozen=True)
class Structure:
    """A network, and what it takes to come from the one that was asked about to it.

    Attributes:
        network: with its structure fixed.
        changes: in words, one for each.
        turned: whether a flag is turned: with another size or convention besides, a number would be met by chance.
    """

    network: Architecture
    changes: tuple[str, ...]
    turned: bool = False


def structures(asked: Architecture, given: Mapping[str, str]) -> Iterator[Structure]:
    """Find the networks a name may have meant, the one asked about first; each comes once.

    Args:
        asked: the network, with what was given for its structure fixed.
        given: values that were given, which stay as they are.
    """
    seen: set[object] = set()
    members = [(asked, ()), *((member, (member.name,)) for member in _family(asked, given))]
    plain = [Structure(member, changes) for member, changes in members]
    turned = [Structure(n, (*s.changes, word), True) for s in plain for n, word in _turned(s.network, given)]
    for structure in sorted([*plain, *turned], key=lambda s: len(s.changes)):
        key = _identity(structure.network)
        if key not in seen:
            seen.add(key)
            yield structure


def _family(asked: Architecture, given: Mapping[str, str]) -> Iterator[Architecture]:
    """Find the other members of a family; those of a member that was named are told apart from it by flags."""
    for name in asked.spec.variants:
        if name != asked.name:
            try:
                member = variant_of(asked.spec, name)
                member = member.fix(**{key: value for key, value in given.items() if key in asked.fixed})
            except SpecError:
                continue
            if asked.name not in asked.spec.variants or _identity(member, flags=False) == _identity(asked, flags=False):
                yield member


def _turned(network: Architecture, given: Mapping[str, str]) -> Iterator[tuple[Architecture, str]]:
    """Find the network with each of its flags turned that neither it nor the question fixes."""
    for name, symbol in network.symbols.items():
        if symbol.kind == "flag" and name not in given:
            value = not symbol.default
            yield network.fix(**{name: value}), f"{name} = {str(value).lower()}"


def _identity(network: Architecture, *, flags: bool = True) -> object:
    """Return what a network is, with or without its flags: the value of every symbol."""
    symbols = network.spec.symbols
    kept = {name: symbol for name, symbol in symbols.items() if flags or symbol.kind != "flag"}
    return tuple((name, network.fixed.get(name, symbol.default)) for name, symbol in kept.items())


def sizes(cost: Cost, given: Mapping[str, str]) -> Iterator[tuple[dict[str, Number], tuple[str, ...]]]:
    """Find values for the free symbols with the change that each is: the defaults, then other input sizes.

    Those that the network does not take are left out.
    """
    own = {name: value for name, value in given.items() if name in cost.symbols}
    names, values = _inputs(cost, own)
    defaults = {name: cost.symbols[name].default for name in names}
    yield from _taken(cost, own, ())
    for value in values:
        if set(defaults.values()) != {value}:
            yield from _taken(cost, {**own, **dict.fromkeys(names, value)}, (f"{' = '.join(names)} = {value}",))


def _inputs(cost: Cost, given: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the symbols of a network's input size, and the sizes that are usual for it."""
    for names, usual in ((IMAGE, SIDES), (SEQUENCE, LENGTHS)):
        if all(name in cost.symbols and name not in given for name in names):
            return names, usual
    return (), ()


def _taken(
    cost: Cost, values: Mapping[str, Number | str], changes: tuple[str, ...]
) -> Iterator[tuple[dict[str, Number], tuple[str, ...]]]:
    try:
        yield cost.bindings(values), changes
    except SpecError:
        return
