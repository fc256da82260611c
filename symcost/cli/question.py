"""What is asked: a network, its cost under a convention, and values for its symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from symcost.algebra.atoms import Number
from symcost.architecture import Architecture, load
from symcost.cli.progress import say
from symcost.cost import Cost
from symcost.errors import NoForm, SpecError, UsageError, did_you_mean, printable, quoted
from symcost.setup import Setup, settings
from symcost.solver.domain import read_exact

Told = TypeVar("Told")


@dataclass(frozen=True)
class Question:
    """A network and the values given for its symbols.

    Attributes:
        architecture: with all that decides its structure fixed, under the setup that is given.
        cost: its cost.
        given: values of symbols that stay in the formulas, as written.
        convention: by which FLOPs are counted, as written.
    """

    architecture: Architecture
    cost: Cost
    given: Mapping[str, str]
    convention: str = "symcost"

    def sizes(self) -> dict[str, Any]:
        """Return a value for every free symbol, defaults included.

        Raises:
            SpecError: a value is refused, or missing.
        """
        return self.cost.bindings(self.given)

    def put_in(self, but: Sequence[str] = ()) -> Question:
        """Return the question with its sizes put into the network, all but some."""
        own = self.architecture.symbols
        sized = {name: str(value) for name, value in self.sizes().items() if name in own and name not in but}
        network = put_in(self.architecture, sized)
        rest = {name: value for name, value in self.given.items() if name not in sized}
        return Question(network, costed(network, self.convention), rest, self.convention)


def ask(
    spec: str,
    words: Sequence[str] | None,
    *,
    free: Sequence[str] = (),
    unknowns: Sequence[str] = (),
    convention: str = "symcost",
) -> Question:
    """Return what a command line asks about.

    Values that decide the structure, or that a variant fixes, are put into the network. Symbols that are made free
    keep the variant's value where none is given.

    Args:
        spec: a path, - or a shipped name.
        words: values of symbols, as NAME=VALUE.
        free: symbols that a variant fixes, to be free again.
        unknowns: symbols to be free without a value.
        convention: by which FLOPs are counted.

    Raises:
        SpecError: the spec is not one, or a value is not one for its symbol.
        UsageError: a word has no meaning, or names no symbol.
    """
    network, given = set_up(read(spec), read_words(words or ()), (*free, *unknowns))
    freed = tuple(name for name in (*free, *unknowns) if name not in network.setup.symbols)
    whole = known(network, (*(name for name in given if name not in network.setup.symbols), *freed))
    kept = {name: str(whole.fixed[name]) for name in freed if name in whole.fixed and name not in unknowns}
    network = whole.free(*freed)
    put = {name: value for name, value in given.items() if network.decides(name)}
    network = put_in(network, put)
    rest = {name: value for name, value in {**kept, **given}.items() if name not in put}
    try:
        return Question(network, costed(network, convention), rest, convention)
    except SpecError:
        if not rest:
            raise
        sized = {name: value for name, value in rest.items() if name in network.spec.symbols}
        network = put_in(network, sized)  # the values may decide what symbols leave open, such as "isqrt(C)"
        left = {k: v for k, v in rest.items() if k not in sized}
        return Question(network, costed(network, convention), left, convention)


def read(spec: str) -> Architecture:
    """Return a network by its name or path, and say so if that takes long."""
    say(f"reading {printable(spec)}")
    return load(spec)


def costed(network: Architecture, convention: str) -> Cost:
    """Return the cost of a network, and say what is done, if that takes long."""
    say(f"building {network.name}")
    cost = network.cost(convention)
    say(f"counting what {network.name} takes")
    return cost


def answered(asked: Question, tell: Callable[[Question], Told], but: Sequence[str] = ()) -> Told:
    """Return an answer, with sizes put into the network, all but some, where an amount has no form in all of them."""
    try:
        return tell(asked)
    except NoForm:
        return tell(asked.put_in(but))


def ask_formulas(
    spec: str, words: Sequence[str] | None, *, free: Sequence[str] = (), convention: str = "symcost"
) -> Cost:
    """Return the cost that a command line asks about, with all values given put into its formulas.

    Raises:
        SpecError: the spec is not one, or a value is not one for its symbol.
        UsageError: a word has no meaning, or names no symbol.
    """
    network, given = set_up(read(spec), read_words(words or ()), free)
    sizes = {name: value for name, value in given.items() if name not in network.setup.symbols}
    freed = [name for name in free if name not in network.setup.symbols]
    return costed(put_in(known(network, (*sizes, *freed)).free(*freed), sizes), convention)


def ask_network(spec: str, words: Sequence[str] | None) -> Architecture:
    """Return the network that a command line asks about, with all values put in.

    Raises:
        SpecError: the spec is not one, or a value is not one for its symbol.
        UsageError: a word has no meaning, or names no symbol.
    """
    given = read_words(words or ())
    return put_in(known(read(spec), tuple(given)), given)


def known(architecture: Architecture, names: Sequence[str]) -> Architecture:
    """Return the architecture, if it has symbols of all these names."""
    declared = architecture.spec.symbols
    for name in names:
        if name not in declared and name in settings():
            raise UsageError(
                f"{architecture.name}: {name} is a setting of training or serving, of which nothing is asked"
            )
        if name not in declared:
            there = f"; there are {', '.join(declared)}" if declared else ""
            hint = did_you_mean(name, [*declared, *settings()])
            raise UsageError(f"{architecture.name}: there is no symbol {quoted(name)}{hint}{there}")
    return architecture


def set_up(
    architecture: Architecture, given: Mapping[str, str], free: Sequence[str] = ()
) -> tuple[Architecture, dict[str, str]]:
    """Return the architecture under the settings among the values given, and the other values.

    A name that both have is the network's.

    Args:
        architecture: a network.
        given: values by name.
        free: names to be symbols; those of settings are made symbols of the setup.

    Raises:
        SpecError: a value breaks a bound.
        UsageError: a value has no meaning.
    """
    own = architecture.spec.symbols
    known_settings = settings()
    set_to = {name: value for name, value in given.items() if name not in own and name in known_settings}
    freed = [name for name in dict.fromkeys(free) if name not in own and name in known_settings]
    setup = Setup(**set_to).free(*freed) if set_to or freed else architecture.setup
    return architecture.under(setup), {name: value for name, value in given.items() if name not in set_to}


def put_in(architecture: Architecture, given: Mapping[str, str]) -> Architecture:
    """Return the architecture with these values fixed."""
    return architecture.fix(**given)


def read_words(words: Sequence[str]) -> dict[str, str]:
    """Return the values in NAME=VALUE words, as written.

    Raises:
        UsageError: a word is not of this form, or a name comes twice.
    """
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals or not name or not value:
            raise UsageError(f"values are given as NAME=VALUE, such as H=256; got {quoted(word)}")
        if name in given:
            raise UsageError(f"{name} is given twice, as {quoted(given[name])} and {quoted(value)}")
        given[name] = value
    return given


def read_powers(words: Sequence[str]) -> dict[str, Number]:
    """Return sizes that grow together and as which power each, from words such as ``E`` and ``T=2``.

    Raises:
        UsageError: a power is not a number.
    """
    return {
        name.strip(): read_exact(f"--in {name.strip()}", power.strip()) if equals else 1
        for name, equals, power in (word.partition("=") for word in words)
    }
