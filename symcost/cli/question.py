"""What is asked: a network, its cost under a convention, and values for its symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from symcost.architecture import Architecture, load
from symcost.cost import Cost
from symcost.errors import SpecError, UsageError, did_you_mean, quoted


@dataclass(frozen=True)
class Question:
    """A network and the values given for its symbols.

    Attributes:
        architecture: with all that decides its structure fixed.
        cost: its cost.
        given: values of symbols that stay in the formulas, as written.
    """

    architecture: Architecture
    cost: Cost
    given: Mapping[str, str]

    def sizes(self) -> dict[str, Any]:
        """Return a value for every free symbol, defaults included.

        Raises:
            UsageError: a value is refused, or missing.
        """
        with blaming_values():
            return self.cost.bindings(self.given)  # type: ignore[arg-type]


def ask(
    spec: str, words: Sequence[str] | None, *, free: Sequence[str] = (), convention: str = "symcost", fix: bool = False
) -> Question:
    """Return what a command line asks about.

    Args:
        spec: a path, - or a shipped name.
        words: values of symbols, as NAME=VALUE.
        free: symbols that a variant fixes, to be free again.
        convention: by which FLOPs are counted.
        fix: put all values into the formulas; by default only those that decide the structure or that a variant fixes.

    Raises:
        SpecError: the spec is not one.
        UsageError: a word or a value has no meaning.
    """
    given = read_words(words or ())
    architecture = load(spec)
    declared = architecture.spec.symbols
    for name in (*given, *free):
        if name not in declared:
            there = f"; there are {', '.join(declared)}" if declared else ""
            raise UsageError(f"{architecture.name}: there is no symbol {quoted(name)}{did_you_mean(name, declared)}{there}")
    architecture = architecture.free(*free)
    put_in = {name for name in given if fix or declared[name].structural or name in architecture.fixed}
    with blaming_values():
        architecture = architecture.fix(**{name: given[name] for name in given if name in put_in})
    rest = {name: value for name, value in given.items() if name not in put_in}
    return Question(architecture, architecture.cost(convention), rest)


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


@contextmanager
def blaming_values() -> Iterator[None]:
    """Turn refusals of values into errors of usage: the spec is not to blame."""
    try:
        yield
    except SpecError as error:
        raise UsageError(*error.problems) from None
