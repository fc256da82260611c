"""A setup: what a network is trained or served with, in sections, each in its topic's own module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from symcost.algebra.atoms import Number
from symcost.algebra.needs import Need
from symcost.algebra.poly import Poly, constant, symbol, symbols_of
from symcost.batching import Batching
from symcost.checkpointing.section import Checkpointing
from symcost.errors import Problem, SpecError, UsageError, did_you_mean, quoted
from symcost.graph.assumptions import box_of
from symcost.graph.model import Graph
from symcost.hardware.section import Hardware
from symcost.optimizers.section import Optimizing
from symcost.precisions.section import Holding
from symcost.run.section import Run
from symcost.section import Quantity, Section
from symcost.sparsity.section import Sparsity
from symcost.spec.symbols import Symbol
from symcost.table import Cell, Column, Table, Tabled
from symcost.workers.section import Workers

SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "batching": Batching,
        "optimizing": Optimizing,
        "precision": Holding,
        "checkpointing": Checkpointing,
        "run": Run,
        "workers": Workers,
        "sparsity": Sparsity,
        "hardware": Hardware,
    }
)
"""Every section, by the attribute of a setup that holds it."""


def settings() -> dict[str, str]:
    """Return every setting of a setup, with the section that it belongs to."""
    return {field: name for name, section in SECTIONS.items() for field in section.model_fields}


class Setup(Tabled):
    """What a network is trained or served with.

        >>> symcost.Setup(micro_batches=4)
        >>> symcost.Setup(micro_batches="m")  # a symbol, in which costs then stand

    Settings are flat: each belongs to one section, and what is not given is as usual.

    Raises:
        UsageError: there is no such setting.
        SpecError: a setting does not take its value, or not beside the others.
    """

    batching: Batching
    optimizing: Optimizing
    precision: Holding
    run: Run
    workers: Workers
    sparsity: Sparsity
    checkpointing: Checkpointing
    hardware: Hardware

    def __init__(self, **given: object) -> None:
        homes = settings()
        for name in given:
            if name not in homes:
                raise UsageError(
                    f"there is no setting {quoted(name)}{did_you_mean(name, homes)}; there are {', '.join(homes)}"
                )
        self._defaults: dict[str, Number | None] = {}
        for home, section in SECTIONS.items():
            own = {name: value for name, value in given.items() if homes[name] == home}
            setattr(self, home, _section(section, own))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Setup) and list(self.sections()) == list(other.sections())

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"Setup({', '.join(f'{name}={str(value)!r}' for name, value in self.given().items())})"

    def __str__(self) -> str:
        return repr(self)

    def told(self) -> tuple[Table, ...]:
        """Return the table."""
        return (self.table(),)

    def table(self) -> Table:
        """Return a row for each setting that is not as usual."""
        about = {name: field.description or "" for s in self.sections() for name, field in type(s).model_fields.items()}
        rows = tuple((name, _told(value), about[name]) for name, value in self.given().items())
        columns = (Column("setting", kind="text"), Column("value", kind="text"), Column("about", kind="text"))
        return Table(columns, rows, "" if rows else "a setup as usual")

    def sections(self) -> Iterator[Section]:
        """Yield the sections in order."""
        yield from (getattr(self, name) for name in SECTIONS)

    def given(self) -> dict[str, Any]:
        """Return the settings that are not as usual."""
        usual = {name: field.default for s in self.sections() for name, field in type(s).model_fields.items()}
        return {name: value for name, default in usual.items() if (value := self[name]) != default}

    def beside(self, titles: Iterable[str]) -> dict[str, Any]:
        """Return the settings that are not as usual and belong to none of the sections of these attributes."""
        homes, spoken_of = settings(), frozenset(titles)
        return {name: value for name, value in self.given().items() if homes[name] not in spoken_of}

    def free(self, *names: str) -> Setup:
        """Return the setup with some quantities as symbols of their own names; what they were is the default.

        Raises:
            UsageError: a setting is no quantity.
        """
        kinds = quantities()
        values, defaults = self.given(), dict(self._defaults)
        for name in names:
            if name not in kinds:
                raise UsageError(f"{name} is not a quantity of a setup; these are {', '.join(kinds)}")
            defaults[name] = constant(self[name])
            values[name] = symbol(name, kinds[name].kind)
        made = Setup(**values)
        made._defaults = defaults
        return made

    def __getitem__(self, name: str) -> Any:
        return getattr(getattr(self, settings()[name]), name)

    @property
    def symbols(self) -> dict[str, Symbol]:
        """The symbols in which its quantities stand, and what is known of them."""
        found: dict[str, Symbol] = {}
        for section in self.sections():
            own = {name: type(section).model_fields[name].description or "" for name in section.quantities()}
            for value, quantity in section.amounts():
                for letter in symbols_of(value):
                    found[letter] = quantity.declared(self._defaults.get(letter), own.get(letter, ""))
        return found

    def on(self, graph: Graph) -> Graph:
        """Return a graph whose symbols and conditions are those of the setup too.

        Raises:
            SpecError: sizes of the network contradict the setup, or the network counts rounds with a symbol of it.
        """
        self._apart(graph)
        more = {name: s for name, s in self.symbols.items() if name not in graph.symbols}
        whole = replace(graph, symbols={**graph.symbols, **more}) if more else graph
        needs = self._open(whole, box=box_of(whole))
        return replace(whole, needs={**whole.needs, **needs}) if needs else whole

    def _apart(self, graph: Graph) -> None:
        """Refuse a symbol that counts the rounds of a repetition: its sums would run over the setting too."""
        counting = {repeat.loop.index for repeat in graph.repeats}
        for name in self.given():
            if name in quantities() and (taken := sorted(symbols_of(self[name]) & counting)):
                reason = f"{taken[0]} counts the rounds of a repetition of the network; give it another letter"
                raise SpecError(Problem(f"{graph.name}: {name} = {self[name]}: {reason}"))

    def _open(self, graph: Graph, box: Mapping[str, Any]) -> dict[Need, str]:
        """Return the conditions that no value breaks or proves at once."""
        found: dict[Need, str] = {}
        for section in self.sections():
            for need, setting in section.needs(graph).items():
                verdict = need.decide(box)
                if verdict is False:
                    raise SpecError(Problem(f"{graph.name}: {setting} = {self[setting]} needs {need.phrase(box)}"))
                found |= {} if verdict else {need: f"{SETTING}{setting}"}
        return found

    def said(self, titles: Iterable[str]) -> str:
        """Return in words what the sections of these attributes say."""
        return "; ".join(section.said() for name in SECTIONS if name in titles and (section := getattr(self, name)))


SETTING = "setting "
"""How the origin of a condition begins that a setup asks for."""


def quantities() -> dict[str, Quantity]:
    """Return the settings that can be made symbols, and what they take."""
    return {name: q for section in SECTIONS.values() for name, q in section.quantities().items()}


def _section(section: type[Section], given: Mapping[str, object]) -> Section:
    try:
        return section(**given)
    except ValidationError as error:
        raise SpecError(*(Problem(_complaint(one)) for one in error.errors())) from None
    except UsageError as error:  # a name without meaning is a value that the setting does not take
        raise SpecError(*error.problems) from None


def _told(value: object) -> Cell:
    """Return the value of a setting as a cell: what has a name by its name."""
    return value if isinstance(value, (bool, int, Fraction, Poly)) else str(value)


def _complaint(error: Any) -> str:
    name, context = ".".join(map(str, error["loc"])), error.get("ctx", {})
    if error["type"] == "literal_error":
        return f"{name} is one of {context['expected']}; got {quoted(str(error['input']))}"
    if error["type"].startswith("bool_"):
        return f"{name} takes true or false, got {quoted(str(error['input']))}"
    if error["type"] == "string_type":
        return f"{name} takes text, got {quoted(str(error['input']))}"
    found = str(context.get("error", error["msg"]))
    return f"{name}: {found}" if name else found
