"""An architecture: a spec, or one member of a family, ready to be drawn and costed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from symcost.algebra.atoms import Number
from symcost.catalog import files, find, shipped
from symcost.cost import Cost
from symcost.errors import Problem, SpecError, UsageError, did_you_mean, quoted
from symcost.graph import Graph, build
from symcost.metrics.convention import convention as convention_named
from symcost.setup import Setup
from symcost.spec import Spec, read_spec
from symcost.spec.symbols import Symbol, read_number
from symcost.table import Cell, Column, Table, Tabled

Value = Number | bool | str


@dataclass(frozen=True, eq=False, repr=False)
class Architecture(Tabled):
    """A spec with some symbols fixed.

    Attributes:
        name: of the variant, or of the spec.
        spec: what was declared.
        fixed: values of the symbols that are not free.
        same_as: names of the same network in other libraries.
        source: where the architecture is described.
        setup: what it is trained or served with.
    """

    name: str
    spec: Spec
    fixed: Mapping[str, Number | bool] = field(default_factory=dict)
    same_as: tuple[str, ...] = ()
    source: str = ""
    setup: Setup = field(default_factory=Setup)

    def __repr__(self) -> str:
        return f"<Architecture {self.name}, in {', '.join(self.symbols)}>"

    def __str__(self) -> str:
        return repr(self)

    def told(self) -> tuple[Table, ...]:
        """Return the table."""
        return (self.table(),)

    def table(self) -> Table:
        """Return a row for each symbol, with its value where it is fixed and its default where it is free."""
        free = [(name, s.kind, _cell(s.default), s.about) for name, s in self.symbols.items()]
        known = self.spec.symbols
        fixed = [(name, "fixed", _cell(value), known[name].about) for name, value in self.fixed.items()]
        columns = (
            *(Column(name, kind="text") for name in ("symbol", "kind")),
            Column("value"),
            Column("about", kind="text"),
        )
        return Table(columns, (*free, *fixed), "; ".join(filter(None, (self._family(), self.source))))

    def _family(self) -> str:
        return self.name if self.name == self.spec.name else f"{self.name}: {self.spec.name}"

    @property
    def symbols(self) -> dict[str, Symbol]:
        """The symbols that are still free, structural ones and those of the setup included."""
        own = {name: s for name, s in self.spec.symbols.items() if name not in self.fixed}
        return {**{name: s for name, s in self.setup.symbols.items() if name not in self.spec.symbols}, **own}

    def fix(self, **values: Value) -> Architecture:
        """Return the architecture with more symbols fixed, or fixed otherwise.

        Raises:
            SpecError: there is no such symbol, or the value is not one for it.
        """
        read = {name: self._read(name, value) for name, value in values.items()}
        return replace(self, fixed={**self.fixed, **read})

    def free(self, *names: str) -> Architecture:
        """Return the architecture with symbols of its variant free again, as in the family's formula.

        Raises:
            SpecError: there is no such symbol.
        """
        for name in names:
            self._known(name)
        return replace(self, fixed={name: value for name, value in self.fixed.items() if name not in names})

    def decides(self, name: str) -> bool:
        """Tell whether a value is put into the network: it decides its structure, or a variant fixes it."""
        declared = self.spec.symbols.get(name)
        return declared is not None and (declared.structural or name in self.fixed)

    def under(self, setup: Setup | None = None, /, **settings: object) -> Architecture:
        """Return the architecture under a setup, given whole or by its settings.

            >>> symcost.load("llama3-8b").under(micro_batches="m")

        Raises:
            SpecError: a value breaks a bound.
            UsageError: there is no such setting, or its value has no meaning.
        """
        return replace(self, setup=setup or Setup(**settings))

    def graph(self, **structure: Value) -> Graph:
        """Return the graph, its sizes in the free symbols.

        Args:
            **structure: values of flags and constants, on which the graph depends; others may be fixed here too.

        Raises:
            SpecError: the spec does not describe a network.
        """
        chosen = self.fix(**structure) if structure else self
        return build(chosen.spec, chosen.fixed, self.name)

    def cost(self, convention: str = "symcost", **structure: Value) -> Cost:
        """Return the cost under a convention, and under the setup.

        Raises:
            SpecError: the spec does not describe a network, or sizes contradict the setup.
            UsageError: there is no such convention.
        """
        return Cost(self.setup.on(self.graph(**structure)), convention_named(convention), self.name, self.setup)

    def _read(self, name: str, value: Value) -> Number | bool:
        self._known(name)
        try:
            read = read_number(value)
        except ValueError as error:
            raise SpecError(Problem(f"{self.name}: {name} {error}")) from None
        if reason := self.spec.symbols[name].refusal(read, name):
            raise SpecError(Problem(f"{self.name}: {name} = {value} {reason}"))
        return read  # type: ignore[no-any-return]

    def _known(self, name: str) -> None:
        if name not in self.spec.symbols:
            hint = f"{did_you_mean(name, self.spec.symbols)}; there are {', '.join(self.spec.symbols)}"
            raise SpecError(Problem(f"{self.name}: there is no symbol '{name}'{hint}"))


def _cell(value: object) -> Cell:
    """Return the value of a symbol as it is shown; one that follows other symbols is an expression."""
    return value if value is None or isinstance(value, (bool, int, Fraction)) else str(value)


def load(source: str | Path) -> Architecture:
    """Return the architecture of a shipped name, such as ``resnet50``, or of a spec file.

    Args:
        source: the name of a shipped spec or of one of its variants, spelled with or without signs between words; a
            path, or ``-`` for standard input; ``PATH:VARIANT`` is a variant of a file.

    Raises:
        SpecError: there is none, or it cannot be read.
    """
    path, variant = find(source)
    return variant_of(shipped(path) if path in files() else read_spec(path), variant)


def cost_of(network: object, convention: str = "symcost") -> Cost:
    """Return a cost, or the cost of an architecture under a convention.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(network, Architecture):
        return network.cost(convention)
    if isinstance(network, Cost):
        return network
    what = f"the text {quoted(network)}" if isinstance(network, str) else f"an object of type {type(network).__name__}"
    raise UsageError(f"this takes a network or its cost, such as symcost.load('resnet50'), and got {what}")


def variant_of(spec: Spec, variant: str | None) -> Architecture:
    """Return a member of a spec's family, or the family itself."""
    if variant is None:
        return Architecture(spec.name, spec, {}, spec.same_as, spec.source)
    if variant not in spec.variants:
        hint = did_you_mean(variant, spec.variants)
        raise SpecError(Problem(f"there is no variant '{variant}'{hint}", file=spec.file))
    chosen = spec.variants[variant]
    family = Architecture(variant, spec.with_defaults(chosen.default), {}, chosen.same_as, chosen.source or spec.source)
    return family.fix(**chosen.set)
