"""An answer as people read it and as programs do."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from symcost.algebra.atoms import Number
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer, printable
from symcost.graph.assumptions import conditions
from symcost.metrics.metric import set_up
from symcost.table import Table, Tabled
from symcost.table.model import WIDTH
from symcost.views.plain import sizes
from symcost.views.sizes import listed

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Tabled):
    """What a question comes to, which shows itself in notebooks.

    Attributes:
        parts: paragraphs and tables, in order.
        data: the same for programs, as JSON takes it.
    """

    parts: tuple[str | Table, ...]
    data: Any

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.parts))

    def told(self) -> tuple[str | Table, ...]:
        """Return the parts."""
        return self.parts

    def table(self, number: int = 0) -> Table:
        """Return one of its tables, the first where none is named.

        Raises:
            NoAnswer: it has no such table.
        """
        tables = [part for part in self.parts if isinstance(part, Table)]
        if not 0 <= number < len(tables):
            raise NoAnswer(f"there is no table {number}: the answer has {len(tables)}, counted from 0")
        return tables[number]

    def to_json(self) -> Any:
        """Return the whole answer as JSON takes it."""
        return self.data


def wrapped(text: str, indent: int = 2) -> str:
    """Return a paragraph in lines that fit; what continues a line is indented."""
    return "\n".join(textwrap.wrap(printable(text), WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False))


def heading(
    architecture: Architecture | None, cost: Cost, env: Mapping[str, Number], metrics: Iterable[str] = ()
) -> str:
    """Return what numbers stand under: the network, the sizes, the convention, what these metrics need of the setup."""
    lines = _of(architecture) if architecture is not None else [cost.name or cost.graph.name]
    fixed = cost.graph.settings if architecture is None else architecture.fixed
    lines += [f"at {listed(env)}"] if env else []
    lines += [f"with {listed(fixed)}"] if fixed else []
    lines += [f"convention {cost.convention.name}: {cost.convention.about}"]
    lines += [said] if (said := set_up(cost.setup, metrics)) else []
    return "\n".join(map(wrapped, lines))


def _of(architecture: Architecture) -> list[str]:
    family = "" if architecture.name == architecture.spec.name else f": {architecture.spec.name}"
    source = [f"source: {architecture.source}"] if architecture.source else []
    return [f"{architecture.name}{family}", *source]


def data(architecture: Architecture, cost: Cost, env: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was found for programs, and under what it stands.

    Args:
        architecture: what was asked about.
        cost: its cost.
        env: the sizes; those that follow others as formulas.
        found: the answer, as JSON takes it.
    """
    lead = {"schema": 1, "name": architecture.name, "convention": cost.convention.name}
    return {**lead, **found, "bindings": sizes(env), "fixed": sizes(architecture.fixed), **setup(cost)}


def setup(cost: Cost) -> dict[str, dict[str, str]]:
    """Return the settings that are not as usual, for programs; nothing where all are."""
    given = {name: str(value) for name, value in cost.setup.given().items()}
    return {"setup": given} if given else {}


def assumed(cost: Cost) -> tuple[str, ...]:
    """Return the conditions that the formulas assume as a paragraph, none where they hold for all sizes."""
    held = [condition.text for condition in conditions(cost.graph)]
    return (wrapped(f"the formulas hold for {', '.join(held)}"),) if held else ()


def described(things: Iterable[T], texts: Callable[[T], Iterable[str]], words: Sequence[str], list_: str) -> list[T]:
    """Return the things whose texts hold all words.

    Args:
        things: of one kind.
        texts: what is said of one.
        words: in any spelling.
        list_: what a thing is called, and the option of ``symcost list`` that shows all: "device --devices".

    Raises:
        NoAnswer: there is none.
    """
    found = [thing for thing in things if spoken_of(texts(thing), words)]
    if not found:
        noun, _, option = list_.rpartition(" ")
        raise NoAnswer(f"no {noun} is called {' '.join(words)}; `symcost list {option}` shows them all")
    return found


def spoken_of(texts: Iterable[str], words: Sequence[str]) -> bool:
    """Tell whether texts hold all words, however these are spelled: Llama-3 and llama3, but not llama_33b."""
    whole = "\n".join(texts).lower()
    return all(re.search(_sought(word), whole) for word in words)


def _sought(word: str) -> str:
    """Return the pattern of a word, with any signs between its letters; digits at its ends are whole numbers."""
    letters = "[^a-z0-9\n]*".join(re.findall("[a-z0-9]", word.lower()))
    return f"{r'(?<![0-9])' if word[:1].isdigit() else ''}{letters}{r'(?![0-9])' if word[-1:].isdigit() else ''}"
